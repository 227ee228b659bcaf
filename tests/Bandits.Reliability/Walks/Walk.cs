using System.Diagnostics;
using System.Runtime.InteropServices;
using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Reliability.Disk;
using Bandits.Statistics;
using Bandits.Storage;

namespace Bandits.Reliability.Walks;

/// <summary>
/// Takes one store through a walk of routing, outcomes, faults and crashes, beside a naive model that knows what was acknowledged. After every step that could have
/// changed it, the evidence must be exactly that of the outcomes the ledger says are counted; these must include all that the durability promises, and nothing else.
/// </summary>
public sealed class Walk
{
    private const string Folder = "/store";
    private const int Capacity = 4096;
    private const string OwnOrigin = "itself";
    private const long Start = 1000 * TimeSpan.TicksPerDay;
    private const long Step = 3 * TimeSpan.TicksPerMinute;
    private static readonly string[] Origins = ["node-1", "node-2"];

    private readonly FaultyDisk _disk = new();
    private readonly Durability _durability;
    private readonly Strategy _strategy;
    private readonly FeatureModelUse _use;
    private readonly Random _random;
    private readonly List<Made> _decisions = [];
    private readonly Dictionary<DecisionId, Made> _byId = [];
    private readonly Dictionary<ulong, List<Made>> _bySequence = [];
    private readonly List<(Made Made, Outcome Outcome)> _reports = [];
    private readonly Dictionary<(string Segment, int Arm), (int Sure, int Tried)> _restarts = [];
    private readonly Dictionary<string, (long Sure, long Tried)> _joins = [];
    private readonly List<(string Id, bool IsSure)> _arms = [];
    private readonly Dictionary<(string Origin, long Sequence), List<JoinedEvidence>> _given = [];
    private readonly Tally _tally;
    private RouterStore _store;
    private long _now = Start;
    private ulong _incarnation;
    private bool _isHoled;
    private int _alarms;

    private Walk(Durability durability, Strategy strategy, int seed, Tally tally)
    {
        (_durability, _strategy, _use, _random, _tally) = (durability, strategy, (FeatureModelUse)(seed % 2), new Random(seed), tally);
        foreach (string id in (string[])["a", "b", "c"]) _arms.Add((id, true));
        _store = Open();
    }

    /// <summary>Takes a store through these steps.</summary>
    /// <param name="operations">The steps.</param>
    /// <param name="durability">What the store promises.</param>
    /// <param name="strategy">How it decides.</param>
    /// <param name="seed">Seed of what crashes keep.</param>
    /// <param name="tally">Counts what was met.</param>
    /// <exception cref="BrokenPromiseException">Something was lost, counted twice or invented.</exception>
    public static void Take(IReadOnlyList<Operation> operations, Durability durability, Strategy strategy, int seed, Tally tally)
    {
        var walk = new Walk(durability, strategy, seed, tally);
        int step = 0;
        try
        {
            foreach (Operation operation in operations)
            {
                walk.Do(operation);
                step++;
            }

            walk.End();
        }
        catch (Exception e) when (e is not BrokenPromiseException)
        {
            throw new BrokenPromiseException($"Step {step} ({(step < operations.Count ? operations[step] : "end")}) threw: {e}", e);
        }
        catch (BrokenPromiseException e)
        {
            throw new BrokenPromiseException($"Step {step} ({(step < operations.Count ? operations[step] : "end")}), {durability}, {strategy}: {e.Message}");
        }
        finally
        {
            walk._disk.Crash(null);
            walk._store.Dispose();
        }
    }

