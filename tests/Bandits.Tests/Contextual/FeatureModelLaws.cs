using Bandits.Contextual;
using Bandits.Tests.Support;

namespace Bandits.Tests.Contextual;

/// <summary>Laws of every model of outcomes over features.</summary>
public abstract class FeatureModelLaws(IFeatureModel model)
{
    protected const int Arms = 3;

    private protected const double Precision = 1e-9;

    protected IFeatureModel Model => model;

    [Law(MaxTest = 20)]
    public void Empty_state_expects_what_was_assumed(int seed)
    {
        Prediction prediction = At(NewState(Arms), Task(seed), 1);
        Assert.Equal((0, 0, 0), (prediction.Cost, prediction.Latency, prediction.Samples));
        Assert.Equal(0, prediction.Quality, 1e-15);
        Assert.True(prediction.QualityDeviation > 0);
    }

    [Law(MaxTest = 20)]
    public void Learning_leads_towards_the_outcome(int seed)
    {
        double[] state = NewState(Arms);
        float[] task = Task(seed);
        for (int i = 0; i < 50; i++) model.Learn(state, task, new ModelOutcome { Arm = 1, Quality = 0.3, Cost = 2, Latency = -0.5 });
        Prediction prediction = At(state, task, 1);
        Assert.InRange(prediction.Quality, 0.15, 0.31);
        Assert.InRange(prediction.Cost, 1.8, 2);
        Assert.InRange(prediction.Latency, -0.5, -0.45);
        Assert.Equal(50, prediction.Samples);
        Assert.True(prediction.QualityDeviation < At(NewState(Arms), task, 1).QualityDeviation);
    }

    [Law(MaxTest = 20)]
    public void New_arms_append_zeros(int seed)
    {
        ModelRow[] rows = Rows(seed, 60);
        double[] state = NewState(Arms), more = NewState(Arms + 2);
        Learn(state, rows);
        Learn(more, rows);
        double[] extended = NewState(Arms + 2);
        state.CopyTo(extended, 0);
        Assert.Equal(more, extended);
        Assert.Equal(At(state, Task(seed), 2), At(extended, Task(seed), 2));
        var outcome = new ModelOutcome { Arm = Arms, Quality = 0.1, Cost = 1, Latency = 1 };
        model.Learn(more, Task(seed), outcome);
        model.Learn(extended, Task(seed), outcome);
        Assert.Equal(more, extended);
    }

    [Law(MaxTest = 20)]
    public void Discounted_to_nothing_is_a_new_beginning(int seed)
    {
        double[] state = NewState(Arms);
        Learn(state, Rows(seed, 60));
        for (int arm = 0; arm < Arms; arm++) model.Discount(state, arm, 0);
        Assert.Equal(NewState(Arms), state);
    }

    [Law(MaxTest = 20)]
    public void Merging_with_nothing_changes_no_prediction(int seed)
    {
        double[] state = NewState(Arms), empty = NewState(Arms);
        Learn(state, Rows(seed, 60));
        double[] before = [.. state];
        Assert.True(model.TryMerge(state, empty));
        Assert.True(model.TryMerge(empty, before));
        Agree(At(before, Task(seed), 1), At(state, Task(seed), 1));
        Agree(At(before, Task(seed), 1), At(empty, Task(seed), 1));
        Assert.False(model.TryMerge(empty, NewState(Arms + 1)));
    }

    [Law(MaxTest = 30)]
    public void Input_that_is_not_finite_changes_nothing(int seed)
    {
        double[] state = NewState(Arms);
        Learn(state, Rows(seed, 20));
        double[] before = [.. state];
        float[] task = Task(seed);
        foreach (double bad in (double[])[double.PositiveInfinity, double.NegativeInfinity, 1e300])
        {
            model.Learn(state, task, new ModelOutcome { Arm = 1, Quality = bad, Cost = 0, Latency = 0 });
            model.Learn(state, task, new ModelOutcome { Arm = 1, Quality = 0, Cost = bad, Latency = 0 });
            model.Learn(state, task, new ModelOutcome { Arm = 1, Quality = 0, Cost = 0, Latency = bad });
        }

        model.Learn(state, task, new ModelOutcome { Arm = 1, Quality = double.NaN, Cost = 0, Latency = 0 });
        task[0] = float.NaN;
        model.Learn(state, task, new ModelOutcome { Arm = 1, Quality = 0.1, Cost = 0, Latency = 0 });
        Assert.Equal(before, state);
    }

