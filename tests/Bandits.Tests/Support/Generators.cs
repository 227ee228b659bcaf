using FsCheck;
using FsCheck.Fluent;

namespace Bandits.Tests.Support;

/// <summary>One generator per concept.</summary>
public static class Generators
{
    /// <summary>A finite number in [0, 1], ends included.</summary>
    private static Gen<double> Unit => Gen.Frequency((1, Gen.Elements(0.0, 1.0, 0.5, 1e-12)), (6, Gen.Choose(0, 1_000_000).Select(i => i / 1e6)));

    public static Arbitrary<Outcome> Outcome() => OutcomeOf(
        Gen.Elements<OutcomeKind?>(OutcomeKind.Success, OutcomeKind.Failed, OutcomeKind.Partial, OutcomeKind.HumanReview, OutcomeKind.Cancelled, OutcomeKind.Unavailable, OutcomeKind.Timeout, null)).ToArbitrary();

    public static Arbitrary<Belief> Belief() => (
        from alpha in PseudoCount
        from beta in PseudoCount
        from scale in Gen.Elements(1.0, 0.2333, 3)
        from shift in Gen.Elements(0.0, -0.001, -0.05, 0.1)
        from samples in Gen.Frequency((1, Gen.Constant(0.0)), (1, Gen.Choose(1, 999).Select(i => i / 1000.0)), (6, Gen.Choose(1, 5000).Select(i => (double)i)))
        from mean in Unit
        from spread in Unit
        from pending in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 50)))
        let sampleMean = samples > 0 ? mean : alpha / (alpha + beta)
        select new Belief(alpha, beta, scale, shift, samples)
        {
            SampleMean = sampleMean,
            SampleVariance = spread * sampleMean * (1 - sampleMean),
            Pending = pending,
        }).ToArbitrary();

    /// <summary>Beliefs of 1 to 64 arms; one case in four with several arms exactly alike.</summary>
    public static Arbitrary<Belief[]> Beliefs() => (
        from count in Gen.Choose(1, 64)
        from distinct in Gen.Frequency((3, Gen.Constant(count)), (1, Gen.Choose(1, count)))
        from some in Belief().Generator.ArrayOf(distinct)
        from order in Gen.Choose(0, distinct - 1).ArrayOf(count)
        select order.Select((at, i) => some[i < distinct ? i : at]).ToArray()).ToArbitrary();

    /// <summary>What a router may hand out, with or without an arm.</summary>
    public static Arbitrary<Decision> Decision() => (
        from words in ArbMap.Default.GeneratorFor<ulong>().Three()
        from arm in Gen.Frequency((1, Gen.Constant(-1)), (4, Gen.Choose(0, ushort.MaxValue - 1)))
        from propensity in Gen.Frequency((1, Gen.Constant(double.NaN)), (4, Unit))
        from quality in Unit
        from numbers in Gen.Choose(0, int.MaxValue).Three()
        from cost in Unit.Or(Gen.Elements(0, 1e-12, 1e9))
        from flags in Gen.Choose(0, ushort.MaxValue).Two()
        select new Decision
        {
            Id = new DecisionId(words.Item1, words.Item2),
            Segment = new SegmentKey(words.Item3),
            Arm = arm,
            WhyNone = arm < 0 ? (Ineligibility)flags.Item1 : Ineligibility.None,
            Propensity = propensity,
            TimeTicks = numbers.Item1 * 1_469_000_000L,
            Attempt = flags.Item2,
            PredictedQuality = (float)quality,
            PredictedCostUsd = cost,
            SegmentOutcomes = (long)numbers.Item2 * numbers.Item3,
            Traits = (DecisionTraits)(byte)flags.Item1,
        }).ToArbitrary();

    public static Arbitrary<Evidence> Evidence() => Outcome().Generator.ListOf().Select(outcomes =>
    {
        Evidence evidence = default;
        foreach (Outcome outcome in outcomes) evidence.Add(outcome);
        return evidence;
    }).ToArbitrary();

    private static Gen<double> PseudoCount => Gen.Frequency(
        (3, Gen.Choose(1, 40).Select(i => (double)i)), (2, Gen.Choose(1, 4000).Select(i => i / 20.0)), (1, Gen.Elements(0.05, 0.5, 1e3, 1e5)));

    private static Gen<Outcome> OutcomeOf(Gen<OutcomeKind?> kinds) =>
        from kind in kinds
        from quality in Unit.Or(Gen.Constant(-1.0))
        from cost in Gen.Frequency((1, Gen.Elements(0.0, 1e6, 1e-9)), (3, Gen.Choose(0, 5_000_000).Select(i => i / 1e7)), (2, Gen.Constant(-1.0)))
        from tokens in Gen.Choose(-20_000, 20_000).Two()
        from milliseconds in Gen.Choose(-60_000, 60_000).Two()
        let graded = kind is OutcomeKind.Success or OutcomeKind.Failed or OutcomeKind.Partial or OutcomeKind.HumanReview
        select new Outcome
        {
            Kind = kind,
            Quality = graded && quality >= 0 ? quality : null,
            CostUsd = cost >= 0 ? cost : kind is null ? 0 : null,
            InputTokens = tokens.Item1 >= 0 ? tokens.Item1 : null,
            OutputTokens = tokens.Item2 >= 0 ? tokens.Item2 : null,
            Latency = milliseconds.Item1 >= 0 ? TimeSpan.FromMilliseconds(milliseconds.Item1) : null,
            TimeToFirstToken = milliseconds.Item2 >= 0 ? TimeSpan.FromMilliseconds(milliseconds.Item2) : null,
        };
}
