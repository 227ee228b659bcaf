using Bandits.Contextual;
using Bandits.Tests.Support;

namespace Bandits.Tests.Contextual;

/// <summary>Laws of models whose posterior has a closed form: whatever is done to a state, it is the batch solution of the outcomes that then count.</summary>
public abstract class ExactModelLaws(IFeatureModel model) : FeatureModelLaws(model)
{
    /// <summary>The batch solution over the rows, at one arm and task.</summary>
    private protected abstract Prediction Batch(IReadOnlyList<ModelRow> rows, float[] features, int arm);

    [Law(MaxTest = 30)]
    public void Learning_equals_the_batch_solution(int seed, byte count)
    {
        double[] state = NewState(Arms);
        ModelRow[] rows = Rows(seed, count);
        Learn(state, rows);
        IsBatch(rows, state, seed);
    }

    [Law(MaxTest = 20)]
    public void Order_does_not_matter(int seed)
    {
        double[] state = NewState(Arms), shuffled = NewState(Arms);
        ModelRow[] rows = Rows(seed, 300);
        Learn(state, rows);
        new Random(seed).Shuffle(rows);
        Learn(shuffled, rows);
        for (int arm = 0; arm < Arms; arm++) Agree(At(state, Task(seed), arm), At(shuffled, Task(seed), arm));
    }

    [Law(MaxTest = 20)]
    public void Merging_equals_learning_all(int seed, byte first, byte second)
    {
        double[] state = NewState(Arms), other = NewState(Arms);
        ModelRow[] rows = Rows(seed, first), others = Rows(seed + 1, second);
        Learn(state, rows);
        Learn(other, others);
        Assert.True(Model.TryMerge(state, other));
        IsBatch([.. rows, .. others], state, seed);
    }

    [Law(MaxTest = 30)]
    public void Retracting_undoes_learning(int seed, byte kept, byte retracted)
    {
        double[] state = NewState(Arms);
        ModelRow[] rows = Rows(seed, kept), others = Rows(seed + 1, retracted);
        Learn(state, [.. others, .. rows]);
        foreach (ModelRow row in others) Assert.True(Model.TryRetract(state, row.Features, row.Outcome));
        IsBatch(rows, state, seed);
        foreach (ModelRow row in rows) Assert.True(Model.TryRetract(state, row.Features, row.Outcome));
        Assert.Equal(NewState(Arms), state);
    }

    [Law(MaxTest = 20)]
    public void What_was_never_learnt_is_not_retracted(int seed)
    {
        double[] state = NewState(Arms);
        Learn(state, Rows(seed, 2));
        double[] before = [.. state];
        float[] task = [.. Task(seed).Select(x => 1000 * x)];
        Assert.False(Model.TryRetract(state, task, new ModelOutcome { Arm = 1, Quality = 0.1 }));
        Assert.Equal(before, state);
    }

    [Law(MaxTest = 30)]
    public void Discounting_equals_weighted_outcomes(int seed, byte count)
    {
        var random = new Random(seed);
        double[] state = NewState(Arms);
        ModelRow[] rows = Rows(seed, count);
        for (int i = 0; i < rows.Length; i++)
        {
            Learn(state, [rows[i]]);
            if (random.Next(8) != 0) continue;
            (int arm, double gamma) = (random.Next(Arms), random.NextDouble());
            Model.Discount(state, arm, gamma);
            for (int j = 0; j <= i; j++)
                if (rows[j].Outcome.Arm == arm) rows[j] = rows[j] with { Weight = rows[j].Weight * gamma };
        }

        IsBatch(rows, state, seed);
    }

