using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Journaling;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>What a journal tells a router that continues: entries in the order of their positions, before anybody decides.</content>
public sealed partial class BanditRouter
{
    /// <summary>Decisions of which there is an outcome and no entry so far, and what they are charged, nano-USD: one that expired, or that another thread was told under the same id, while its own thread was about to write it down comes after.</summary>
    private readonly Dictionary<DecisionId, long> _unheard = [];

    /// <summary>What the latest decision was drawn by, and its sequence: of decisions made together the controller saw one request.</summary>
    private (double Unit, ulong Sequence) _together = (double.NaN, 0);

    /// <summary>Arms in a row whose descriptions may be missing before one that is there.</summary>
    private const int MostLostArms = 1024;

    /// <summary>Makes a router for a journal to be replayed on: with a state's arms, to which the options' own are added at the end.</summary>
    internal static BanditRouter Replaying(RouterOptions options, RouterState? state, List<string> faults) => new(options, state ?? Empty(options), faults, isReplayed: true);

    /// <summary>A router with these ids began.</summary>
    internal void ReplayOpening(ulong incarnation, long after, long number)
    {
        _sequence = Math.Max(_sequence, after);
        foreach (OpeningState opening in _openings)
            if (opening.Incarnation == incarnation) return; // the state has it
        _openings = [.. KnownOpenings(), new OpeningState(incarnation, after, after, number)];
    }

    /// <summary>From here on the router explored by these settings; what a segment has learnt of exploring depends on them.</summary>
    internal void ReplaySettings(bool adaptsExploration, double explorationRate) => _settings = _settings.WithExploration(adaptsExploration, explorationRate);

    /// <summary>From here on the router had this budget, or none: what it was not charged for it need not make up for.</summary>
    internal void ReplayBudget(Budget? budget) => _settings = _settings.WithBudget(budget);

    /// <summary>A key got these names; false when it has others.</summary>
    internal bool ReplaySegment(ulong key, ReadOnlySpan<string> names)
    {
        if (!_schema.TryName(key, names) || !_schema.IsLeaf(key)) return false;
        _segments.Leaf(key);
        return true;
    }

    /// <summary>There is an arm at a place. Places in between whose arms are not known are kept free of others.</summary>
    internal bool ReplayArm(int index, Arm arm, ArmStatus status, long position)
    {
        ArmCatalog catalog = _settings.Catalog;
        if (index > catalog.Count + MostLostArms) return false;
        if (index < catalog.Count && catalog.Status[index] == status && catalog.Arms[index].IsSameAs(arm)) return true; // each file describes them all
        var arms = new List<Arm>(catalog.Arms);
        var states = new List<ArmStatus>(catalog.Status);
        for (int i = arms.Count; i < index; i++)
        {
            arms.Add(new Arm { Id = $"(lost {i})" });
            states.Add(ArmStatus.Retired);
        }

        if (index == arms.Count)
        {
            if (catalog.TryIndexOf(arm.Id, out _)) return false;
            arms.Add(arm);
            states.Add(status);
        }
        else
        {
            if (arms[index].Id != arm.Id && !arms[index].Id.StartsWith("(lost", StringComparison.Ordinal)) return false;
            (arms[index], states[index]) = (arm, status);
        }

        _settings = _settings.With(new ArmCatalog(arms, states, catalog));
        Announce(catalog.Arms, _settings, position, isReplayed: true);
        return true;
    }

    /// <summary>A decision was made; false when its segment or arm is not known.</summary>
    internal bool ReplayDecision(in DecisionEntry entry, long position)
    {
        RouterSettings settings = _settings;
        ref readonly Decision decision = ref entry.Decision;
        Meet(decision.Id);
        _availability.Settle(decision.TimeTicks);
        if (decision.Arm < 0) return true;
        if (NodeOf(decision) is not { } leaf) return false;
        bool isTogether = entry.Unit == _together.Unit && decision.Id.Sequence > _together.Sequence;
        _together = (entry.Unit, decision.Id.Sequence);
        if (settings.Budget is not null && !isTogether) ReplaySpending(settings, leaf, entry); // before the decision itself is waited for
        if (settings.KeepsOrder) SettleEvicted(decision.Id);
        bool isNew = _ledger.Reopen(decision.Id, leaf.Index, decision.Arm, decision.PredictedQuality), isUnheard = _unheard.Remove(decision.Id, out long charged);
        if ((isNew || isUnheard) && _features is { } arena && entry.Features is { } features && features.Length == arena.Count)
            arena.Put(decision, features, settings.Models?.BaseOf(settings, leaf, features, decision) ?? default);
        if (entry.Caps is { Length: > 0 } caps) MakeSpent().Rebook(decision.Id, caps, entry.Tenant, decision.TimeTicks, entry.ReservedNanoUsd);
        if (isUnheard) HearLate(settings, leaf, decision, charged, position);
        else if (settings.Budget is not null) _spending.Charge(decision.PredictedCostUsd);
        if (entry.Session != 0 && (decision.Traits & DecisionTraits.AfterFailure) == 0)
        {
            if ((decision.Traits & DecisionTraits.Sticky) == 0) Sessions(settings).Put(entry.Session, leaf.Key, new SessionArm((ushort)decision.Arm, decision.Propensity, decision.Traits));
            else Sessions(settings).TryGet(entry.Session, leaf.Key, out _); // used just now
        }

        if (settings.SafetyGate is not null && (decision.Traits & DecisionTraits.Ungated) == 0)
            _safety.Of(ScopeOf(settings, leaf.Key), (long)decision.Id.Sequence - 1, settings.Catalog.Count).Recount(decision.Arm, decision.Id.Sequence);
        if (!settings.KeepsOrder || leaf.Position >= position) return true;
        leaf.Gate.Enter();
        leaf.Position = position;
        bool isRestarted = AwaitInOrder(settings, leaf, decision, entry.Latest);
        leaf.Gate.Exit();
        if (isRestarted) CarryRestarts(settings, leaf);
        return true;
    }

