using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>Laws 1, 5 and 10 of a policy on bare beliefs, and all laws of a router that uses it.</summary>
public abstract class PolicyLaws(IRoutingPolicy policy) : RouterLaws(options => options.Policy = policy)
{
    public IRoutingPolicy Policy => policy;

    private protected override bool CountsPending => (policy.Traits & PolicyTraits.CountsPending) != 0;

    [Law]
    public void Pmf_is_finite_not_negative_and_sums_to_one(Belief[] beliefs)
    {
        if (!TryPmf(beliefs, out double[] pmf)) return;
        Assert.All(pmf, p => Assert.True(double.IsFinite(p) && p >= 0, $"An entry is {p}."));
        Assert.Equal(1, pmf.Sum(), 1e-12);
    }

    [Law]
    public void Relabelling_beliefs_permutes_the_pmf(Belief[] beliefs, int seed)
    {
        int[] order = [.. Enumerable.Range(0, beliefs.Length)];
        new Random(seed).Shuffle(order);
        if (!TryPmf(beliefs, out double[] pmf)) return;
        TryPmf([.. order.Select(i => beliefs[i])], out double[] permuted);
        for (int i = 0; i < order.Length; i++) Assert.Equal(pmf[order[i]], permuted[i], 1e-12);
    }

    [Law]
    public void Arms_that_are_exactly_alike_share(Belief belief, byte arms)
    {
        int count = arms % 64 + 1;
        if (!TryPmf([.. Enumerable.Repeat(belief, count)], out double[] pmf)) return;
        Assert.All(pmf, p => Assert.Equal(1.0 / count, p, 1e-12));
    }

    [Law]
    public void An_index_that_is_a_utility_moves_with_its_belief(Belief[] beliefs, int seed)
    {
        if ((policy.Traits & PolicyTraits.IndexIsUtility) == 0) return;
        var indexed = Assert.IsType<IIndexed>(policy, exactMatch: false);
        RandomStream random = Given.Random((ulong)seed);
        double[] by = [.. beliefs.Select(_ => 4 * random.NextUnit() - 2)], before = new double[beliefs.Length], after = new double[beliefs.Length];
        indexed.WriteIndices(ChoicesOf(beliefs), before);
        indexed.WriteIndices(ChoicesOf([.. beliefs.Select((belief, i) => belief.Shifted(by[i]))]), after);
        for (int i = 0; i < by.Length; i++) Assert.True(before[i].Equals(after[i]) || Math.Abs(before[i] + by[i] - after[i]) <= 1e-9 * (1 + Math.Abs(before[i])), $"{before[i]} moved by {by[i]} is {after[i]}");
    }

    [Law(MaxTest = 12)]
    public void Choices_follow_the_pmf(Belief[] beliefs, int seed)
    {
        int draws = CountsPending ? 1_000 : 20_000; // an index that counts pending decisions is deterministic but for ties
        var counts = new long[beliefs.Length];
        RandomStream random = Given.Random((ulong)seed);
        for (int i = 0; i < draws; i++) counts[policy.Choose(ChoicesOf(beliefs), ref random)]++;
        if (TryPmf(beliefs, out double[] pmf)) Goodness.Fits(counts, pmf);
    }

    [Law(MaxTest = 30)]
    public void Same_beliefs_and_stream_give_the_same_choice(Belief[] beliefs, int seed)
    {
        RandomStream one = Given.Random((ulong)seed), other = one;
        for (int i = 0; i < 50; i++) Assert.Equal(policy.Choose(ChoicesOf(beliefs), ref one), policy.Choose(ChoicesOf(beliefs), ref other));
    }

    [Fact]
    public void Choosing_allocates_nothing()
    {
        Belief[] beliefs = [.. Enumerable.Range(1, 16).Select(i => new Belief(i, 17 - i, 1, 0, 0))];
        int[] arms = [.. Enumerable.Range(0, 16)];
        var pmf = new double[16];
        RandomStream random = Given.Random(1);
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                policy.Choose(new Choices(beliefs, arms, 100), ref random);
                policy.TryGetPmf(new Choices(beliefs, arms, 100), pmf);
            }
        }));
    }

    private static Choices ChoicesOf(Belief[] beliefs) => new(beliefs, Enumerable.Range(0, beliefs.Length).ToArray(), 1_000);

    private bool TryPmf(Belief[] beliefs, out double[] pmf)
    {
        pmf = new double[beliefs.Length];
        return policy.TryGetPmf(ChoicesOf(beliefs), pmf);
    }
}
