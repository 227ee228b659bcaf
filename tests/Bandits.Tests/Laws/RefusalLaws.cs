using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>Law 8, first half: bad input is refused at the edge, by name, value and range; it is counted and changes nothing.</summary>
public sealed class RefusalLaws
{
    private static readonly Outcome Fine = new() { Kind = OutcomeKind.Success };

    public static TheoryData<string, string, Outcome> BadOutcomes { get; } = new()
    {
        { "Quality", "NaN", Fine with { Quality = double.NaN } },
        { "Quality", "1.0000001", Fine with { Quality = 1.0000001 } },
        { "Quality", "-1E-09", Fine with { Quality = -1e-9 } },
        { "Quality", "∞", Fine with { Quality = double.PositiveInfinity } },
        { "Quality", "Cancelled", new Outcome { Kind = OutcomeKind.Cancelled, Quality = 1 } },
        { "Quality", "none", new Outcome { Quality = 1, CostUsd = 1 } },
        { "CostUsd", "NaN", Fine with { CostUsd = double.NaN } },
        { "CostUsd", "-0.01", Fine with { CostUsd = -0.01 } },
        { "CostUsd", "1000001", Fine with { CostUsd = 1_000_001 } },
        { "CostUsd", "∞", Fine with { CostUsd = double.PositiveInfinity } },
        { "InputTokens", "-1", Fine with { InputTokens = -1 } },
        { "OutputTokens", "-7", Fine with { OutputTokens = -7 } },
        { "Latency", "-1", Fine with { Latency = TimeSpan.FromSeconds(-1) } },
        { "Latency", "31536001", Fine with { Latency = TimeSpan.FromSeconds(31_536_001) } },
        { "TimeToFirstToken", "-1", Fine with { TimeToFirstToken = TimeSpan.FromSeconds(-1) } },
        { "TimeToFirstToken", "3601", Fine with { TimeToFirstToken = TimeSpan.FromSeconds(3601) } },
        { "RetryAfter", "Unavailable", Fine with { RetryAfter = TimeSpan.FromSeconds(1) } },
        { "RetryAfter", "-1", new Outcome { Kind = OutcomeKind.Unavailable, RetryAfter = TimeSpan.FromSeconds(-1) } },
        { "RetryAfter", "2592001", new Outcome { Kind = OutcomeKind.Unavailable, RetryAfter = TimeSpan.FromSeconds(2_592_001) } },
        { "Expired", "cost", new Outcome { Kind = OutcomeKind.Expired, CostUsd = 1 } },
        { "Kind", "99", new Outcome { Kind = (OutcomeKind)99 } },
        { "Revision", "-1", Fine with { Revision = -1 } },
        { "Revision", "32768", Fine with { Revision = 32_768 } },
        { "Attempt", "-1", Fine with { Attempt = -1 } },
        { "Attempt", "3", Fine with { Attempt = 3 } },
        { "TimeTicks", "-5", Fine with { TimeTicks = -5 } },
        { "TimeTicks", "9.22", Fine with { TimeTicks = long.MaxValue } },
        { "outcome", "empty", default },
    };

    [Theory]
    [MemberData(nameof(BadOutcomes))]
    public void A_bad_outcome_is_refused(string thing, string value, Outcome outcome)
    {
        BanditRouter router = Given.Router();
        new Traffic(1).Run(router, 50);
        Decision decision = router.Force(router.SegmentOf("planner"), 1);
        Refused(router, () => router.Record(decision, outcome), thing, value);
        Assert.Equal(Recorded.Applied, router.Record(decision, Fine));
    }