    private void Do(Operation operation)
    {
        _tally.Count(operation.Kind);
        switch (operation.Kind)
        {
            case OperationKind.Route: Route(operation, isAfterFailure: false); break;
            case OperationKind.RouteAfterFailure: Route(operation, isAfterFailure: true); break;
            case OperationKind.RouteAgain: if (Pick(operation) is { IsLost: false } former) RouteAgain(former); break;
            case OperationKind.Report: if (Pick(operation) is { } whole) Report(whole, Whole(operation.B)); break;
            case OperationKind.ReportPart: if (Pick(operation) is { } partly) Report(partly, Part(operation.B)); break;
            case OperationKind.Correct: if (Pick(operation) is { } wrong) Report(wrong, Whole(operation.B) with { Revision = 1 + operation.B % 5 }); break;
            case OperationKind.Repeat: if (_reports.Count > 0) Report(_reports[operation.A % _reports.Count].Made, _reports[operation.A % _reports.Count].Outcome); break;
            case OperationKind.Expire: Expire(operation); break;
            case OperationKind.Restart: Restart(operation); break;
            case OperationKind.Join: Join(operation); break;
            case OperationKind.JoinOwn: JoinOwn(); break;
            case OperationKind.AddArm: AddArm(); break;
            case OperationKind.Disable: Try(() => _store.Router.DisableArm("c")); break;
            case OperationKind.Snapshot: if (Try(_store.SaveSnapshot)) Settle(); break;
            case OperationKind.Flush: if (Try(_store.Flush)) Settle(); break;
            case OperationKind.Close: Reopen(() => _store.Dispose(), isOrderly: true); break;
            case OperationKind.Kill: Reopen(() => _disk.Crash(null), isOrderly: false); break;
            case OperationKind.PowerFailure: PowerFailure(operation); break;
            case OperationKind.DieInSnapshot: DieInSnapshot(operation); break;
            case OperationKind.FailFlush: _disk.FailingFlushes = 1 + operation.A % 2; break;
            case OperationKind.FailRename: (_disk.FailingRenames, _disk.RenamesBeforeFailing) = (1, operation.A % 2); break;
            case OperationKind.FillDisk: _disk.Room = operation.A % 4096; break;
            case OperationKind.FreeDisk: _disk.Room = long.MaxValue; break;
        }

        if (operation.Kind is not (OperationKind.Route or OperationKind.FailFlush or OperationKind.FailRename or OperationKind.FillDisk or OperationKind.FreeDisk)) Check();
    }

    /// <summary>Under a budget, caps and limits, with features.</summary>
    private bool IsBounded => _strategy == Strategy.Budgeted;

    private RouterStore Open()
    {
        var options = new RouterOptions { Dimensions = ["role", "area"], LedgerCapacity = Capacity, Strategy = _strategy, Seed = 7 };
        foreach ((string id, _) in _arms.Take(3)) options.Arms.Add(new Arm { Id = id });
        if (IsBounded) Bounds.Put(options, _use);
        var how = new RouterStoreOptions
        {
            Durability = _durability,
            FlushInterval = _random.Next(2) == 0 ? TimeSpan.FromHours(1) : TimeSpan.FromMilliseconds(1 + _random.Next(3)),
            QueueBytes = 1 << 17,
            SegmentBytes = 1 << 20,
            RetryPause = TimeSpan.FromMilliseconds(1),
            Incarnation = ++_incarnation,
        };
        return Elsewhere(() => RouterStore.Open(Folder, options, how, TimeProvider.System, _disk.Mount()));
    }

    /// <summary>On a thread of its own, which remembers nothing of the router before, as in a process of its own.</summary>
    private static RouterStore Elsewhere(Func<RouterStore> open) => Task.Factory.StartNew(open, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).GetAwaiter().GetResult();

    /// <summary>Half the time all is with the operating system, so that the crash may tear it.</summary>
    private void PowerFailure(Operation operation)
    {
        var pause = Stopwatch.StartNew();
        while (operation.A % 2 == 0 && _store.Statistics is var statistics && statistics.Written < statistics.Appended && pause.ElapsedMilliseconds < 50) Thread.Sleep(1);
        Reopen(() => _disk.Crash(_random), isOrderly: false);
    }

    /// <summary>The process, or the whole machine, is gone before one of the renames that a snapshot takes.</summary>
    private void DieInSnapshot(Operation operation)
    {
        _disk.DiesAtRename = 1 + operation.A % 2;
        if (Try(_store.SaveSnapshot)) Settle(); // the first snapshot has but one rename
        Reopen(() => _disk.Crash(operation.B % 2 == 0 ? _random : null), isOrderly: false);
    }

    /// <summary>A request that is sent again under its id decides nothing new: what is reported of it counts for the first.</summary>
    private void RouteAgain(Made former)
    {
        var request = new Request(_store.Router.SegmentOf(former.Segment.Split('/'))) { Id = former.Decision.Id, IsAfterFailure = former.IsAfterFailure, Attempt = former.Decision.Attempt };
        _store.Router.TryDecide(IsBounded ? Bounds.On(request with { TimeTicks = _now }, former.Number) : request, out _);
    }

