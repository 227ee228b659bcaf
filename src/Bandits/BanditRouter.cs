using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Journaling;
using Bandits.Numerics;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <summary>Decides which arm handles the next task, and learns from what became of it. Thread-safe.</summary>
/// <remarks>
/// Deciding never waits for I/O, a queue or anything that a file or another process holds up. It spins while another thread is at the same segment or its parents' sums, which
/// takes well below a microsecond; with a policy that counts pending decisions, also while one is at the segment of the old decision whose place in the ledger it takes. Like recording, it
/// allocates nothing in steady state. With the same options, seed and serial sequence of calls the decisions are the same bit for bit.
/// </remarks>
public sealed partial class BanditRouter
{
    private readonly SegmentSchema _schema;
    private readonly SegmentMap _segments;
    private readonly SegmentNode _root;
    private readonly DecisionLedger _ledger;
    private readonly SequenceSource _sequences;
    private readonly AvailabilityTable _availability;
    private readonly OverallExploration _overall = new();
    private readonly ulong _incarnation;
    private readonly ushort _tag;
    private RouterOptions _given;
    private RouterSettings _settings;
    private long _sequence;
    private long _refused;
    private long _late;
    private long _restarts;
    private long _nowTicks;

    /// <summary>Creates a router.</summary>
    /// <exception cref="ArgumentException">The options are invalid; the message lists every fault.</exception>
    public BanditRouter(RouterOptions options)
    {
        Validate(options);
        _given = options.Clone();
        _incarnation = options.Incarnation;
        _tag = DecisionLedger.TagOf(_incarnation);
        _tokenKey = DecisionToken.KeyOf(options);
        _schema = new SegmentSchema(options.Dimensions, options.MaxValuesPerDimension);
        _segments = new SegmentMap(_schema, options.MaxSegments);
        _root = _segments.Root;
        _ledger = new DecisionLedger(options.LedgerCapacity);
        _sequences = new SequenceSource(options.LedgerCapacity);
        _features = FeatureArena.Of(options);
        if (options.SpendCaps.Count > 0) _spent = new SpendLedger(options.LedgerCapacity);
        _availability = new AvailabilityTable(options.AvailabilityHalfLifeSeconds);
        var faults = new List<string>();
        _settings = new RouterSettings(options, Merge(options, Empty(options), faults), _schema);
        if (faults.Count > 0) Throw.Argument(string.Join(" ", faults));
    }

    /// <summary>The highest sequence given out. Decisions made so far, as long as threads do not decide at the same time: then each takes numbers in blocks and may leave some unused.</summary>
    public long DecisionCount => Volatile.Read(ref _sequence);

    /// <summary>Calls refused because of bad input.</summary>
    public long RefusedCount => Volatile.Read(ref _refused);

    /// <summary>Outcomes that came too late to be counted since this router was opened: <see cref="Recorded.BeyondHorizon"/> and <see cref="Recorded.Lost"/>.</summary>
    public long LateCount => Volatile.Read(ref _late);

    /// <summary>Changes detected, and cells restarted by hand, since this router was opened.</summary>
    public long RestartCount => Volatile.Read(ref _restarts);

    /// <summary>The strategy in force.</summary>
    public Strategy Strategy => Volatile.Read(ref _settings).Strategy;

    /// <summary>The objective in force.</summary>
    public Objective Objective => Volatile.Read(ref _settings).Objective;

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
        bool isPlain = IsPlain(settings, request);
        Plan plan = Check(request, isPlain);
        if (settings.Caps is not null) CheckTime(request);
        if (request.IsAfterFailure) plan = _segments.ConditionalOf(plan.Node).Plan;
        DecisionId id = request.Id;
        ulong key = settings.StreamKey;
        ushort tag = _tag;
        if (id.IsNone) id = new DecisionId(_incarnation, _sequences.Next(ref _sequence));
        else Adopt(id, settings, ref key, ref tag);