    [Fact]
    public void A_bad_request_is_refused()
    {
        BanditRouter router = Given.Router();
        SegmentKey fresh = router.SegmentOf("planner", "never", "seen");
        BanditRouter other = Given.Router(o => o.Dimensions = ["a", "b"]);
        SegmentKey foreign = other.SegmentOf("x", "y");
        Refused(router, () => router.TryDecide(new Request(fresh) { MaxCostUsd = double.NaN }, out _), "MaxCostUsd", "NaN");
        Refused(router, () => router.TryDecide(new Request(fresh) { MaxCostUsd = -1 }, out _), "MaxCostUsd", "-1");
        Refused(router, () => router.TryDecide(new Request(fresh) { MaxCostUsd = double.PositiveInfinity }, out _), "MaxCostUsd", "∞");
        Refused(router, () => router.TryDecide(new Request(fresh) { MinContextWindow = -1 }, out _), "MinContextWindow", "-1");
        Refused(router, () => router.TryDecide(new Request(fresh) { TimeTicks = -1 }, out _), "TimeTicks", "-1");
        Refused(router, () => router.TryDecide(new Request(fresh) { TimeTicks = long.MaxValue }, out _), "TimeTicks", "9.22");
        Refused(router, () => router.TryDecide(new Request(fresh) { Attempt = 65_536 }, out _), "Attempt", "65536");
        Refused(router, () => router.TryDecide(new Request(fresh) { Attempt = -1 }, out _), "Attempt", "-1");
        Refused(router, () => router.TryDecide(new Request(fresh) { Id = new DecisionId(0, 5) }, out _), "Id", "5");
        Refused(router, () => router.TryDecide(new Request(fresh) { Id = new DecisionId(5, 0) }, out _), "Id", "0");
        Refused(router, () => router.TryDecide(new Request(fresh) { Id = new DecisionId(1, ulong.MaxValue) }, out _), "Id", "1.8");
        Refused(router, () => router.TryDecide(new Request(foreign), out _), "Segment", "schema");
    }

    [Fact]
    public void Bad_features_are_refused()
    {
        BanditRouter three = Given.Router(o => o.FeatureCount = 3), none = Given.Router();
        var decisions = new Decision[2];
        Refused(none, () => none.TryDecide(With(1), out _), "Features.Length is 1", "FeatureCount is 0");
        Refused(three, () => three.TryDecide(With(1, 2), out _), "Features.Length is 2", "0 or 3 numbers");
        Refused(three, () => three.TryDecide(With(1, 2, 3, 4), out _), "Features.Length is 4", "0 or 3 numbers");
        Refused(three, () => three.TryDecide(With(1, 2, float.NaN), out _), "Features[2]", "NaN");
        Refused(three, () => three.TryDecide(With(float.PositiveInfinity, 2, 3), out _), "Features[0]", "∞");
        Refused(three, () => three.TryDecide(With(1, float.NegativeInfinity, 3), out _), "Features[1]", "finite");
        Refused(three, () => three.DecideTop(With(1, 2), decisions), "Features.Length", "2");
        Refused(three, () => three.Explain(With(1, 2)), "Features.Length", "2");
        Assert.True(three.TryDecide(With(1, 2, 3), out _));

        static Request With(params float[] features) => new() { Features = features };
    }

    [Fact]
    public void A_foreign_or_forged_decision_is_refused()
    {
        BanditRouter router = Given.Router(), other = Given.Router(o => o.Incarnation = 2);
        Decision own = router.Force(router.SegmentOf("planner"), 1), foreign = other.Force(other.SegmentOf("planner"), 1);
        Refused(router, () => router.Record(foreign, Fine), "Decision 2-1", "not issued");
        Refused(router, () => router.Record(default, Fine), "Decision", "not issued");
        Refused(router, () => router.Record(own with { Arm = 2 }, Fine), "Decision", "not issued");
        Refused(router, () => router.Record(own with { Arm = 4 }, Fine), "arm 4", "0 to 3");
        Refused(router, () => router.Record(own with { Arm = -1 }, Fine), "arm -1", "0 to 3");
        Refused(router, () => router.Record(own with { Id = new DecisionId(1, 2) }, Fine), "Decision", "not issued");
        Refused(router, () => router.Record(own with { Id = new DecisionId(1, 0) }, Fine), "Decision", "not issued");
        Refused(router, () => router.Record(own with { Id = new DecisionId(1, ulong.MaxValue) }, Fine), "Decision", "not issued");
        Refused(router, () => router.Record(own with { Segment = default }, Fine), "Decision", "not issued");
        Refused(router, () => router.Record(own with { Segment = router.SegmentOf("implementer") }, Fine), "Decision", "not issued");
        Assert.Equal(Recorded.Applied, router.Record(own, Fine));
    }