    private void Route(Operation operation, bool isAfterFailure)
    {
        if (_decisions.Count >= Capacity / 2) return;
        BanditRouter router = _store.Router;
        string[] segment = SegmentOf(operation.A);
        var request = new Request(router.SegmentOf(segment)) { TimeTicks = _now += Step, IsAfterFailure = isAfterFailure, Attempt = isAfterFailure ? 1 : 0, Session = operation.B % 4 == 0 ? (ulong)(operation.B % 20) : 0 };
        if (IsBounded) request = Bounds.On(request, operation.B);
        if (!router.TryDecide(request, out Decision decision))
        {
            if (!IsBounded || (decision.WhyNone & Ineligibility.OverCap) == 0) throw new BrokenPromiseException($"No arm was eligible: {decision.WhyNone}.");
            _tally.Count(Ineligibility.OverCap);
            return;
        }

        var made = new Made(decision, string.Join('/', segment), isAfterFailure)
        {
            Number = operation.B,
            Booked = new Accounts.Booked(CapSet.Reservation(request, router.ArmAt(decision.Arm), decision.PredictedCostUsd), request.Tenant),
        };
        if (IsBounded) CheckRoom(router, made);
        _decisions.Add(made);
        _byId.Add(decision.Id, made);
    }

    /// <summary>A decision that was just made passes no cap, unless it is a last resort.</summary>
    private void CheckRoom(BanditRouter router, Made made)
    {
        if ((made.Decision.Traits & DecisionTraits.LastResort) != 0)
        {
            _tally.Count(DecisionTraits.LastResort);
            return;
        }

        if (made.Booked.Reserved == 0) return;
        string? provider = router.ArmAt(made.Decision.Arm).Provider;
        foreach (CapAccount account in router.ReadCaps().Accounts)
        {
            SpendCap cap = Array.Find(Bounds.Caps, cap => cap.Name == account.Cap)!;
            bool holds = (cap.Provider is null || cap.Provider == provider) && CapKey.AccountOf(CapKey.Of(cap), made.Booked.Tenant, made.Decision.TimeTicks) == CapKey.AccountOf(CapKey.Of(cap), account.Tenant, account.WindowTicks);
            if (holds && account.OvershootUsd > 0) throw new BrokenPromiseException($"Decision {made.Decision.Id} reserved {made.Booked.Reserved} nano-USD of arm {made.Decision.Arm} where there was no room: {account}.");
        }
    }

    private static string[] SegmentOf(int number) => ["role-" + number % 2, "area-" + number / 2 % 3];

    private Made? Pick(Operation operation) => _decisions.Count == 0 ? null : _decisions[operation.A % _decisions.Count];

    private Outcome Whole(int number) => new()
    {
        Kind = number % 4 != 3 ? (OutcomeKind)(number % 3) : number % 8 == 3 ? OutcomeKind.Cancelled : OutcomeKind.Timeout,
        Quality = number % 3 == 2 && number % 4 != 3 ? number % 11 / 10.0 : null,
        CostUsd = number % 1000 / 1e4,
        Latency = TimeSpan.FromMilliseconds(number % 500),
        TimeTicks = _now += Step,
    };

    private static Outcome Part(int number) => (number % 3) switch
    {
        0 => new Outcome { CostUsd = number % 997 / 1e3, InputTokens = number % 50, OutputTokens = number % 70 },
        1 => new Outcome { Latency = TimeSpan.FromMilliseconds(number % 333), TimeToFirstToken = TimeSpan.FromMilliseconds(number % 7) },
        _ => new Outcome { Kind = (number / 3 % 6) switch { 0 => OutcomeKind.HumanReview, 1 => OutcomeKind.Unavailable, 2 => OutcomeKind.Failed, 3 => OutcomeKind.Expired, 4 => OutcomeKind.Timeout, _ => OutcomeKind.Success } },
    };

