namespace Bandits.Tests.Storage;

/// <summary>Compares captured states, leaving out what each opening has of its own.</summary>
internal static class States
{
    /// <param name="expected">One.</param>
    /// <param name="actual">The other.</param>
    /// <param name="comparesPositions">False where they were told by different writers: entries may have grown since.</param>
    public static void AssertSame(RouterState expected, RouterState actual, bool comparesPositions = true)
    {
        Assert.Equal(expected.Dimensions, actual.Dimensions);
        Assert.Equal(expected.Values, actual.Values);
        Assert.Equal(expected.Arms.Select(Describe), actual.Arms.Select(Describe));
        Assert.Equal(expected.Status, actual.Status);
        Assert.Equal(expected.Sequence, actual.Sequence);
        Assert.Equal(expected.Origins, actual.Origins);
        Assert.Equal(expected.Segments.Length, actual.Segments.Length);
        foreach ((SegmentState a, SegmentState b) in expected.Segments.Zip(actual.Segments))
        {
            Assert.Equal((a.Key, a.IsConditional), (b.Key, b.IsConditional));
            Assert.Equal(Trimmed(a.CostShifts), Trimmed(b.CostShifts));
            Assert.Equal(a.Own, b.Own);
            Assert.Equal(a.Rolled, b.Rolled);
            Assert.Equal(a.Progress, b.Progress);
            Assert.Equal(a.Joined, b.Joined);
            Assert.Equal(a.Exploration, b.Exploration);
            Assert.Equal(a.Latencies, b.Latencies);
            if (comparesPositions) Assert.Equal(a.Position, b.Position);
            Assert.Equal(a.Ordered is null, b.Ordered is null);
            if (a.Ordered is null) continue;
            Assert.Equal(a.Ordered.Closed, b.Ordered!.Closed);
            Assert.Equal(a.Ordered.Epochs, b.Ordered.Epochs);
            Assert.Equal(Trimmed(a.Ordered.Policy), Trimmed(b.Ordered.Policy));
            Assert.Equal(Trimmed(a.Ordered.Memory), Trimmed(b.Ordered.Memory));
            Assert.Equal(a.Ordered.Drift.Select(Trimmed).Where(d => d.Length > 0), b.Ordered.Drift.Select(Trimmed).Where(d => d.Length > 0));
        }

        Assert.Equal(expected.Masses, actual.Masses);
        Assert.Equal(expected.Exploration, actual.Exploration);
        Assert.Equal(expected.Availability, actual.Availability);
        Assert.Equal(expected.Ledger, actual.Ledger);
        Assert.Equal(expected.Sessions.Chunk(4).Order(BySession), actual.Sessions.Chunk(4).Order(BySession));
        Assert.Equal(expected.Safety.Select(s => (s.Scope, s.Since, s.ArmsAtStart)), actual.Safety.Select(s => (s.Scope, s.Since, s.ArmsAtStart)));
        Assert.Equal(expected.Safety.Select(s => s.Words), actual.Safety.Select(s => s.Words));
        AssertClose(expected.Spending, actual.Spending);
        AssertClose(expected.ArmWatch, actual.ArmWatch);
        Assert.Equal(expected.Models.Select(m => (m.Key, m.Depth)), actual.Models.Select(m => (m.Key, m.Depth)));
        foreach ((ModelState a, ModelState b) in expected.Models.Zip(actual.Models)) AssertClose(Trimmed(a.Numbers), Trimmed(b.Numbers));
    }

    /// <summary>What was expected of a decision stands in a journal in single precision, so what is learnt of the difference is as exact as that.</summary>
    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= 1e-5 * Math.Max(1e-2, Math.Abs(expected[i])), $"number {i} is {actual[i]:R} instead of {expected[i]:R}");
    }

    /// <summary>Where a session stands in its table depends on when it came.</summary>
    private static readonly Comparer<long[]> BySession = Comparer<long[]>.Create((a, b) => (a[0], a[1]).CompareTo((b[0], b[1])));

    /// <summary>Room for arms that nothing is known of may be there or not.</summary>
    private static double[] Trimmed(double[] numbers) => numbers[..(numbers.AsSpan().LastIndexOfAnyExcept(0.0) + 1)];

    private static string Describe(Arm arm) => (arm with { Capabilities = [] }) + string.Join(",", arm.Capabilities);
}
