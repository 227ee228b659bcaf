using Bandits.Concurrency;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>What is known, what is believed, and why.</content>
public sealed partial class BanditRouter
{
    /// <summary>What was observed for a segment and an arm since its latest restart: this store's own evidence, without joined evidence.</summary>
    /// <exception cref="ArgumentException">The segment or the arm is unknown.</exception>
    public Evidence EvidenceOf(SegmentKey segment, int arm) => Read(LeafOf(segment), arm, static (node, arm) => At(node.Own, arm));

    /// <summary>What was observed for a segment and an arm before its latest restart; belief no longer sees it.</summary>
    /// <exception cref="ArgumentException">The segment or the arm is unknown.</exception>
    public Evidence ClosedEvidenceOf(SegmentKey segment, int arm) => Read(LeafOf(segment), arm, static (node, arm) => node.Ordered is { } ordered ? At(ordered.Closed, arm) : default);

    /// <summary>What was observed of an arm in a segment where another arm's answer had not been good enough; see <see cref="Request.IsAfterFailure"/>.</summary>
    /// <exception cref="ArgumentException">The segment or the arm is unknown.</exception>
    public Evidence ConditionalEvidenceOf(SegmentKey segment, int arm)
    {
        SegmentNode leaf = LeafOf(segment);
        return Read(leaf.Conditional ?? leaf, arm, static (node, arm) => node.IsConditional ? At(node.Own, arm) : default);
    }

    /// <summary>Restarts of an arm in a segment: how often a change was detected there, or it was restarted by hand.</summary>
    /// <exception cref="ArgumentException">The segment or the arm is unknown.</exception>
    public long RestartsOf(SegmentKey segment, int arm)
    {
        ArmAt(arm);
        return LeafOf(segment).Ordered is { } ordered && arm < ordered.Epochs.Length ? ordered.Epochs[arm].Restarts : 0;
    }

    /// <summary>A copy of what the policy itself keeps of a segment, laid out as <see cref="IStatefulPolicy"/> says; empty when it keeps nothing there.</summary>
    /// <exception cref="ArgumentException">The segment is unknown.</exception>
    public double[] PolicyStateOf(SegmentKey segment)
    {
        SegmentNode leaf = LeafOf(segment);
        leaf.Gate.Enter();
        double[] state = leaf.Ordered is { } ordered ? [.. ordered.Policy] : [];
        leaf.Gate.Exit();
        return state;
    }

    /// <summary>This store's own evidence of an arm over all segments, as far as it has been rolled up.</summary>
    /// <exception cref="ArgumentException">The arm is unknown.</exception>
    public Evidence EvidenceOf(int arm) => Read(_segments.Root, arm, static (node, arm) => At(node.Own, arm));

    /// <summary>Evidence joined from one origin for a segment and an arm.</summary>
    /// <exception cref="ArgumentException">The segment, the arm or the origin is unknown.</exception>
    public Evidence JoinedEvidenceOf(string origin, SegmentKey segment, int arm)
    {
        int number = Array.FindIndex(Volatile.Read(ref _origins), o => o.Name == origin);
        if (number < 0) Throw.Argument($"There is no origin '{origin}'.");
        return Read(LeafOf(segment), arm, (node, arm) => number < node.Joined.Length ? At(node.Joined[number], arm) : default);
    }

    /// <summary>What is believed of an arm's utility in a segment, under the objective in force.</summary>
    /// <exception cref="ArgumentException">The segment or the arm is unknown.</exception>
    public Belief BeliefOf(SegmentKey segment, int arm)
    {
        ArmAt(arm);
        RouterSettings settings = _settings;
        DecisionScratch scratch = ScratchFor(settings);
        BeliefDerivation.Derive(settings, LeafOf(segment), _availability, 0, scratch, out _);
        return scratch.Estimates[arm].Belief;
    }

    /// <summary>The segments seen so far.</summary>
    public IReadOnlyList<SegmentKey> Segments()
    {
        var segments = new List<SegmentKey>();
        foreach (SegmentNode node in _segments.Nodes)
            if (node.Plan.IsLeaf && !node.IsConditional) segments.Add(new SegmentKey(node.Key));
        return segments;
    }