    [Law(MaxTest = 30)]
    public void Borrowing_equals_weighted_outcomes_of_the_lender(int seed, byte own, byte others, bool includesOwn, byte mass)
    {
        double[] state = NewState(Arms), lender = NewState(Arms);
        ModelRow[] rows = Rows(seed, own), more = Rows(seed + 1, others);
        Learn(state, rows);
        Learn(lender, includesOwn ? [.. rows, .. more] : more);
        for (int round = 0; round < 2; round++) // the second replaces the first
            for (int arm = 0; arm < Arms; arm++) Assert.True(Model.TryBorrow(state, arm, lender, arm, includesOwn, round == 0 ? 3 : mass));
        ModelRow[] all = [.. rows, .. Lent(more, mass)];
        IsBatch(all, state, seed);

        ModelRow[] later = Rows(seed + 2, 40);
        Learn(state, later);
        IsBatch([.. all, .. later], state, seed);
        for (int arm = 0; arm < Arms; arm++) Assert.True(Model.TryBorrow(state, arm, NewState(Arms), arm, includesOwn: true, mass));
        IsBatch([.. rows, .. later], state, seed);
    }

    [Law(MaxTest = 20)]
    public void What_a_lender_borrowed_is_lent_on(int seed)
    {
        double[] leaf = NewState(Arms), parent = NewState(Arms), root = NewState(Arms);
        ModelRow[] inLeaf = Rows(seed, 10), inParent = Rows(seed + 1, 20), inRoot = Rows(seed + 2, 40);
        Learn(leaf, inLeaf);
        Learn(parent, [.. inLeaf, .. inParent]);
        Learn(root, [.. inLeaf, .. inParent, .. inRoot]);
        for (int arm = 0; arm < Arms; arm++)
        {
            Assert.True(Model.TryBorrow(parent, arm, root, arm, includesOwn: true, 5));
            Assert.True(Model.TryBorrow(leaf, arm, parent, arm, includesOwn: true, double.PositiveInfinity));
        }

        IsBatch([.. inLeaf, .. inParent, .. Lent(inRoot, 5)], leaf, seed);
    }

    /// <summary>A departure: see <see cref="LinearModel"/>.</summary>
    [Law(MaxTest = 20)]
    public void Unknown_cost_and_latency_change_none_of_their_coefficients(int seed)
    {
        double[] state = NewState(Arms);
        Learn(state, Rows(seed, 60));
        Prediction before = At(state, Task(seed), 1);
        float[] task = Task(seed + 1);
        var unknown = new ModelOutcome { Arm = 1, Quality = 0.4, Cost = double.NaN, Latency = double.NaN };
        Model.Learn(state, task, unknown);
        Prediction after = At(state, Task(seed), 1);
        Assert.Equal(before.Cost, after.Cost, Precision);
        Assert.Equal(before.Latency, after.Latency, Precision);
        Assert.NotEqual(before.Quality, after.Quality);
        Assert.True(Model.TryRetract(state, task, unknown));
        Agree(before, At(state, Task(seed), 1));

        // A correction of quality: taken back later and learnt anew, cost and latency still unknown, it leaves those where they were.
        double[] corrected = [.. state];
        Model.Learn(corrected, task, unknown);
        Learn(corrected, Rows(seed + 3, 30));
        Prediction uncorrected = At(corrected, Task(seed), 1);
        Assert.True(Model.TryRetract(corrected, task, unknown));
        Model.Learn(corrected, task, unknown with { Quality = -0.2 });
        Assert.Equal(uncorrected.Cost, At(corrected, Task(seed), 1).Cost, Precision);
        Assert.Equal(uncorrected.Latency, At(corrected, Task(seed), 1).Latency, Precision);
    }

    [Fact]
    public void Recursive_update_equals_batch_solution_after_many()
    {
        double[] state = NewState(Arms);
        ModelRow[] rows = Rows(11, 20_000);
        Learn(state, rows);
        IsBatch(rows, state, 11);
    }

    /// <summary>The lender's outcomes, weighted as lending does, arm by arm.</summary>
    private static IEnumerable<ModelRow> Lent(ModelRow[] rows, double mass) =>
        rows.Select(row => row with { Weight = Math.Min(1, mass / rows.Count(other => other.Outcome.Arm == row.Outcome.Arm)) });

    private void IsBatch(ModelRow[] rows, double[] state, int seed)
    {
        for (int arm = 0; arm < Arms; arm++)
        {
            Prediction actual = At(state, Task(seed), arm);
            Agree(Batch(rows, Task(seed), arm), actual);
            Assert.Equal(rows.Where(row => row.Outcome.Arm == arm).Sum(row => row.Weight), actual.Samples, Precision * rows.Length);
        }
    }
}