    private void Report(Made made, Outcome outcome)
    {
        outcome = outcome with { Attempt = made.Decision.Attempt };
        _reports.Add((made, outcome));
        if (outcome.Kind is { } kind) _tally.Count(kind);
        var rank = (ushort)(outcome.Kind == OutcomeKind.Expired ? 0 : outcome.Revision + 1);
        Contribution contribution = Contribution.Of(outcome, double.NaN, double.NaN);
        foreach (OutcomeParts part in made.PartsIn(contribution)) made.Try(part, rank, contribution);
        Recorded recorded = default;
        bool isAcknowledged = Try(() => recorded = _store.Router.Record(made.Decision, outcome));
        if (!isAcknowledged) return;
        _tally.Count(recorded);
        if (recorded is Recorded.Lost or Recorded.BeyondHorizon)
        {
            if (made.IsSure) throw new BrokenPromiseException($"Decision {made.Decision.Id} was kept, and its outcome was refused: {recorded}.");
            made.IsLost = true;
            return;
        }

        made.IsHeld = true;
        foreach (OutcomeParts part in made.PartsIn(contribution)) made.Acknowledge(part, rank);
        if (_durability == Durability.EachCommit) made.Settle();
    }

    private void Expire(Operation operation)
    {
        _now += 10 * Step;
        foreach (Made made in _decisions) made.Try(OutcomeParts.Judgement, 0, Contribution.Of(new Outcome { Kind = OutcomeKind.Expired }, double.NaN, double.NaN));
        Try(() => _store.Router.Expire(_now, TimeSpan.FromTicks(operation.A % 20 * Step)));
    }

    private void Restart(Operation operation)
    {
        string[] segment = SegmentOf(operation.A);
        int arm = operation.B % 3;
        (string, int) cell = (string.Join('/', segment), arm);
        (int sure, int tried) = _restarts.GetValueOrDefault(cell);
        _restarts[cell] = (sure, tried + 1);
        if (Try(() => _store.Router.Restart(_store.Router.SegmentOf(segment), _arms[arm].Id)) && _durability == Durability.EachCommit) _restarts[cell] = (Restarts(cell), tried + 1);
    }

    private void Join(Operation operation)
    {
        string origin = Origins[operation.A % Origins.Length];
        long sequence = operation.B % 8;
        Join(origin, sequence, Foreign(origin, sequence));
    }

    /// <summary>What the store knows itself comes back to it as another origin's: that changes nothing of its own.</summary>
    private void JoinOwn()
    {
        long sequence = _joins.TryGetValue(OwnOrigin, out (long Sure, long Tried) former) ? former.Tried + 1 : 0;
        var cells = new List<JoinedEvidence>();
        foreach (Made made in _decisions.Take(8))
            if (!made.IsLost) cells.Add(new JoinedEvidence(made.Segment.Split('/'), _store.Router.ArmAt(made.Decision.Arm).Id, _store.Router.EvidenceOf(made.Decision.Segment, made.Decision.Arm)));
        Join(OwnOrigin, sequence, cells);
    }

    private void Join(string origin, long sequence, List<JoinedEvidence> cells)
    {
        _given[(origin, sequence)] = cells;
        (long sure, long tried) = _joins.GetValueOrDefault(origin, (-1, -1));
        _joins[origin] = (sure, Math.Max(tried, sequence));
        Joined joined = default;
        if (!Try(() => joined = _store.Router.Join(origin, sequence, 0.5, cells))) return;
        _tally.Count(joined);
        if (_durability == Durability.EachCommit) _joins[origin] = (Math.Max(sure, sequence), _joins[origin].Tried);
    }

    /// <summary>What an origin has observed at a version: a function of both, so that what is joined can be checked.</summary>
    private static List<JoinedEvidence> Foreign(string origin, long sequence)
    {
        var cells = new List<JoinedEvidence>();
        for (int i = 0; i <= sequence; i++)
        {
            var evidence = default(Evidence);
            for (int n = 0; n <= i; n++) evidence.Add(new Outcome { Kind = OutcomeKind.Success, CostUsd = (origin[^1] + n) / 1e4 });
            cells.Add(new JoinedEvidence(new string?[] { "role-" + i % 2, "joined-" + i % 3 }, i % 2 == 0 ? "a" : "b", evidence));
        }

        return cells;
    }

    private void AddArm()
    {
        string id = "arm-" + _arms.Count;
        _arms.Add((id, false));
        if (Try(() => _store.Router.AddArm(new Arm { Id = id })) && _durability == Durability.EachCommit) _arms[^1] = (id, true);
    }