    /// <summary>The spend controller sees the request as it saw it when it was decided.</summary>
    private void ReplaySpending(RouterSettings settings, SegmentNode leaf, in DecisionEntry entry)
    {
        ref readonly Decision decision = ref entry.Decision;
        int features = settings.Models?.Model.FeatureCount ?? 0;
        var request = new Request(decision.Segment)
        {
            TimeTicks = decision.TimeTicks,
            Attempt = decision.Attempt,
            IsAfterFailure = leaf.IsConditional,
            Features = features > 0 && entry.Features?.Length == features ? entry.Features : default(ReadOnlyMemory<float>),
        };
        DecisionScratch scratch = ScratchFor(settings);
        PlanNow(settings, leaf, request, decision.TimeTicks, scratch);
        if (scratch.Count > 0) NoteRequest(settings, leaf, entry.IsForAllArms, scratch);
    }

    /// <summary>What became of a decision stood in the journal before the decision: what only this entry says, the outcome went without.</summary>
    private void HearLate(RouterSettings settings, SegmentNode leaf, in Decision decision, long charged, long position)
    {
        if (_ledger.TryEnter(decision.Id, ref _sequence, leaf.Index, decision.Arm) != DecisionLedger.Standing.Open) return;
        ref DecisionLedger.Slot slot = ref _ledger.SlotOf(decision.Id);
        Contribution known = slot.Counted();
        slot.Gate.Exit();
        _spent?.Settle(decision.Id, known);
        if (settings.Budget is not null) _spending.Recharge(charged, SpendController.ChargeOf(decision.PredictedCostUsd, known));
        if (settings.Models is { } models) LearnModel(settings, models, leaf, decision, Contribution.Empty, known, position, isReplayed: true);
    }

    /// <summary>An outcome was counted; false when its segment or arm is not known.</summary>
    internal bool ReplayOutcome(in OutcomeEntry entry, long position)
    {
        RouterSettings settings = _settings;
        if (NodeOf(entry.Decision) is not { } leaf) return false;
        int arm = entry.Decision.Arm;
        Meet(entry.Decision.Id);
        bool isUnheard = _ledger.Reopen(entry.Decision.Id, leaf.Index, arm, entry.Decision.PredictedQuality); // the decision's own entry found no room, or is lost
        if (isUnheard && settings.Budget is not null) _spending.Charge(entry.Decision.PredictedCostUsd);
        if (_unheard.Count >= _ledger.Capacity) _unheard.Clear(); // those of a journal that lost its decisions never come
        if (isUnheard) _unheard.Add(entry.Decision.Id, SpendController.ChargeOf(entry.Decision.PredictedCostUsd, Contribution.Empty));

        (Contribution counted, Contribution known, OutcomeParts corrected) = (entry.Counted, entry.Known, entry.Corrected);
        if (_ledger.TryEnter(entry.Decision.Id, ref _sequence, leaf.Index, arm) == DecisionLedger.Standing.Open)
        {
            // A state's slots were copied before its segments, so what a segment lacks its slot lacks too: the slot says what is known, whatever was lost in between.
            ref DecisionLedger.Slot slot = ref _ledger.SlotOf(entry.Decision.Id);
            (OutcomeParts fresh, corrected) = slot.Sort(counted.Parts, entry.Rank);
            known = slot.Parts == OutcomeParts.None ? Contribution.Empty : slot.Counted();
            counted = counted.Only(fresh | corrected);
            if (slot.Parts == OutcomeParts.None) slot.Put(counted, entry.Rank);
            else if (counted.Parts != OutcomeParts.None) slot.Merge(counted, entry.Rank);
            slot.Gate.Exit();
        }

        _spent?.Settle(entry.Decision.Id, entry.Known.With(entry.Counted)); // by what the entry says: a state copies bookings before slots
        bool isInState = leaf.Position >= position;
        if (isInState) (counted, known, corrected) = (entry.Counted, entry.Known, entry.Corrected); // what a state does not copy segment by segment may lack it
        bool isNew = counted.Parts != OutcomeParts.None;
        if (isInState)
        {
            long taken = corrected == OutcomeParts.None ? Contribution.NoQuality : known.Only(corrected).Quality;
            if (settings.SafetyGate is not null && (counted.Parts & OutcomeParts.Judgement) != 0) GradeSafety(settings, leaf.Key, entry.Decision, taken, counted.Quality, position);
        }
        else if (isNew)
        {
            settings = Enter(settings, leaf, arm);
            leaf.Position = position;
            bool isRestarted = AbsorbAndLeave(settings, leaf, entry.Decision, counted, known, corrected, entry.Decision.PredictedQuality, entry.Latest, position);
            if (isRestarted) CarryRestarts(settings, leaf);
        }

        Contribution all = entry.Known.With(entry.Counted);
        if (settings.Budget is not null && _unheard.TryGetValue(entry.Decision.Id, out long charged))
            _spending.Recharge(charged, _unheard[entry.Decision.Id] = SpendController.ChargeOf(entry.Decision.PredictedCostUsd, all)); // an expiry does not say what the decision was to cost
        else if (settings.Budget is not null) _spending.Settle(entry.Decision.PredictedCostUsd, entry.Known, all);
        if (settings.Models is { } models) LearnModel(settings, models, leaf, entry.Decision, entry.Known, all, position, isReplayed: true);
        if (settings.ArmDrift is { } drift) Watch(settings, drift, entry.Decision, entry.Counted, entry.Known, isReplayed: true);
        if (!isNew) return true;
        NoteAvailability(arm, counted, known, corrected, entry.TimeTicks != 0 ? entry.TimeTicks : entry.Decision.TimeTicks, entry.RetryAfter);
        if (settings.KeepsOrder && leaf.Ordered?.Fault is not null) ThrowFault(leaf);
        return true;
    }

