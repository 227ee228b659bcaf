using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Policies;

/// <summary>The argmax that all index rules share.</summary>
public sealed class IndexPolicyTests
{
    private static readonly Belief[] Tied = [.. new[] { 0.2, 0.7, 0.1, 0.7, 0.7 }.Select(mean => IndexRuleTests.Of(mean, 9))];

    [Fact]
    public void Arms_that_share_the_highest_index_share_the_probability() =>
        Assert.Equal([0, 1.0 / 3, 0, 1.0 / 3, 1.0 / 3], SamplingPolicyTests.Pmf(SampleMeanRule.Policy, Tied));

    [Fact]
    public void Ties_are_drawn_evenly()
    {
        var counts = new long[Tied.Length];
        RandomStream random = Given.Random(3);
        for (int i = 0; i < 30_000; i++) counts[SampleMeanRule.Policy.Choose(new Choices(Tied, [0, 1, 2, 3, 4], 50), ref random)]++;
        Goodness.Fits(counts, [0, 1.0 / 3, 0, 1.0 / 3, 1.0 / 3]);
    }

    [Fact]
    public void The_highest_index_is_chosen_wherever_it_stands()
    {
        RandomStream random = Given.Random(4);
        for (int best = 0; best < 4; best++)
        {
            Belief[] beliefs = [.. Enumerable.Range(0, 4).Select(i => IndexRuleTests.Of(i == best ? 0.9 : 0.1 * i, 9))];
            Assert.Equal(best, SampleMeanRule.Policy.Choose(new Choices(beliefs, [0, 1, 2, 3], 50), ref random));
            Assert.Equal(1, SamplingPolicyTests.Pmf(SampleMeanRule.Policy, beliefs)[best]);
        }
    }
}
