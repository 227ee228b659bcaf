using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>Law 8, second half: nothing persisted can make a later decision or recording throw; what cannot be right is reported and falls back to its prior.</summary>
public sealed class CorruptionLaws
{
    private const int FlippedStates = 150;

    [Fact]
    public void Flipped_bits_are_reported_or_harmless()
    {
        RouterState state = Lived().CaptureState();
        int reported = 0;
        for (int seed = 0; seed < FlippedStates; seed++)
        {
            var random = new Random(seed);
            RouterState damaged = Damage(state, random);
            BanditRouter router = BanditRouter.Restore(Given.Options(o => o.Incarnation = 2), damaged, out IReadOnlyList<string> faults);
            if (faults.Count > 0) reported++;
            Live(router, 60, seed);
        }

        Assert.InRange(reported, FlippedStates / 2, FlippedStates);
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 62)]
    public void Absurd_evidence_degrades_to_its_prior(long number)
    {
        BanditRouter original = Lived();
        RouterState state = original.CaptureState();
        foreach (SegmentState segment in state.Segments)
            for (int i = 0; i < segment.Own.Length; i += 5) segment.Own[i] = number;
        BanditRouter router = BanditRouter.Restore(Given.Options(), state, out IReadOnlyList<string> faults);
        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.Contains("prior", fault, StringComparison.Ordinal));
        Live(router, 10_000, 3);
    }

    [Fact]
    public void A_dropped_cell_cannot_be_driven_below_zero_by_corrections() // pitfall 16
    {
        BanditRouter original = Given.Router(o => o.Dimensions = []);
        Decision decision = original.Force(default, 1);
        original.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 5, Latency = TimeSpan.FromSeconds(3) });
        RouterState state = original.CaptureState();
        state.Segments[0].Own[Evidence.WordCount] = -1;
        BanditRouter router = BanditRouter.Restore(Given.Options(o => o.Dimensions = []), state, out IReadOnlyList<string> faults);
        Assert.Single(faults);
        Assert.Equal(Recorded.Corrected, router.Record(decision, new Outcome { Kind = OutcomeKind.Cancelled, Revision = 1 }));
        for (int i = 0; i < 1_000; i++) Assert.True(router.TryDecide(default, out _));
        Belief belief = router.BeliefOf(default, 1);
        Assert.Equal((1.0, 1.0, 0.0), (belief.Alpha, belief.Beta, belief.Samples));
    }

    [Fact]
    public void Evidence_in_the_billions_is_decided_on()
    {
        BanditRouter router = Given.Router(o => o.Dimensions = ["d"]);
        long[] words = Given.Words(Given.Evidence(700_000, 300_000, 0.01));
        Evidence thousandfold = default;
        for (int i = 0; i < 1_000; i++) thousandfold.Add(Evidence.FromWords(words));
        Assert.True(thousandfold.IsPlausible);
        router.Join("big", 1, 1, [new JoinedEvidence(new[] { "a" }, "fast", thousandfold), new JoinedEvidence(new[] { "b" }, "standard", thousandfold)]);
        Assert.Equal(0.7, router.BeliefOf(router.SegmentOf("a"), 0).QualityMean, 1e-8);
        Live(router, 200, 4);
    }

    [Fact]
    public void Joined_evidence_cannot_wrap_a_cell()
    {
        BanditRouter router = Given.Router();
        long[] words = Given.Words(Given.Evidence(1, 0));
        foreach (int word in (int[])[0, 16]) words[word] = long.MaxValue;
        (words[8], words[9]) = (unchecked((long)0xffffffff00000000), int.MaxValue);
        (words[10], words[11]) = (0, long.MaxValue);
        Assert.False(Evidence.FromWords(words).IsPlausible);
        Assert.Throws<ArgumentException>(() => router.Join("o", 1, 1, [new JoinedEvidence(new[] { "a" }, "fast", Evidence.FromWords(words))]));
    }

    [Fact]
    public void Values_that_lost_their_place_take_no_evidence_along()
    {
        BanditRouter original = Given.Router(o => o.Dimensions = ["d"]);
        foreach (string value in (string[])["x", "y", "z"]) original.Feed(original.SegmentOf(value), 0, 3, 1);
        RouterState state = original.CaptureState();
        int at = Array.IndexOf(state.Values[0], "y");
        state.Values[0][at] = "x";
        BanditRouter router = BanditRouter.Restore(Given.Options(o => o.Dimensions = ["d"]), state, out IReadOnlyList<string> faults);
        Assert.NotEmpty(faults);
        Assert.Equal(4, router.EvidenceOf(router.SegmentOf("x"), 0).Total);
        Assert.Equal(0, router.EvidenceOf(router.SegmentOf("y"), 0).Total);
        Assert.Equal(4, router.EvidenceOf(router.SegmentOf("z"), 0).Total);
        Assert.DoesNotContain(router.Segments(), segment => router.ValuesOf(segment)[0].Length == 0);
    }

    [Fact]
    public void A_damaged_arm_keeps_its_place_and_stays_out()
    {
        BanditRouter original = Lived();
        original.AddArm(new Arm { Id = "later" });
        RouterState state = original.CaptureState();
        state.Arms[4] = state.Arms[4] with { PriorQuality = double.NaN };
        state.Status[1] = (ArmStatus)77;
        BanditRouter router = BanditRouter.Restore(Given.Options(), state, out IReadOnlyList<string> faults);
        Assert.Equal(2, faults.Count);
        Assert.Equal(ArmStatus.Retired, router.StatusAt(4));
        Assert.Equal(ArmStatus.Disabled, router.StatusAt(1));
        Live(router, 500, 6);
    }

    private static BanditRouter Lived()
    {
        BanditRouter router = Given.Router(o => o.LedgerCapacity = 64);
        new Traffic(2).Run(router, 400);
        router.Join("history", 1, 0.5, [new JoinedEvidence(new[] { "v0", "v1" }, "fast", Given.Evidence(10, 2, 0.01))]);
        return router;
    }

    private static void Live(BanditRouter router, int steps, int seed)
    {
        var traffic = new Traffic((ulong)seed, suppliesIds: false);
        for (int i = 0; i < steps; i++) traffic.Step(router);
        foreach (SegmentKey segment in router.Segments()) Assert.Equal(router.ArmCount, router.Explain(new Request(segment) { TimeTicks = Given.Ticks }).Arms.Count);
        router.Summarize();
        router.CaptureState();
    }

    /// <summary>A deep copy in which some bits of some numbers are flipped.</summary>
    private static RouterState Damage(RouterState s, Random random)
    {
        var copy = new RouterState
        {
            Dimensions = s.Dimensions,
            Values = [.. s.Values.Select(v => (string[])v.Clone())],
            Arms = [.. s.Arms],
            Status = [.. s.Status],
            Sequence = random.Next(10) == 0 ? Flip(s.Sequence, random) : s.Sequence,
            Origins = [.. s.Origins.Select(o => random.Next(4) == 0 ? o with { Weight = Flip(o.Weight, random) } : o)],
            Segments = [.. s.Segments.Select(x => new SegmentState
            {
                Key = random.Next(20) == 0 ? (ulong)Flip((long)x.Key, random) : x.Key,
                Own = Some(x.Own, random),
                Rolled = Some(x.Rolled, random),
                Progress = Some(x.Progress, random),
                Joined = [.. x.Joined.Select(j => Some(j, random))],
                Exploration = Some(x.Exploration, random),
            })],
            Masses = [.. s.Masses.Select(m => random.Next(4) == 0 ? m with { Quality = Flip(m.Quality, random), NextAt = Flip(m.NextAt, random) } : m)],
            Exploration = Some(s.Exploration, random),
            Availability = Some(s.Availability, random),
            Ledger = Some(s.Ledger, random),
        };
        if (random.Next(4) == 0) copy.Arms[random.Next(4)] = copy.Arms[0] with { Id = "x", PriorSamples = Flip(2.0, random), InputUsdPerMillionTokens = Flip(1.0, random) };
        if (random.Next(4) == 0) copy.Status[random.Next(4)] = (ArmStatus)random.Next(256);
        return copy;
    }

    private static long[] Some(long[] words, Random random)
    {
        long[] copy = [.. words];
        if (copy.Length > 0 && random.Next(3) == 0)
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                int at = random.Next(copy.Length);
                copy[at] = Flip(copy[at], random);
            }

        return random.Next(40) == 0 ? copy[..(copy.Length / 2)] : copy;
    }

    private static double[] Some(double[] numbers, Random random) =>
        [.. Some([.. numbers.Select(BitConverter.DoubleToInt64Bits)], random).Select(BitConverter.Int64BitsToDouble)];

    private static long Flip(long word, Random random) => word ^ (1L << random.Next(64));

    private static double Flip(double number, Random random) => BitConverter.Int64BitsToDouble(Flip(BitConverter.DoubleToInt64Bits(number), random));
}