        long began = (id.Sequence & settings.TimedMask) == 0 ? settings.Probe!.Begin() : 0;
        double unit = new RandomStream(key, id.Sequence, StreamPurpose.Draw).NextUnit();
        long stamp = _availability.IsTroubled ? _availability.Stamp : 0; // before the time: the clock moves first, then the stamp
        long now = NowOf(request);
        if (stamp != 0) stamp = now == 0 ? 0 : request.TimeTicks == 0 ? stamp : AvailabilityTable.NoStamp;
        if (!isPlain || stamp == AvailabilityTable.NoStamp || !TryKept(settings, plan, stamp, key, id, unit, out PlannedArm drawn, out DecisionTraits traits, out long entry))
        {
            Ineligibility whyNone = PlanAndDraw(settings, plan, request, now, stamp, key, id, unit, out drawn, out traits, out entry);
            if (whyNone != Ineligibility.None)
            {
                decision = Undecided(request, now, id, plan, whyNone);
                if (_isCounting) _tallies.Mine.Refused();
                if (settings.Journal is { } journal) WriteDown(journal, plan.Node, decision, request, unit, entry);
                return false;
            }
        }

        decision = Decided(request, now, plan, id, drawn, traits);
        if (!request.Features.IsEmpty) KeepFeatures(request, decision);
        Open(settings, plan, ref decision, tag, request, unit, entry);
        if (_isCounting) Count(settings, decision);
        if (began != 0) settings.Probe!.Decided(began);
        return true;
    }

    /// <summary>
    /// Sets the router's coarse clock, for requests and outcomes that bring no time of their own. Whoever sets it keeps setting it, every so often and from one place, as a host's adapter does, and
    /// stops it with 0 in the end: a clock that stands still would never let an arm come back that asked to be left alone.
    /// </summary>
    /// <param name="nowTicks">Now, UTC ticks; 0 for no clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public void SetClock(long nowTicks)
    {
        if ((ulong)nowTicks > Outcome.MaxTimeTicks) Throw.OutOfRange(nameof(nowTicks), nowTicks, "[0, 3155378975999999999] UTC ticks");
        Volatile.Write(ref _nowTicks, nowTicks);
        _availability.Turn();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long NowOf(in Request request) => request.TimeTicks != 0 ? request.TimeTicks : Volatile.Read(ref _nowTicks);

    /// <summary>The short way: draws from the plan that is kept, or lets the policy choose from the beliefs that are; false when neither still holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryKept(RouterSettings settings, Plan plan, long stamp, ulong key, DecisionId id, double unit, out PlannedArm drawn, out DecisionTraits traits, out long entry)
    {
        int rootSequence = _root.Gate.Sequence;
        entry = -1;
        if (settings.KeepsChoices && stamp == 0 && plan.Node.Choices is { } choices
            && choices.TryChoose(settings, plan.Node, _schema.Depth == 0 ? 0 : rootSequence, new RandomStream(key, id.Sequence, StreamPurpose.Policy), unit, out drawn, out traits))
            return true;
        return plan.TryDraw(settings, rootSequence, stamp, unit, out drawn, out traits, out entry) && (settings.Journal is not { } journal || IsWritten(journal, entry));
    }

    /// <summary>Whether a kept plan stands in the journal's present file; where there is no room to write it again it may be drawn from all the same.</summary>
    private static bool IsWritten(IRouterJournal journal, long entry) => entry >= journal.FileStart || !journal.HasRoom;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Decision Decided(in Request request, long now, Plan leaf, DecisionId id, in PlannedArm drawn, DecisionTraits traits) => new()
    {
        Id = id,
        Segment = new SegmentKey(leaf.Key),
        Arm = drawn.Arm,
        Propensity = drawn.Probability,
        TimeTicks = now,
        Attempt = request.Attempt,
        PredictedQuality = drawn.PredictedQuality,
        PredictedCostUsd = drawn.PredictedCostUsd,
        Traits = drawn.IsExploited ? traits : traits | DecisionTraits.Explored,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Open(RouterSettings settings, Plan leaf, ref Decision decision, ushort tag, in Request request, double unit, long entry)
    {
        if (settings.KeepsOrder)
        {
            OpenInOrder(settings, leaf.Node, ref decision, tag, request, unit, entry);
            return;
        }

        // The slot before the entry: a snapshot that holds the entry holds the slot.
        bool isNew = _ledger.Open(decision.Id, tag, ref _sequence, leaf.Index, decision.Arm, decision.PredictedQuality);
        if (settings.Budget is not null && isNew) _spending.Charge(decision.PredictedCostUsd);
        if (settings.Journal is { } journal && isNew) WriteDown(journal, leaf.Node, decision, request, unit, entry);
    }

    /// <summary>Opens the ledger's slot, tells the segments whose decision waits and whose is no longer waited for, and notes what its segment has learnt by now.</summary>
    private void OpenInOrder(RouterSettings settings, SegmentNode leaf, ref Decision decision, ushort tag, in Request request, double unit, long entry)
    {
        SettleEvicted(decision.Id);
        bool isNew = _ledger.Open(decision.Id, tag, ref _sequence, leaf.Index, decision.Arm, decision.PredictedQuality);
        if (!settings.Forgetting.IsNone && leaf.Ordered is { } ordered) decision = decision with { SegmentOutcomes = settings.Forgetting.Learnt(ordered.Memory) };
        if (!isNew) return;
        if (settings.Budget is not null) _spending.Charge(decision.PredictedCostUsd);
        IRouterJournal? journal = settings.Journal;
        int bytes = 0, room = journal is null ? 0 : TryPrepare(journal, leaf, decision, request, unit, entry, long.MaxValue);
        leaf.Gate.Enter();
        long latest = Volatile.Read(ref _sequence);
        if (room > 0)
        {
            bytes = Encode(journal!, decision, request, unit, entry, latest);
            leaf.Position = journal!.Append();
        }

        bool isRestarted = AwaitInOrder(settings, leaf, decision, latest);
        leaf.Gate.Exit();
        journal?.Release(room - bytes);
        if (isRestarted) CarryRestarts(settings, leaf);
    }

    /// <summary>Before a decision takes its slot: that of which the slot was is no longer waited for.</summary>
    private void SettleEvicted(DecisionId id)
    {
        if (!_ledger.WouldEvictPending(id, ref _sequence, out int segment, out int arm) || (uint)segment >= (uint)_segments.Nodes.Length) return;
        SegmentNode former = _segments.Nodes[segment];
        former.Gate.Enter();
        former.Ordered?.Settle(arm);
        former.Gate.Exit();
    }

    /// <summary>Inside the leaf's gate: a decision now waits for its outcome. True when that ended the wait for an older one, and a change was detected.</summary>
    private bool AwaitInOrder(RouterSettings settings, SegmentNode leaf, in Decision decision, long latest)
    {
        settings = NoOlderThan(leaf, settings);
        bool isRestarted = leaf.OrderedOf(settings).Open(settings, leaf, decision.Id.Sequence, decision.Arm, latest);
        if (isRestarted) leaf.Plan.Withdraw();
        return isRestarted;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CarryRestarts(RouterSettings settings, SegmentNode leaf)
    {
        Interlocked.Increment(ref _restarts);
        _sequences.EndBlocks();
        leaf.Ordered!.CarryRestarts(settings, leaf);
        RestartSafety(leaf.Key);
    }

    /// <summary>Records what became of a decision: whole, in parts, again, corrected, in any order.</summary>
    /// <exception cref="ArgumentException">The outcome is invalid, the arm unknown or the decision foreign; nothing changes.</exception>
    public Recorded Record(in Decision decision, in Outcome outcome)
    {
        if (Volatile.Read(ref _settings).Probe is { IsTracing: true } probe) return RecordTraced(probe, decision, outcome);
        return RecordCounted(decision, outcome);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Recorded RecordTraced(IRouterProbe probe, in Decision decision, in Outcome outcome)
    {
        object? began = probe.BeginRecord(decision, outcome);
        Recorded result = default;
        Exception? exception = null;
        try
        {
            return result = RecordCounted(decision, outcome);
        }
        catch (Exception e)
        {
            exception = e;
            throw;
        }
        finally
        {
            probe.EndRecord(began, result, exception);
        }
    }

    private Recorded RecordCounted(in Decision decision, in Outcome outcome)
    {
        try
        {
            return outcome.TimeTicks == 0 && IsTimeKept(outcome) ? RecordNow(decision, outcome) : RecordChecked(decision, outcome);
        }
        catch (ArgumentException)
        {
            Interlocked.Increment(ref _refused);
            throw;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Recorded RecordNow(in Decision decision, in Outcome outcome) => RecordChecked(decision, outcome with { TimeTicks = Volatile.Read(ref _nowTicks) });

    /// <summary>Whether the time of an outcome can matter: it tells of an arm that is down, or one that was is up again.</summary>
    private bool IsTimeKept(in Outcome outcome) => (outcome.Kind is OutcomeKind.Unavailable or OutcomeKind.Timeout || _availability.IsTroubled) && Volatile.Read(ref _nowTicks) != 0;

    [SkipLocalsInit]
    private Recorded RecordChecked(in Decision decision, in Outcome outcome)
    {
        RouterSettings settings = Volatile.Read(ref _settings);
        int arm = decision.Arm;
        _ledger.Expect(decision.Id);
        if (decision.Id.Incarnation != _incarnation && IsLost(decision)) return TooLate(Recorded.Lost);
        if ((uint)arm >= (uint)settings.Catalog.Count) Throw.Argument($"Decision {decision.Id} names arm {arm}; this router has arms 0 to {settings.Catalog.Count - 1}.");
        Arm definition = settings.Catalog.Arms[arm];
        Contribution contribution = Contribution.Of(outcome, definition.InputUsdPerMillionTokens ?? double.NaN, definition.OutputUsdPerMillionTokens ?? double.NaN);
        if (outcome.Attempt != decision.Attempt) Throw.OutOfRange("Attempt", outcome.Attempt, $"the decision's attempt, {decision.Attempt}");
        Plan? plan = _segments.Find(decision.Segment.Packed);
        if (plan is null || !plan.IsLeaf) ThrowForeign(decision);
        if ((decision.Traits & DecisionTraits.AfterFailure) != 0) plan = _segments.ConditionalOf(plan.Node).Plan;
        SegmentNode leaf = plan.Node;
        IRouterJournal? journal = settings.Journal;
        long latest = journal is not null ? Volatile.Read(ref _sequence) : 0;
        var rank = (ushort)(outcome.Kind == OutcomeKind.Expired ? 0 : outcome.Revision + 1); // any real outcome outranks an expiry
        int bytes = 0, room = 0;
        bool isEncoded = !settings.KeepsOrder; // else the latest sequence has to be that at which the segment is entered
        if (journal is not null && IsNamed(journal, leaf, waits: true))
        {
            // Encoded as it will nearly always stand, as the first that is known of its decision, while the slot is on its way from memory; and room is taken here, where one may wait.
            if (isEncoded) bytes = journal.EncodeOutcome(decision, outcome, contribution, Contribution.Empty, OutcomeParts.None, rank, decision.PredictedQuality, leaf.IsConditional, latest);
            room = isEncoded ? bytes : journal.RoomOf(outcome);
            if (!journal.Reserve(room)) room = 0;
        }

        ref DecisionLedger.Slot slot = ref _ledger.SlotOf(decision.Id);
        while (true)
        {
            DecisionLedger.Standing standing = _ledger.TryEnter(decision.Id, ref _sequence, plan.Index, arm);
            if (standing == DecisionLedger.Standing.Open)
            {
                if (room == 0 || !isEncoded || (slot.Parts == OutcomeParts.None && slot.PredictedQuality.Equals(decision.PredictedQuality))) break;
                slot.Gate.Exit();
                isEncoded = false; // more is known than was encoded
                journal!.Release(room);
                room = journal.RoomOf(outcome);
                if (!journal.Reserve(room)) room = 0;
                continue;
            }

            journal?.Release(room);
            if (standing == DecisionLedger.Standing.Unknown) ThrowForeign(decision);
            return TooLate(Recorded.BeyondHorizon);
        }

        (OutcomeParts fresh, OutcomeParts corrected) = slot.Sort(contribution.Parts, rank);
        if ((fresh | corrected) == OutcomeParts.None)
        {
            slot.Gate.Exit();
            journal?.Release(room);
            journal?.Confirm(Volatile.Read(ref leaf.Position)); // told again because the first time was not confirmed, perhaps
            return Recorded.AlreadyKnown;
        }

        Contribution known = Contribution.Empty;
        if (slot.Parts == OutcomeParts.None)
        {
            slot.Put(contribution, rank);
        }
        else
        {
            known = slot.Counted();
            contribution = contribution.Only(fresh | corrected);
            slot.Merge(contribution, rank);
        }

        _spent?.Settle(decision.Id, known.With(contribution)); // before the entry of it
        if (settings.Budget is not null) _spending.Settle(decision.PredictedCostUsd, known, known.With(contribution));
        float predicted = slot.PredictedQuality;
        settings = Enter(settings, leaf, arm);
        if (settings.KeepsOrder) latest = Volatile.Read(ref _sequence); // inside the gate: what the segment has learnt so far is of decisions up to this
        if (room == 0) bytes = 0;
        else if (!isEncoded) bytes = journal!.EncodeOutcome(decision, outcome, contribution, known, corrected, rank, predicted, leaf.IsConditional, latest);
        long position = 0;
        if (bytes > 0) leaf.Position = position = journal!.Append();
        bool isRestarted = AbsorbAndLeave(settings, leaf, decision, contribution, known, corrected, predicted, latest, position);
        slot.Gate.Exit();
        if (isRestarted) CarryRestarts(settings, leaf);
        if (settings.Models is { } models) LearnModel(settings, models, leaf, decision, known, known.With(contribution), position, isReplayed: false);
        if (settings.ArmDrift is { } drift) Watch(settings, drift, decision, contribution, known, isReplayed: false);
        if (_isCounting) Count(arm, contribution, known, corrected);
        NoteAvailability(arm, contribution, known, corrected, outcome.TimeTicks != 0 ? outcome.TimeTicks : decision.TimeTicks, outcome.RetryAfter ?? TimeSpan.Zero);
        if (bytes > 0)
        {
            if (room > bytes) journal!.Release(room - bytes);
            journal!.Confirm(position);
        }

        if (settings.KeepsOrder && leaf.Ordered!.Fault is not null) ThrowFault(leaf);

        return corrected != OutcomeParts.None ? Recorded.Corrected : Recorded.Applied;
    }

    /// <summary>
    /// Inside the leaf's gate, which it leaves: what an outcome changes in its segment, the same when it is recorded and when it is replayed. True when a change
    /// was detected.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool AbsorbAndLeave(
        RouterSettings settings, SegmentNode leaf, in Decision decision, in Contribution counted, in Contribution known, OutcomeParts corrected, float predicted, long latest, long position)
    {
        // The first grade may come with a later revision.
        bool isJudged = (counted.Parts & OutcomeParts.Judgement) != 0;
        long takenQuality = Contribution.NoQuality;
        ref Evidence cell = ref CellOf(leaf, decision);
        if (corrected != OutcomeParts.None)
        {
            Contribution taken = known.Only(corrected);
            takenQuality = taken.Quality;
            cell.Apply(taken, -1);
        }

        cell.Apply(counted, 1);
        if (settings.LatencyLimit is not null) CountLatency(leaf, decision, counted, known, corrected);
        if (isJudged && settings.SafetyGate is not null) GradeSafety(settings, leaf.Key, decision, takenQuality, counted.Quality, position);
        bool isRestarted = false;
        if (settings.KeepsOrder)
        {
            Contribution all = known.With(counted);
            isRestarted = leaf.Ordered!.Learn(settings, leaf, decision, known, known.IsPending, all, all.IsPending, latest);
        }

        Leave(settings, leaf, decision.Arm, isJudged && takenQuality < 0 && counted.Quality >= 0, predicted, counted.Quality);
        return isRestarted;
    }

    private Recorded TooLate(Recorded why)
    {
        Interlocked.Increment(ref _late);
        return why;
    }

    /// <summary>Enters the leaf's gate for an arm that the settings know; returns the settings to go on with.</summary>
    private RouterSettings Enter(RouterSettings settings, SegmentNode leaf, int arm)
    {
        leaf.Gate.Enter();
        settings = NoOlderThan(leaf, settings);
        leaf.Plan.Withdraw();
        if (leaf.Choices is { } kept) kept.Outdate(arm);
        if (leaf.Own.Length < settings.Catalog.Count) leaf.EnsureArms(settings.Catalog.Count, isLeaf: true);
        if (settings.KeepsOrder) leaf.OrderedOf(settings);
        return settings;
    }

    /// <summary>
    /// Inside the leaf's gate: settings that know every arm the leaf knows. An arm may have been added, and used by others, since this thread read its settings.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RouterSettings NoOlderThan(SegmentNode leaf, RouterSettings settings) => leaf.Own.Length <= settings.Catalog.Count ? settings : Volatile.Read(ref _settings);

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
        if (settings.LatencyLimit is not null) LatencyPooling.Carry(leaf, arm);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Decision Undecided(in Request request, long now, DecisionId id, Plan plan, Ineligibility whyNone) => new()
    {
        Id = id,
        Segment = new SegmentKey(plan.Key),
        Arm = -1,
        TimeTicks = now,
        Attempt = request.Attempt,
        WhyNone = whyNone,
    };

    /// <summary>The long way: derives beliefs, asks the policy, draws, and keeps the plan where that is allowed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Ineligibility PlanAndDraw(
        RouterSettings settings, Plan kept, in Request request, long now, long stamp, ulong key, DecisionId id, double unit, out PlannedArm drawn, out DecisionTraits traits, out long entry)
    {
        if (settings.Caps is { } caps) return PlanAndDraw(settings, caps, kept, request, now, key, id, unit, out drawn, out traits, out entry);
        DecisionScratch scratch = ScratchFor(settings);
        _availability.Settle(now);
        Planner.Result plan = PlanNoted(settings, kept.Node, request, now, scratch);
        if (kept.Node.IsConditional) plan.Traits |= DecisionTraits.AfterFailure;
        drawn = default;
        traits = plan.Traits;
        entry = -1;
        if (scratch.Count == 0)
        {
            entry = WriteDown(settings, kept.Node, plan, scratch, traits);
            return plan.WhyNone;
        }

        if ((request.Session != 0 && !request.IsAfterFailure) || settings.SafetyGate is not null)
        {
            PlannedArm chosen = plan.HasPmf ? default : ChooseWithoutPmf(settings, scratch, plan, key, id, unit);
            drawn = Compose(settings, scratch, plan, chosen, request, kept.Key, id, unit, out traits);
            entry = WriteDown(settings, kept.Node, plan, scratch, traits);
            return Ineligibility.None;
        }

        if (!plan.HasPmf)
        {
            if (settings.KeepsChoices && IsPlain(settings, request) && IsCalm(stamp, now))
            {
                plan.RootSequence = _schema.Depth == 0 ? 0 : plan.RootSequence;
                (kept.Node.Choices ?? kept.Node.NewChoices()).Keep(settings, kept.Node, plan, scratch);
            }

            drawn = ChooseWithoutPmf(settings, scratch, plan, key, id, unit);
            entry = WriteDown(settings, kept.Node, plan, scratch, traits);
            return Ineligibility.None;
        }

        entry = WriteDown(settings, kept.Node, plan, scratch, traits);
        scratch.PutLikeliestFirst();
        drawn = Concurrency.Plan.DrawFrom(scratch.Plan, unit);
        if (IsPlain(settings, request) && settings.KeepsPlans && (stamp > 0 || IsCalm(stamp, now)))
            kept.Keep(settings, plan.LeafSequence, plan.RootSequence, stamp, plan.Traits, scratch.Plan, entry);
        return Ineligibility.None;
    }

    /// <summary>Whether a request is decided as any other of its segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(RouterSettings settings, in Request request) => request.IsUnconstrained && (settings.Models is null || request.Features.IsEmpty);

    /// <summary>After beliefs were derived: whether no trouble can have entered them.</summary>
    private bool IsCalm(long stamp, long now) => stamp == 0 && (now == 0 || !_availability.IsTroubled);

    /// <summary>The policy cannot say its probabilities: it chooses for itself, behind the same exploration share, and the propensity is not computed.</summary>
    private static PlannedArm ChooseWithoutPmf(RouterSettings settings, DecisionScratch scratch, in Planner.Result plan, ulong key, DecisionId id, double unit) =>
        Planner.ChooseWithoutPmf(
            settings, Planner.ChoicesOf(settings, scratch, scratch.Count, plan.Round), scratch.Plan, plan.ExplorationRate,
            new RandomStream(key, id.Sequence, StreamPurpose.Policy), unit);

    /// <summary>This thread's working memory: a level for each dimension, one for the root, one for attempts after a failure and one for what the parents have.</summary>
    private DecisionScratch ScratchFor(RouterSettings settings) => DecisionScratch.For(settings.Catalog.Count, _schema.Depth + 3);

    private Plan Check(in Request request, bool isPlain)
    {
        if (!isPlain || !request.Id.IsNone || (ulong)request.TimeTicks > Outcome.MaxTimeTicks || (uint)request.Attempt > ushort.MaxValue || request.MinContextWindow < 0 || !request.Features.IsEmpty || request.HasReserve) CheckLimits(request);
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
        if (request.IsAfterFailure && request.Attempt == 0) Refuse(nameof(Request.Attempt), 0, "[1, 65535] when IsAfterFailure is set");
        if ((uint)request.Attempt > ushort.MaxValue) Refuse(nameof(Request.Attempt), request.Attempt, "[0, 65535]");
        if (!request.Id.IsNone && (request.Id.Sequence is 0 or > long.MaxValue || request.Id.Incarnation == 0))
            Refuse(nameof(Request.Id), request.Id.Sequence, "incarnation above 0 and sequence in [1, 9223372036854775807]");
        if (request.ReserveUsd is { } reserve && !(reserve >= 0 && reserve <= Outcome.MaxCostUsd)) Refuse(nameof(Request.ReserveUsd), reserve, "[0, 1e6] USD");
        if (request.ReserveInputTokens < 0) Refuse(nameof(Request.ReserveInputTokens), request.ReserveInputTokens, "0 tokens or more");
        if (request.ReserveOutputTokens < 0) Refuse(nameof(Request.ReserveOutputTokens), request.ReserveOutputTokens, "0 tokens or more");
        if (!request.Features.IsEmpty) CheckFeatures(request.Features.Span);
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
            Remember(id.Incarnation);
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

    /// <summary>Tells the availability of an arm by the first judgement that says anything of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteAvailability(int arm, in Contribution counted, in Contribution known, OutcomeParts corrected, long nowTicks, TimeSpan retryAfter)
    {
        if ((counted.Parts & OutcomeParts.Judgement) == 0 || counted.Kind == OutcomeKind.Expired) return;
        bool isDown = counted.Kind is OutcomeKind.Unavailable or OutcomeKind.Timeout;
        if (!isDown && !_availability.IsTroubled) return;
        bool wasHeard = (corrected & OutcomeParts.Judgement) != 0 && known.Kind != OutcomeKind.Expired;
        if (wasHeard) return;
        if (isDown) _availability.Down(arm, nowTicks, retryAfter);
        else _availability.Up(arm, nowTicks);
    }

    [DoesNotReturn]
    private void Refuse(string name, double value, string range)
    {
        Interlocked.Increment(ref _refused);
        Throw.OutOfRange(name, value, range);
    }

    /// <summary>Tells somebody who recorded that the policy threw.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowFault(SegmentNode leaf)
    {
        if (Interlocked.Exchange(ref leaf.Ordered!.Fault, null) is { } fault)
            throw new InvalidOperationException($"The policy {_settings.Policy.GetType().Name} threw while it learnt an outcome in segment {leaf.Key:x}. The outcome counts as evidence; the policy's state of the segment starts anew.", fault);
    }

    [DoesNotReturn]
    private static void ThrowForeign(in Decision decision) =>
        throw new ArgumentException($"Decision {decision.Id} was not issued by this router; its outcome cannot be recorded here.");
}