    [Fact]
    public void Bad_joined_evidence_is_refused_whole()
    {
        BanditRouter router = Given.Router();
        JoinedEvidence good = new(new[] { "never-seen-before" }, "fast", Given.Evidence(3, 2));
        Evidence impossible = default;
        impossible.Remove(new Outcome { Kind = OutcomeKind.Success });
        Refused(router, () => router.Join("o", 1, 1, [good, good with { Evidence = impossible }]), "fast", "impossible");
        Refused(router, () => router.Join("o", 1, 1, [good, good with { ArmId = "nobody" }]), "nobody", "no arm");
        Refused(router, () => router.Join("o", 1, 1, [good, good with { Segment = new[] { "a", "b", "c", "d", "e" } }]), "5 values", "4 dimensions");
        Refused(router, () => router.Join("o", 1, double.NaN, [good]), "weight", "NaN");
        Refused(router, () => router.Join("o", 1, 1.5, [good]), "weight", "1.5");
        Refused(router, () => router.Join("o", -1, 1, [good]), "sequence", "-1");
        Refused(router, () => router.Join("", 1, 1, [good]), "origin", "empty");
        Refused(router, () => router.Join(new string('o', 201), 1, 1, [good]), "Origin", "201");
    }

    [Fact]
    public void A_bad_arm_is_refused()
    {
        BanditRouter router = Given.Router();
        string before = StateText.Of(router);
        foreach (Arm arm in (Arm[])[
            new() { Id = "" }, new() { Id = "fast" }, new() { Id = "x", Provider = "" }, new() { Id = "x", PriorQuality = double.NaN }, new() { Id = "x", PriorQuality = 1 },
            new() { Id = "x", PriorSamples = 0 }, new() { Id = "x", InputUsdPerMillionTokens = -1 }, new() { Id = "x", OutputUsdPerMillionTokens = double.PositiveInfinity },
            new() { Id = "x", ContextWindow = 0 }, new() { Id = "x", Capabilities = [""] }, new() { Id = "x", Tier = (ArmTier)9 }])
            Assert.ThrowsAny<ArgumentException>(() => router.AddArm(arm));
        Assert.Throws<ArgumentException>(() => router.DisableArm("nobody"));
        Assert.Equal(before, StateText.Of(router));
    }

    [Fact]
    public void Evidence_itself_refuses_and_stays_as_it_was()
    {
        Evidence evidence = Given.Evidence(1, 1);
        Evidence before = evidence;
        Assert.ThrowsAny<ArgumentException>(() => evidence.Add(Fine with { CostUsd = double.NaN }));
        Assert.ThrowsAny<ArgumentException>(() => evidence.Add(Fine with { Quality = 0.5, Latency = TimeSpan.FromDays(400) }));
        Assert.True(before == evidence);
    }

    private static void Refused(BanditRouter router, Action act, string thing, string value)
    {
        string before = StateText.Of(router);
        long refused = router.RefusedCount;
        ArgumentException refusal = Assert.ThrowsAny<ArgumentException>(act);
        Assert.Contains(thing, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(value == "∞" ? double.PositiveInfinity.ToString(System.Globalization.CultureInfo.InvariantCulture) : value, refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(refused + 1, router.RefusedCount);
        Assert.Equal(before, StateText.Of(router));
    }
}