    /// <summary>False when the store said that it could not.</summary>
    private bool Try(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (IOException)
        {
            _tally.Refused();
            return false;
        }
    }

    /// <summary>Everything acknowledged is on the device now.</summary>
    private void Settle()
    {
        foreach (Made made in _decisions)
        {
            made.Settle();
            if (!made.IsLost && made.Decision.Id.Incarnation == _incarnation) made.IsSure = true;
        }

        foreach ((string, int) cell in _restarts.Keys.ToArray()) _restarts[cell] = (Restarts(cell), _restarts[cell].Tried);
        foreach (OriginState origin in _store.Router.Origins) _joins[origin.Name] = (origin.Sequence, _joins[origin.Name].Tried);
        for (int i = 0; i < _arms.Count; i++) _arms[i] = (_arms[i].Id, _store.Router.TryIndexOf(_arms[i].Id, out _));
    }

    /// <summary>Arms that this router found changed; each may have restarted every cell.</summary>
    private int Alarms => _store.Router.Changes.Count;

    private int Restarts((string Segment, int Arm) cell) => (int)_store.Router.RestartsOf(_store.Router.SegmentOf(cell.Segment.Split('/')), cell.Arm);

    private void Reopen(Action end, bool isOrderly)
    {
        bool isHealthy = _disk.Room == long.MaxValue && _disk.FailingFlushes == 0 && _disk.FailingCreations == 0;
        bool isKept = isOrderly && isHealthy && Try(_store.Flush);
        if (isKept) Settle();
        RouterState? live = isKept && IsBounded ? _store.Router.CaptureState() : null;
        int alarms = Alarms;
        end();
        _store.Dispose();
        _disk.Repair();
        _store = Open();
        _tally.Count(_store.Recovery);
        _isHoled |= _store.Recovery.Damage.Any(damage => !damage.IsTail);
        if (live is not null && !_isHoled) Accounts.MustBeSame(live, _store.Router.CaptureState(), isCalm: alarms == 0, _use);
        _alarms += alarms;
        foreach (Made made in _decisions) made.AfterCrash();
    }

    private void End()
    {
        _disk.Repair();
        Reopen(() => _disk.Crash(_random), isOrderly: false);
        Check();

        // Everything ever reported comes once more, out of order: now it is all counted, once.
        (Made, Outcome)[] all = [.. _reports];
        _random.Shuffle(all);
        foreach ((Made made, Outcome outcome) in all)
            if (!made.IsLost) Report(made, outcome);
        Check();
        foreach (Made made in _decisions)
            if (made.IsHeld && !made.IsLost) made.MustBeComplete(_store.Router);
    }