    /// <summary>A cell was restarted by hand; false when its segment or arm is not known.</summary>
    internal bool ReplayRestart(ulong key, int arm, long until, long position)
    {
        RouterSettings settings = _settings;
        if ((uint)arm >= (uint)settings.Catalog.Count || _segments.Find(key) is not { IsLeaf: true, Node: var leaf }) return false;
        if (leaf.Position >= position)
        {
            RestartSafety(key, position); // the account was copied before the segment
            return true;
        }

        Enter(settings, leaf, arm);
        leaf.Position = position;
        leaf.OrderedOf(settings).RestartByHand(settings, leaf, arm, until);
        leaf.Gate.Exit();
        CarryRestarts(settings, leaf);
        return true;
    }

    /// <summary>Ends replaying: the options' arms are added, and what no entries can honestly have made is dropped and reported.</summary>
    internal void EndReplay(RouterOptions options, List<string> faults)
    {
        _unheard.Clear();
        CarryPutAway();
        RuleTable.NumberValues(options.BaselineRules, _schema);
        Arm[] before = _settings.Catalog.Arms;
        _settings = new RouterSettings(options, Merge(options, Described(), faults), _schema).With(Array.ConvertAll(_origins, o => o.Weight));
        foreach (SegmentNode node in _segments.Nodes)
        {
            for (int arm = 0; arm < node.Own.Length; arm++)
            {
                if (node.Own[arm].IsPlausible && (node.Ordered is not { } ordered || arm >= ordered.Closed.Length || ordered.Closed[arm].IsPlausible)) continue;
                faults.Add($"Evidence of segment {node.Key:x}, arm '{ArmAt(arm).Id}' became impossible while the journal was replayed and was dropped; the arm falls back to its prior there.");
                node.Own[arm] = default;
                if (arm < node.Rolled.Length) node.Rolled[arm] = default;
                if (node.Ordered is { } kept && arm < kept.Closed.Length) kept.Closed[arm] = default;
            }
        }

        if (_settings.KeepsOrder) RecountPending();
        Announce(before, _settings, position: -1, isReplayed: false); // what the options say now
        EndReading();
    }

    private void Meet(DecisionId id)
    {
        _sequence = Math.Max(_sequence, (long)id.Sequence);
        if (_openings.Length > 0 && _openings[^1] is var opening && opening.Incarnation == id.Incarnation)
            _openings[^1] = opening with { Last = Math.Max(opening.Last, (long)id.Sequence) };
    }

    private SegmentNode? NodeOf(in Decision decision)
    {
        if ((uint)decision.Arm >= (uint)_settings.Catalog.Count || _segments.Find(decision.Segment.Packed) is not { IsLeaf: true, Node: var leaf }) return null;
        return (decision.Traits & DecisionTraits.AfterFailure) != 0 ? _segments.ConditionalOf(leaf) : leaf;
    }

    private RouterState Described() => Empty(_schema.Dimensions, _settings.Catalog.Arms, _settings.Catalog.Status);

    private static RouterState Empty(RouterOptions options) => Empty([.. options.Dimensions], [], []);

    private static RouterState Empty(string[] dimensions, Arm[] arms, ArmStatus[] status) => new()
    {
        Dimensions = dimensions,
        Values = Array.ConvertAll(dimensions, _ => Array.Empty<string>()),
        Arms = arms,
        Status = status,
        Origins = [],
        Segments = [],
        Masses = [],
        Exploration = [0, 0, 0, 0],
        Availability = [],
        Ledger = [],
    };
}