    /// <summary>Bits of anything, in one place, in many or everywhere: predictions are finite, nothing throws, and what is learnt next leaves a state that predicts.</summary>
    [Law(MaxTest = 300)]
    public void Damaged_state_neither_throws_nor_speaks_nonsense(int seed, byte places)
    {
        var random = new Random(seed);
        double[] state = NewState(Arms), other = NewState(Arms);
        ModelRow[] rows = Rows(seed, 30);
        Learn(state, rows);
        Learn(other, rows);
        double[] odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1, 0, 1e308, -1e-3, 3, 0.5];
        int count = places % 3 == 0 ? state.Length : places;
        for (int i = 0; i < count; i++)
        {
            int at = places % 2 == 0 ? random.Next(state.Length) : random.Next(Arms) * model.ArmLength + model.HeaderLength + random.Next(Math.Min(40, model.ArmLength));
            state[at] = random.Next(2) == 0 ? odd[random.Next(odd.Length)] : BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        }

        Check();
        double[] damaged = [.. state];
        model.TryMerge(other, damaged);
        model.TryBorrow(other, 0, damaged, 1, random.Next(2) == 0, 10);
        Check(other);
        model.TryRetract(state, rows[0].Features, rows[0].Outcome);
        Check();
        model.TryBorrow(state, 0, other, 1, false, 10);
        for (int arm = 0; arm < Arms; arm++) model.Discount(state, arm, 0.5);
        Check();
        Learn(state, rows);
        Check();

        void Check(double[]? checkedState = null)
        {
            for (int arm = 0; arm < Arms; arm++)
            {
                Prediction prediction = At(checkedState ?? state, rows[0].Features, arm);
                Assert.True(double.IsFinite(prediction.Quality + prediction.QualityDeviation + prediction.Samples + prediction.Cost + prediction.Latency));
                Assert.True(prediction.QualityDeviation >= 0 && prediction.Samples >= 0 && prediction.Degrees > 2);
            }
        }
    }

    [Fact]
    public void Damaged_arm_recovers_with_what_it_learns()
    {
        double[] state = NewState(Arms);
        Learn(state, Rows(5, 30));
        state.AsSpan().Fill(double.NaN);
        for (int arm = 0; arm < Arms; arm++) state[model.HeaderLength + arm * model.ArmLength] = 1; // so that the arms look built
        Assert.Equal(0, At(state, Task(5), 1).Samples);
        model.Learn(state, Task(5), new ModelOutcome { Arm = 1, Quality = 0.3, Cost = 2, Latency = 1 });
        Assert.Equal(1, At(state, Task(5), 1).Samples);
        Assert.True(At(state, Task(5), 1).Cost > 0);
    }

    [Fact]
    public void Predicting_and_learning_allocate_nothing()
    {
        double[] state = NewState(Arms);
        ModelRow[] rows = Rows(1, 500);
        var predictions = new Prediction[Arms];
        int[] arms = [0, 1, 2];
        Assert.Equal(0, Allocations.Of(_ =>
        {
            foreach (ModelRow row in rows)
            {
                model.Learn(state, row.Features, row.Outcome);
                model.Predict(state, row.Features, arms, predictions);
                model.TryRetract(state, row.Features, row.Outcome);
            }
        }));
    }

    private protected double[] NewState(int arms) => new double[model.HeaderLength + arms * model.ArmLength];

    private protected float[] Task(int seed) => ModelRow.Task(new Random(seed), model.FeatureCount);

    private protected ModelRow[] Rows(int seed, int count) => ModelRow.Random(seed, count, model.FeatureCount, Arms);

    private protected void Learn(double[] state, IEnumerable<ModelRow> rows)
    {
        foreach (ModelRow row in rows) model.Learn(state, row.Features, row.Outcome);
    }

    private protected Prediction At(double[] state, float[] features, int arm)
    {
        var predictions = new Prediction[1];
        model.Predict(state, features, [arm], predictions);
        return predictions[0];
    }

    private protected static void Agree(Prediction expected, Prediction actual, double precision = Precision)
    {
        Assert.Equal(expected.Quality, actual.Quality, precision);
        Assert.InRange(actual.QualityDeviation / expected.QualityDeviation, 1 - precision, 1 + precision);
        Assert.Equal(expected.Degrees, actual.Degrees, precision * (1 + expected.Degrees));
        Assert.Equal(expected.Cost, actual.Cost, precision);
        Assert.Equal(expected.Latency, actual.Latency, precision);
    }
}
