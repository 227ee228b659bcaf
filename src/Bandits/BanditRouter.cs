using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Bandits.Concurrency;
using Bandits.Numerics;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <summary>Decides which arm handles the next task, and learns from what became of it. Thread-safe.</summary>
/// <remarks>
/// Deciding never waits for I/O or for another segment and, like recording, allocates nothing in steady state. With the same options, seed and
/// serial sequence of calls the decisions are the same bit for bit.
/// </remarks>
public sealed partial class BanditRouter
{
    private readonly SegmentSchema _schema;
    private readonly SegmentMap _segments;
    private readonly SegmentNode _root;
    private readonly DecisionLedger _ledger;
    private readonly AvailabilityTable _availability;
    private readonly OverallExploration _overall = new();
    private readonly ulong _incarnation;
    private readonly ushort _tag;
    private RouterSettings _settings;
    private long _sequence;
    private long _refused;
    private long _restarts;

    /// <summary>Creates a router.</summary>
    /// <exception cref="ArgumentException">The options are invalid; the message lists every fault.</exception>
    public BanditRouter(RouterOptions options)
    {
        Validate(options);
        _incarnation = options.Incarnation;
        _tag = DecisionLedger.TagOf(_incarnation);
        _schema = new SegmentSchema(options.Dimensions, options.MaxValuesPerDimension);
        _segments = new SegmentMap(_schema, options.MaxSegments);
        _root = _segments.Root;
        _ledger = new DecisionLedger(options.LedgerCapacity);
        _availability = new AvailabilityTable(options.AvailabilityHalfLifeSeconds);
        _settings = new RouterSettings(options, new ArmCatalog([.. options.Arms], new ArmStatus[options.Arms.Count]), _schema);
    }

    /// <summary>Decisions made so far; the sequence of the latest id.</summary>
    public long DecisionCount => Volatile.Read(ref _sequence);

    /// <summary>Calls refused because of bad input.</summary>
    public long RefusedCount => Volatile.Read(ref _refused);

    /// <summary>Changes detected since this router was opened.</summary>
    public long RestartCount => Volatile.Read(ref _restarts);

    /// <summary>The strategy in force.</summary>
    public Strategy Strategy => _settings.Strategy;

    /// <summary>The objective in force.</summary>
    public Objective Objective => _settings.Objective;

    /// <summary>Names of the segment's dimensions.</summary>
    public IReadOnlyList<string> Dimensions => _schema.Dimensions;

    /// <summary>Number of leaf segments seen.</summary>
    public int SegmentCount => _segments.Leaves;

    /// <summary>Number of arms, disabled and retired ones included.</summary>
    public int ArmCount => _settings.Catalog.Count;

    /// <summary>
    /// The segment of these values, in the order of <see cref="Dimensions"/>; missing trailing values and null or empty ones count as absent.
    /// Keep it: looking it up costs a dictionary access per dimension.
    /// </summary>
    /// <exception cref="ArgumentException">There are more values than dimensions.</exception>
    public SegmentKey SegmentOf(params ReadOnlySpan<string?> values) => new(_schema.Pack(values));

    /// <summary>The values of a segment, in the order of <see cref="Dimensions"/>.</summary>
    public string[] ValuesOf(SegmentKey segment)
    {
        ulong key = KeyOf(segment);
        if (!_schema.IsLeaf(key)) Throw.Argument($"Segment key {key:x} was not issued by this router.");
        var values = new string[_schema.Depth];
        for (int d = 0; d < values.Length; d++) values[d] = _schema.NameAt(key, d);
        return values;
    }

