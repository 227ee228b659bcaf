using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Numerics;

public sealed class RandomStreamTests
{
    [Fact]
    public void Numbers_are_those_of_the_reference_generator()
    {
        RandomStream stream = Given.Random(1234567);
        Assert.Equal(
            (ulong[])[6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            (ulong[])[stream.NextUInt64(), stream.NextUInt64(), stream.NextUInt64(), stream.NextUInt64(), stream.NextUInt64()]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Next_below_is_uniform(int bound)
    {
        RandomStream stream = Given.Random(99);
        var counts = new long[bound];
        for (int i = 0; i < 200_000; i++) counts[stream.NextBelow(bound)]++;
        Goodness.Fits(counts, [.. Enumerable.Repeat(1.0 / bound, bound)]);
    }

    [Fact]
    public void Next_below_refuses_an_empty_range() => Assert.Throws<ArgumentOutOfRangeException>(() => Given.Random(1).NextBelow(0));

    [Fact]
    public void Next_unit_stays_below_one_and_may_be_zero_safely() // pitfall 7
    {
        RandomStream stream = Given.Random(3);
        var counts = new long[16];
        for (int i = 0; i < 100_000; i++)
        {
            double unit = stream.NextUnit();
            Assert.True(unit is >= 0 and < 1);
            counts[(int)(unit * 16)]++;
        }

        Goodness.Fits(counts, [.. Enumerable.Repeat(1.0 / 16, 16)]);
    }

    /// <summary>First draws of neighbouring ids, of two purposes and of neighbouring seeds; correlation of 100,000 pairs beyond 0.0157 has chance 1e-6.</summary>
    [Theory]
    [InlineData(1UL, 0UL, 0UL, false)]
    [InlineData(0UL, 1UL, 0UL, false)]
    [InlineData(0UL, 0UL, 1UL, false)]
    [InlineData(0UL, 0UL, 0UL, true)]
    public void Neighbouring_streams_are_uncorrelated(ulong sequenceStep, ulong incarnationStep, ulong seedStep, bool otherPurpose)
    {
        const int Pairs = 100_000;
        double xy = 0;
        for (uint i = 1; i <= Pairs; i++)
        {
            double x = new RandomStream(5, new DecisionId(3, i), StreamPurpose.Draw).NextUnit() - 0.5;
            double y = new RandomStream(5 + seedStep, new DecisionId(3 + incarnationStep, i + sequenceStep), otherPurpose ? StreamPurpose.Policy : StreamPurpose.Draw).NextUnit() - 0.5;
            xy += x * y;
        }

        Assert.InRange(xy * 12 / Pairs, -0.0157, 0.0157);
    }

    [Fact]
    public void First_draws_over_ids_are_uniform()
    {
        var counts = new long[64];
        for (uint i = 1; i <= 100_000; i++) counts[(int)(new RandomStream(0, new DecisionId(1, i), StreamPurpose.Draw).NextUnit() * 64)]++;
        Goodness.Fits(counts, [.. Enumerable.Repeat(1.0 / 64, 64)]);
    }

    [Fact]
    public void A_new_incarnation_does_not_replay_the_exploration() // pitfall 17
    {
        BanditRouter router = Given.Router();
        RouterState state = router.CaptureState();
        BanditRouter[] replicas = [.. ((ulong[])[2, 3]).Select(incarnation => BanditRouter.Restore(
            Given.Options(o => (o.Incarnation, o.Policy) = (incarnation, Bandits.Policies.UniformPolicy.Instance)), state, out _))];
        int same = 0;
        for (int i = 0; i < 4_000; i++)
        {
            replicas[0].TryDecide(default, out Decision x);
            replicas[1].TryDecide(default, out Decision y);
            if (x.Arm == y.Arm) same++;
        }

        Assert.InRange(same, 1_000 - 5 * 27.4, 1_000 + 5 * 27.4); // a quarter, within 5 deviations
    }
}