    /// <summary>The exploration share that applies to a segment, in [0, 1].</summary>
    public double ExplorationRateOf(SegmentKey segment) => Explain(new Request(segment)).ExplorationRate;

    /// <summary>Explains how a request would be decided now, without its session: as if that started with it. Changes nothing; allocates.</summary>
    /// <exception cref="ArgumentException">The request is invalid.</exception>
    public Explanation Explain(in Request request)
    {
        RouterSettings settings = Volatile.Read(ref _settings);
        CheckLimits(request);
        SegmentNode leaf = LeafOf(request.Segment);
        if (request.IsAfterFailure) leaf = Volatile.Read(ref leaf.Conditional) ?? new SegmentNode(leaf.Key, -1, leaf.Depth + 1, leaf, isLeaf: true, isConditional: true);
        DecisionScratch scratch = ScratchFor(settings);
        Planner.Result plan = Foresee(settings, leaf, request, scratch);
        ExplainGate(settings, scratch, leaf.Key, ref plan);
        var arms = new ArmExplanation[settings.Catalog.Count];
        for (int arm = 0; arm < arms.Length; arm++)
        {
            ref readonly ArmEstimate estimate = ref scratch.Estimates[arm];
            Belief belief = estimate.Belief;
            double costTerm = 0 - settings.Objective.CostMultiplier * estimate.CostUsd;
            double latencyTerm = 0 - settings.Objective.LatencyUsdPerSecond * estimate.LatencySeconds;
            arms[arm] = new ArmExplanation
            {
                ArmId = settings.Catalog.Arms[arm].Id,
                WhyNot = scratch.Why[arm],
                QualityMean = belief.QualityMean,
                QualityDeviation = Math.Sqrt(new Belief(belief.Alpha, belief.Beta, 1, 0, 0).Variance),
                Samples = belief.Samples,
                OwnSamples = estimate.OwnSamples,
                Availability = estimate.Availability,
                CostUsd = estimate.CostUsd,
                LatencySeconds = estimate.LatencySeconds,
                ExceedingLatency = settings.LatencyLimit is null ? double.NaN : LatencyPooling.TailOf(settings, leaf, arm, scratch).Share,
                ValueUsd = belief.Scale * belief.QualityMean,
                CostTermUsd = costTerm,
                LatencyTermUsd = latencyTerm,
                UtilityUsd = belief.Mean,
                UtilityDeviationUsd = Math.Sqrt(belief.Variance),
            };
        }

        int count = scratch.Count;
        if (count > 0) settings.Rules.Write(settings, leaf.Key, scratch.Arms.AsSpan(0, count), scratch.Estimates, scratch.Baseline.AsSpan(0, count));
        Belief baseline = count > 0 ? Planner.BestOf(scratch.Beliefs.AsSpan(0, count), scratch.Baseline.AsSpan(0, count)) : default;
        for (int i = 0; i < count; i++)
        {
            PlannedArm planned = scratch.Planned[i];
            arms[planned.Arm] = arms[planned.Arm] with
            {
                Probability = planned.Probability,
                IsExploited = planned.IsExploited,
                IsBaseline = scratch.Baseline[i] > 0,
                Belief = scratch.Beliefs[i],
                BaselineBelief = baseline,
            };
        }

        return new Explanation(settings.Strategy, settings.Objective, ValuesOf(new SegmentKey(leaf.Key)), plan.Traits, plan.ExplorationRate, arms);
    }

    /// <summary>All nodes of the segment tree, parents before their children, for an audit.</summary>
    internal ReadOnlySpan<SegmentNode> Nodes => _segments.Nodes;

    /// <summary>The settings in force, for tests of what is done with older ones.</summary>
    internal RouterSettings Settings => Volatile.Read(ref _settings);

    private SegmentNode LeafOf(SegmentKey segment) => _segments.Peek(KeyOf(segment));

    private Evidence Read(SegmentNode node, int arm, Func<SegmentNode, int, Evidence> read)
    {
        ArmAt(arm);
        while (true)
        {
            int sequence = node.Gate.BeginRead();
            Evidence evidence = read(node, arm);
            if (node.Gate.IsUnchanged(sequence)) return evidence;
        }
    }

    private static Evidence At(Evidence[] cells, int arm) => arm < cells.Length ? cells[arm] : default;
}