    /// <summary>Decides. False when no arm is eligible; <see cref="Decision.WhyNone"/> then says why.</summary>
    /// <exception cref="ArgumentException">The request is invalid: a segment of another schema, a negative or non-finite limit.</exception>
    public bool TryDecide(in Request request, out Decision decision)
    {
        RouterSettings settings = Volatile.Read(ref _settings);
        bool isPlain = request.IsUnconstrained;
        Plan plan = Check(request, isPlain);
        DecisionId id = request.Id;
        ulong key = settings.StreamKey;
        ushort tag = _tag;
        if (id.IsNone) id = new DecisionId(_incarnation, (ulong)Interlocked.Increment(ref _sequence));
        else Adopt(id, settings, ref key, ref tag);

        double unit = new RandomStream(key, id.Sequence, StreamPurpose.Draw).NextUnit();
        if (!isPlain || (_availability.IsTroubled && request.TimeTicks != 0) || !TryKept(settings, plan, key, id, unit, out PlannedArm drawn, out DecisionTraits traits))
        {
            Ineligibility whyNone = PlanAndDraw(settings, plan, request, key, id, unit, out drawn, out traits);
            if (whyNone != Ineligibility.None)
            {
                decision = Undecided(request, id, plan, whyNone);
                return false;
            }
        }

        decision = Decided(request, plan, id, drawn, traits);
        Open(settings, plan, ref decision, tag);
        return true;
    }