    private void Check()
    {
        BanditRouter router = _store.Router;
        RouterState state = router.CaptureState();
        Dictionary<ulong, DecisionLedger.Slot> slots = Ledgers.SlotsOf(state);

        var cells = new Dictionary<(ulong Key, bool IsConditional, int Arm, bool IsClosed), Evidence>();
        var closedUntil = new Dictionary<(ulong, bool, int), long>();
        foreach (SegmentState segment in state.Segments)
            for (int arm = 0; segment.Ordered is { } ordered && arm < ordered.Epochs.Length / 2; arm++) closedUntil[(segment.Key, segment.IsConditional, arm)] = ordered.Epochs[2 * arm + 1];

        foreach (Made made in _decisions)
        {
            bool isThere = slots.TryGetValue(made.Decision.Id.Sequence, out DecisionLedger.Slot slot) && slot.Tag == DecisionLedger.TagOf(made.Decision.Id.Incarnation);
            if (!isThere)
            {
                if (made.IsSure) throw new BrokenPromiseException($"Decision {made.Decision.Id} was flushed, and is lost.");
                made.MustOwe();
                made.IsLost = true;
                continue;
            }

            if (made.IsLost) throw new BrokenPromiseException($"Decision {made.Decision.Id} was lost, and is there again.");
            Contribution counted = made.Verify(slot);
            if (counted.Parts == OutcomeParts.None) continue;
            ulong key = made.Decision.Segment.Packed;
            bool isClosed = closedUntil.TryGetValue((key, made.IsAfterFailure, made.Decision.Arm), out long until) && (ulong)until >= made.Decision.Id.Sequence;
            ref Evidence cell = ref CollectionsMarshal.GetValueRefOrAddDefault(cells, (key, made.IsAfterFailure, made.Decision.Arm, isClosed), out _);
            cell.Apply(counted, 1);
        }

        foreach (SegmentState segment in state.Segments)
        {
            Compare(segment.Own, segment, isClosed: false);
            Compare(segment.Ordered?.Closed ?? [], segment, isClosed: true);
        }

        if (cells.Values.Any(cell => cell != default)) throw new BrokenPromiseException("Counted outcomes have no cell.");
        if (IsBounded) CheckSpending(router, state, slots);
        foreach (((string Segment, int Arm) cell, (int sure, int tried)) in _restarts)
            if (Restarts(cell) is var restarts && (restarts < sure || restarts > tried + _alarms + Alarms)) throw new BrokenPromiseException($"Cell {cell} has {restarts} restarts; {sure} are sure, {tried} were tried.");
        foreach ((string origin, (long sure, long tried)) in _joins) CheckJoined(router, origin, sure, tried);
        foreach ((string id, bool isSure) in _arms)
            if (isSure && !router.TryIndexOf(id, out _)) throw new BrokenPromiseException($"Arm '{id}' was kept, and is lost.");

        void Compare(long[] words, SegmentState segment, bool isClosed)
        {
            int count = words.Length / Evidence.WordCount;
            for (int arm = 0; arm < count; arm++)
            {
                Evidence found = Evidence.FromWords(words.AsSpan(arm * Evidence.WordCount));
                cells.Remove((segment.Key, segment.IsConditional, arm, isClosed), out Evidence expected);
                if (found == expected) continue;
                throw new BrokenPromiseException($"Segment {segment.Key:x}{(segment.IsConditional ? " after failures" : "")}, arm {arm}, {(isClosed ? "closed" : "open")}: {Ledgers.Words(found)}; the counted outcomes sum to {Ledgers.Words(expected)}.");
            }
        }
    }

    /// <summary>What is spent is what the ledger says, as far as the journal kept the decisions themselves: damage in its middle may take one and leave its outcome.</summary>
    private void CheckSpending(BanditRouter router, RouterState state, Dictionary<ulong, DecisionLedger.Slot> slots)
    {
        Accounts.MustBePossible(router, _isHoled);
        var there = new Dictionary<ulong, Made>();
        foreach (Made made in _decisions)
            if (!made.IsLost) there[made.Decision.Id.Sequence] = made;
        HashSet<ulong> booked = Accounts.MustBeBooked(state, slots, sequence => there.TryGetValue(sequence, out Made? made) ? (made.Decision.TimeTicks, made.Booked) : throw new BrokenPromiseException($"Nobody made sequence {sequence}."));
        if (_isHoled) return;
        foreach (Made made in there.Values)
            if (!booked.Contains(made.Decision.Id.Sequence)) throw new BrokenPromiseException($"Decision {made.Decision.Id} is in the ledger and not booked.");
        Accounts.MustBeCharged(state, slots, sequence => there.GetValueOrDefault(sequence)?.Decision);
    }

    private void CheckJoined(BanditRouter router, string origin, long sure, long tried)
    {
        OriginState held = router.Origins.FirstOrDefault(o => o.Name == origin);
        long sequence = held.Name is null ? -1 : held.Sequence;
        if (sequence < sure || sequence > tried) throw new BrokenPromiseException($"Origin '{origin}' stands at {sequence}; {sure} is sure, {tried} was tried.");
        if (sequence < 0) return;
        var expected = new Dictionary<(string, string), Evidence>();
        foreach (JoinedEvidence cell in _given[(origin, sequence)]) CollectionsMarshal.GetValueRefOrAddDefault(expected, (string.Join('/', cell.Segment.ToArray()), cell.ArmId), out _).Add(cell.Evidence);
        foreach (((string segment, string arm), Evidence evidence) in expected)
        {
            Evidence found = router.JoinedEvidenceOf(origin, router.SegmentOf(segment.Split('/')), router.IndexOf(arm));
            if (found != evidence) throw new BrokenPromiseException($"Origin '{origin}' at {sequence}, {segment}, arm {arm}: {Ledgers.Words(found)} was joined; {Ledgers.Words(evidence)} was given.");
        }
    }
}
