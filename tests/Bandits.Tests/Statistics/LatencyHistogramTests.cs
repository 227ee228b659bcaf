using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Statistics;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Buckets_are_an_eighth_wide_and_cover_every_latency()
    {
        Assert.Equal(0, LatencyHistogram.BucketOf(999));
        Assert.Equal(1, LatencyHistogram.BucketOf(1000));
        Assert.Equal(1 + 6 * 10, LatencyHistogram.BucketOf(1_024_000));
        Assert.InRange(LatencyHistogram.BucketOf((long)Outcome.MaxLatency.TotalMicroseconds), 200, LatencyHistogram.BucketCount - 1);
        for (int bucket = 1; bucket < LatencyHistogram.BucketCount; bucket++) Assert.Equal(1.1225, LatencyHistogram.EndOf(bucket) / LatencyHistogram.EndOf(bucket - 1), 1e-3);
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            long microseconds = (long)Math.Exp(random.NextDouble() * Math.Log(Outcome.MaxLatency.TotalMicroseconds));
            int bucket = LatencyHistogram.BucketOf(microseconds);
            Assert.True(microseconds / 1e6 < LatencyHistogram.EndOf(bucket) && (bucket == 0 || microseconds / 1e6 >= LatencyHistogram.EndOf(bucket - 1)), $"{microseconds} us in bucket {bucket}.");
        }
    }

    [Fact]
    public void Counting_is_a_sum_in_any_order_and_taking_back_is_its_inverse()
    {
        var random = new Random(4);
        (long Microseconds, bool IsCensored)[] attempts = [.. Enumerable.Range(0, 500).Select(_ => ((long)Math.Exp(random.NextDouble() * 20), random.Next(5) == 0))];
        LatencyHistogram whole = default, shuffled = default, left = default, right = default;
        foreach ((long microseconds, bool isCensored) in attempts) whole.Add(microseconds, isCensored);
        foreach ((long microseconds, bool isCensored) in attempts.OrderBy(_ => random.Next())) shuffled.Add(microseconds, isCensored);
        for (int i = 0; i < attempts.Length; i++) (i % 3 == 0 ? ref left : ref right).Add(attempts[i].Microseconds, attempts[i].IsCensored);
        right.Add(left);
        Assert.Equal(500, whole.Count);
        Assert.Equal(whole.ToWords(), shuffled.ToWords());
        Assert.Equal(whole.ToWords(), right.ToWords());
        right.Add(left, -1);
        right.Add(left);
        Assert.Equal(whole.ToWords(), right.ToWords());
        foreach ((long microseconds, bool isCensored) in attempts) Assert.True(whole.TryTakeBack(microseconds, isCensored));
        Assert.True(whole.IsEmpty);
        Assert.False(whole.TryTakeBack(attempts[0].Microseconds, attempts[0].IsCensored));
        Assert.Empty(whole.ToWords());
    }

    [Fact]
    public void The_stored_form_is_read_back_and_what_cannot_be_is_not()
    {
        LatencyHistogram some = default;
        some.Add(3_000_000, false, 7);
        some.Add(9_000_000, true, 2);
        Assert.True(LatencyHistogram.TryFrom(some.ToWords(), mayBeNegative: false, out LatencyHistogram read));
        Assert.Equal(some.ToWords(), read.ToWords());
        read.Add(1, false);
        Assert.Equal(10, read.Count);
        foreach (long[] wrong in (long[][])[[1], [1, 2], [-1, 1, 1], [210, 1, 1, 1, 1], [3, -1, 0], [3, long.MaxValue, 0]])
            Assert.False(LatencyHistogram.TryFrom(wrong, mayBeNegative: false, out _));
        Assert.True(LatencyHistogram.TryFrom([3, -1, 0], mayBeNegative: true, out _));
    }

    /// <summary>The worked example of Kaplan and Meier (1958), section 2: deaths at 0.8, 3.1, 5.4 and 9.2, losses at 1.0, 2.7, 7.0 and 12.1.</summary>
    [Theory]
    [InlineData(0.8, 7.0 / 8, 7)]
    [InlineData(3.1, 0.7, 4)]
    [InlineData(5.4, 0.525, 3)]
    [InlineData(9.2, 0.2625, 1)]
    public void The_tail_is_that_of_kaplan_and_meier(double limitSeconds, double share, double exceeding)
    {
        LatencyHistogram attempts = default;
        foreach (double seconds in (double[])[0.8, 3.1, 5.4, 9.2]) attempts.Add((long)(seconds * 1e6), false);
        foreach (double seconds in (double[])[1.0, 2.7, 7.0, 12.1]) attempts.Add((long)(seconds * 1e6), true);
        LatencyTail tail = TailOf(attempts, limitSeconds);
        Assert.Equal(share, tail.Share, 1e-12);
        Assert.Equal(exceeding, tail.Exceeding);
        Assert.Equal(exceeding / share, tail.Size, 1e-12);
    }

    [Fact]
    public void Without_censoring_it_is_the_share_that_took_longer_of_all()
    {
        var random = new Random(5);
        LatencyHistogram attempts = default;
        double[] latencies = [.. Enumerable.Range(0, 400).Select(_ => Math.Exp(3 * random.NextDouble()))];
        foreach (double seconds in latencies) attempts.Add((long)(seconds * 1e6), false);
        for (double limit = 1; limit < 18; limit += 0.37)
        {
            double end = LatencyHistogram.EndOf(LatencyHistogram.BucketOf((long)(limit * 1e6)));
            int longer = latencies.Count(seconds => seconds >= end);
            LatencyTail tail = TailOf(attempts, limit);
            Assert.Equal(longer / 400.0, tail.Share, 1e-12);
            Assert.Equal(400, tail.Size, 1e-9);
        }
    }

    [Fact]
    public void A_timeout_at_the_limit_took_longer_and_one_before_says_nothing_of_it()
    {
        LatencyHistogram atLimit = default, before = default;
        atLimit.Add(1_000_000, false, 20);
        atLimit.Add(30_000_000, true, 80);
        before.Add(1_000_000, false, 20);
        before.Add(10_000_000, true, 80);
        LatencyTail tail = TailOf(atLimit, 30);
        Assert.Equal((0.8, 80), (tail.Share, tail.Exceeding));
        Assert.Equal(100, tail.Size, 1e-9);
        Assert.Equal((0.8, 0.0, 0.0), TailOf(before, 30) is var cut ? (cut.Share, cut.Exceeding, cut.Size) : default);
        Assert.True(double.IsNaN(TailOf(default, 30).Share));
    }

    [Fact]
    public void Counting_and_reading_allocate_nothing_once_the_room_is_there()
    {
        LatencyHistogram attempts = default, sum = default;
        double[] events = new double[LatencyHistogram.BucketCount], censored = new double[LatencyHistogram.BucketCount];
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 100; i++) Once(i);
        }));

        void Once(int i)
        {
            attempts.Add(1000 * (i + 1), i % 7 == 0);
            sum.Add(attempts);
            attempts.TryTakeBack(1000 * (i + 1), i % 7 == 0);
            attempts.AddTo(events, censored, 0.5);
            LatencyTail.Beyond(40, events, censored);
        }
    }

    private static LatencyTail TailOf(in LatencyHistogram attempts, double limitSeconds)
    {
        double[] events = new double[LatencyHistogram.BucketCount], censored = new double[LatencyHistogram.BucketCount];
        attempts.AddTo(events, censored, 1);
        return LatencyTail.Beyond(LatencyHistogram.BucketOf((long)(limitSeconds * 1e6)), events, censored);
    }
}