    /// <summary>The short way: draws from the plan that is kept, or lets the policy choose from the beliefs that are; false when neither still holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryKept(RouterSettings settings, Plan plan, ulong key, DecisionId id, double unit, out PlannedArm drawn, out DecisionTraits traits)
    {
        int rootSequence = _root.Gate.Sequence;
        if (settings.KeepsChoices && plan.Node.Choices is { } choices
            && choices.TryChoose(settings, plan.Node, _schema.Depth == 0 ? 0 : rootSequence, new RandomStream(key, id.Sequence, StreamPurpose.Policy), unit, out drawn, out traits))
            return true;
        return plan.TryDraw(settings, rootSequence, unit, out drawn, out traits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Decision Decided(in Request request, Plan leaf, DecisionId id, in PlannedArm drawn, DecisionTraits traits) => new()
    {
        Id = id,
        Segment = new SegmentKey(leaf.Key),
        Arm = drawn.Arm,
        Propensity = drawn.Probability,
        TimeTicks = request.TimeTicks,
        Attempt = request.Attempt,
        PredictedQuality = drawn.PredictedQuality,
        PredictedCostUsd = drawn.PredictedCostUsd,
        Traits = drawn.IsExploited ? traits : traits | DecisionTraits.Explored,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Open(RouterSettings settings, Plan leaf, ref Decision decision, ushort tag)
    {
        if (settings.KeepsOrder) OpenInOrder(settings, leaf.Node, ref decision, tag);
        else _ledger.Open(decision.Id, tag, ref _sequence, leaf.Index, decision.Arm, decision.PredictedQuality);
    }

    /// <summary>Opens the ledger's slot, tells the segments whose decision waits and whose is no longer waited for, and notes what its segment has learnt by now.</summary>
    private void OpenInOrder(RouterSettings settings, SegmentNode leaf, ref Decision decision, ushort tag)
    {
        if (_ledger.WouldEvictPending(decision.Id, ref _sequence, out int segment, out int arm) && (uint)segment < (uint)_segments.Nodes.Length)
        {
            SegmentNode former = _segments.Nodes[segment];
            former.Gate.Enter();
            former.OrderedOf(settings).Settle(arm);
            former.Gate.Exit();
        }

        bool isNew = _ledger.Open(decision.Id, tag, ref _sequence, leaf.Index, decision.Arm, decision.PredictedQuality);
        leaf.Gate.Enter();
        if (leaf.Own.Length < settings.Catalog.Count) leaf.EnsureArms(settings.Catalog.Count, isLeaf: true);
        OrderedState ordered = leaf.OrderedOf(settings);
        if (!settings.Forgetting.IsNone) decision = decision with { SegmentOutcomes = settings.Forgetting.Learnt(ordered.Memory) };
        bool isRestarted = isNew && ordered.Open(settings, leaf, decision.Id.Sequence, decision.Arm, Volatile.Read(ref _sequence));
        if (isRestarted) leaf.Plan.Withdraw();
        leaf.Gate.Exit();
        if (isRestarted) CarryRestarts(settings, leaf);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CarryRestarts(RouterSettings settings, SegmentNode leaf)
    {
        Interlocked.Increment(ref _restarts);
        leaf.Ordered!.CarryRestarts(settings, leaf);
        RestartSafety(leaf.Key);
    }

    /// <summary>Records what became of a decision: whole, in parts, again, corrected, in any order.</summary>
    /// <exception cref="ArgumentException">The outcome is invalid, the arm unknown or the decision foreign; nothing changes.</exception>
    public Recorded Record(in Decision decision, in Outcome outcome)
    {
        try
        {
            return RecordChecked(decision, outcome);
        }
        catch (ArgumentException)
        {
            Interlocked.Increment(ref _refused);
            throw;
        }
    }

    private Recorded RecordChecked(in Decision decision, in Outcome outcome)
    {
        RouterSettings settings = Volatile.Read(ref _settings);
        int arm = decision.Arm;
        if ((uint)arm >= (uint)settings.Catalog.Count) Throw.Argument($"Decision {decision.Id} names arm {arm}; this router has arms 0 to {settings.Catalog.Count - 1}.");
        Arm definition = settings.Catalog.Arms[arm];
        Contribution contribution = Contribution.Of(outcome, definition.InputUsdPerMillionTokens ?? double.NaN, definition.OutputUsdPerMillionTokens ?? double.NaN);
        if (outcome.Attempt != decision.Attempt) Throw.OutOfRange("Attempt", outcome.Attempt, $"the decision's attempt, {decision.Attempt}");
        Plan? plan = _segments.Find(decision.Segment.Packed);
        if (plan is null || !plan.IsLeaf) ThrowForeign(decision);
        SegmentNode leaf = plan.Node;
        switch (_ledger.TryEnter(decision.Id, ref _sequence, plan.Index, arm))
        {
            case DecisionLedger.Standing.Evicted: return Recorded.BeyondHorizon;
            case DecisionLedger.Standing.Unknown: ThrowForeign(decision); break;
        }

        ref DecisionLedger.Slot slot = ref _ledger.SlotOf(decision.Id);

        // Any real outcome outranks an expiry.
        var rank = (ushort)(outcome.Kind == OutcomeKind.Expired ? 0 : outcome.Revision + 1);
        (OutcomeParts fresh, OutcomeParts corrected) = slot.Sort(contribution.Parts, rank);
        if ((fresh | corrected) == OutcomeParts.None)
        {
            slot.Gate.Exit();
            return Recorded.AlreadyKnown;
        }

        // The first grade, and the first judgement that says anything of availability, may come with a later revision.
        bool isJudged = ((fresh | corrected) & OutcomeParts.Judgement) != 0;
        bool wasGraded = false, wasHeard = false;
        float predicted = slot.PredictedQuality;
        bool wasPending = settings.KeepsOrder && slot.IsPending;
        Contribution known = Contribution.Empty;
        if (slot.Parts == OutcomeParts.None)
        {
            slot.Put(contribution, rank);
            Enter(settings, leaf, arm);
            CellOf(leaf, decision).Apply(contribution, 1);
        }
        else
        {
            known = slot.Counted();
            Contribution taken = known.Only(corrected);
            wasGraded = taken.Quality >= 0;
            wasHeard = (taken.Parts & OutcomeParts.Judgement) != 0 && taken.Kind != OutcomeKind.Expired;
            contribution = contribution.Only(fresh | corrected);
            slot.Merge(contribution, rank);
            Enter(settings, leaf, arm);
            ref Evidence cell = ref CellOf(leaf, decision);
            if (taken.Parts != OutcomeParts.None) cell.Apply(taken, -1);
            cell.Apply(contribution, 1);
        }

        if (isJudged && settings.SafetyGate is not null) GradeSafety(settings, plan.Key, decision, known.Only(corrected).Quality, contribution.Quality);
        bool isRestarted = settings.KeepsOrder
            && leaf.Ordered!.Learn(settings, leaf, decision, known, wasPending, slot.Counted(), slot.IsPending, Volatile.Read(ref _sequence));
        Leave(settings, leaf, arm, isJudged && !wasGraded && contribution.Quality >= 0, predicted, contribution.Quality);
        slot.Gate.Exit();
        if (isRestarted) CarryRestarts(settings, leaf);
        if (isJudged && !wasHeard && (outcome.Kind is OutcomeKind.Unavailable or OutcomeKind.Timeout || _availability.IsTroubled)) NoteAvailability(arm, outcome, decision);
        return corrected != OutcomeParts.None ? Recorded.Corrected : Recorded.Applied;
    }

    private static void Enter(RouterSettings settings, SegmentNode leaf, int arm)
    {
        leaf.Gate.Enter();
        leaf.Plan.Withdraw();
        if (leaf.Choices is { } kept) kept.Outdate(arm);
        if (leaf.Own.Length < settings.Catalog.Count) leaf.EnsureArms(settings.Catalog.Count, isLeaf: true);
        if (settings.KeepsOrder) leaf.OrderedOf(settings);
    }

    /// <summary>
    /// Inside the leaf's gate: the cell that a decision's outcome belongs to, that of a closed epoch when the cell has been restarted since, be it by a router
    /// before this one that watched for changes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Evidence CellOf(SegmentNode leaf, in Decision decision)
    {
        if (leaf.Ordered is { } ordered && ordered.IsClosed(decision.Id, decision.Arm)) return ref ordered.Closed[decision.Arm];
        return ref leaf.Own[decision.Arm];
    }

    /// <summary>Inside the leaf's gate, which it leaves: lets exploration see the outcome and carries the cell to the parents when that is due.</summary>
    private void Leave(RouterSettings settings, SegmentNode leaf, int arm, bool isGraded, double predicted, long qualityUnits)
    {
        if (isGraded && settings.AdaptExploration)
        {
            double observed = FixedPoint.QualityFrom(qualityUnits);
            leaf.Exploration.Observe(predicted, observed, settings.ExplorationRate);
            leaf.Unseen.Count++;
            leaf.Unseen.Shortfall += predicted - observed;
            leaf.Unseen.Variance += predicted * (1 - predicted);
        }

        if (RollUp.IsDue(leaf, arm, settings.ImmediateRollUp)) LeaveAndCarry(settings, leaf, arm);
        else leaf.Gate.Exit();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LeaveAndCarry(RouterSettings settings, SegmentNode leaf, int arm)
    {
        RollUp.Take(leaf, arm, out Evidence delta);
        (int Count, double Shortfall, double Variance) unseen = leaf.Unseen;
        leaf.Unseen = default;
        leaf.Gate.Exit();
        _overall.Observe(unseen, settings.ExplorationRate);
        RollUp.Carry(settings, leaf, arm, delta);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Decision Undecided(in Request request, DecisionId id, Plan plan, Ineligibility whyNone) => new()
    {
        Id = id,
        Segment = new SegmentKey(plan.Key),
        Arm = -1,
        TimeTicks = request.TimeTicks,
        Attempt = request.Attempt,
        WhyNone = whyNone,
    };

    /// <summary>The long way: derives beliefs, asks the policy, draws, and keeps the plan where that is allowed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Ineligibility PlanAndDraw(
        RouterSettings settings, Plan kept, in Request request, ulong key, DecisionId id, double unit, out PlannedArm drawn, out DecisionTraits traits)
    {
        DecisionScratch scratch = DecisionScratch.For(settings.Catalog.Count, _schema.Depth + 2);
        _availability.Settle(request.TimeTicks);
        bool isCalm = request.TimeTicks == 0 || !_availability.IsTroubled; // before beliefs are derived: a plan made in trouble is not kept
        Planner.Result plan = Planner.Plan(settings, kept.Node, request, _availability, _overall, scratch);
        drawn = default;
        traits = plan.Traits;
        if (scratch.Count == 0) return plan.WhyNone;
        if (request.Session != 0 || settings.SafetyGate is not null)
        {
            drawn = Compose(settings, scratch, plan, request, kept.Key, key, id, unit, out traits);
            return Ineligibility.None;
        }

        if (!plan.HasPmf)
        {
            if (settings.KeepsChoices && request.IsUnconstrained && isCalm)
            {
                plan.RootSequence = _schema.Depth == 0 ? 0 : plan.RootSequence;
                (kept.Node.Choices ?? kept.Node.NewChoices()).Keep(settings, kept.Node, plan, scratch);
            }

            drawn = ChooseWithoutPmf(settings, scratch, plan, key, id, unit);
            return Ineligibility.None;
        }

        scratch.PutLikeliestFirst();
        drawn = Concurrency.Plan.DrawFrom(scratch.Plan, unit);
        if (request.IsUnconstrained && isCalm && settings.KeepsPlans)
            kept.Keep(settings, plan.LeafSequence, plan.RootSequence, plan.Traits, scratch.Plan);
        return Ineligibility.None;
    }

    /// <summary>The policy cannot say its probabilities: it chooses for itself, behind the same exploration share, and the propensity is not computed.</summary>
    private static PlannedArm ChooseWithoutPmf(RouterSettings settings, DecisionScratch scratch, in Planner.Result plan, ulong key, DecisionId id, double unit) =>
        Planner.ChooseWithoutPmf(
            settings, Planner.ChoicesOf(settings, scratch, scratch.Count, plan.Round), scratch.Plan, plan.ExplorationRate,
            new RandomStream(key, id.Sequence, StreamPurpose.Policy), unit);

    private Plan Check(in Request request, bool isPlain)
    {
        if (!isPlain || !request.Id.IsNone || (ulong)request.TimeTicks > Outcome.MaxTimeTicks || (uint)request.Attempt > ushort.MaxValue || request.MinContextWindow < 0) CheckLimits(request);
        ulong key = KeyOf(request.Segment);
        Plan? plan = _segments.Find(key);
        return plan is not null && plan.IsLeaf ? plan : NewLeaf(key);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CheckLimits(in Request request)
    {
        if (request.MaxCostUsd is { } most && !(most >= 0 && double.IsFinite(most))) Refuse(nameof(Request.MaxCostUsd), most, "0 or more, finite");
        if (request.MinContextWindow < 0) Refuse(nameof(Request.MinContextWindow), request.MinContextWindow, "0 tokens or more");
        if ((ulong)request.TimeTicks > Outcome.MaxTimeTicks) Refuse(nameof(Request.TimeTicks), request.TimeTicks, "[0, 3155378975999999999] UTC ticks");
        if ((uint)request.Attempt > ushort.MaxValue) Refuse(nameof(Request.Attempt), request.Attempt, "[0, 65535]");
        if (!request.Id.IsNone && (request.Id.Sequence is 0 or > long.MaxValue || request.Id.Incarnation == 0))
            Refuse(nameof(Request.Id), request.Id.Sequence, "incarnation above 0 and sequence in [1, 9223372036854775807]");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Plan NewLeaf(ulong key)
    {
        try
        {
            return _segments.Leaf(key);
        }
        catch (ArgumentException)
        {
            Interlocked.Increment(ref _refused);
            throw;
        }
    }

    private ulong KeyOf(SegmentKey segment) => segment.Packed == 0 ? _schema.NoneKey : segment.Packed;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Adopt(DecisionId id, RouterSettings settings, ref ulong key, ref ushort tag)
    {
        if (id.Incarnation != _incarnation)
        {
            key = RandomStream.KeyOf(settings.Seed, id.Incarnation);
            tag = DecisionLedger.TagOf(id.Incarnation);
        }

        Interlocked.MemoryBarrier(); // the ledger relies on a fence between taking a sequence and opening its slot
        long seen = Volatile.Read(ref _sequence);
        while ((long)id.Sequence > seen)
        {
            long before = Interlocked.CompareExchange(ref _sequence, (long)id.Sequence, seen);
            if (before == seen) break;
            seen = before;
        }
    }

    private void NoteAvailability(int arm, in Outcome outcome, in Decision decision)
    {
        if (outcome.Kind is null or OutcomeKind.Expired) return;
        long nowTicks = outcome.TimeTicks != 0 ? outcome.TimeTicks : decision.TimeTicks;
        if (outcome.Kind is OutcomeKind.Unavailable or OutcomeKind.Timeout) _availability.Down(arm, nowTicks, outcome.RetryAfter ?? TimeSpan.Zero);
        else _availability.Up(arm, nowTicks);
    }

    [DoesNotReturn]
    private void Refuse(string name, double value, string range)
    {
        Interlocked.Increment(ref _refused);
        Throw.OutOfRange(name, value, range);
    }

    [DoesNotReturn]
    private static void ThrowForeign(in Decision decision) =>
        throw new ArgumentException($"Decision {decision.Id} was not issued by this router; its outcome cannot be recorded here.");
}
