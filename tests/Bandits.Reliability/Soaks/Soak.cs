using System.Collections.Concurrent;
using System.Diagnostics;
using Bandits.Concurrency;
using Bandits.Storage;

namespace Bandits.Reliability.Soaks;

/// <summary>One store under everything at once, from its beginning until the ledger is full of decisions or the time is over; then it is audited, closed and read again.</summary>
internal sealed class Soak
{
    private const long Began = 1000 * TimeSpan.TicksPerDay;
    private const int LedgerCapacity = 1 << 18;
    private const int MostDecisions = LedgerCapacity * 3 / 4;
    private const int MostArms = 12;
    private const int MostSegments = 900;

    /// <summary>How long threads may take to notice that the time is over.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly string _directory;
    private readonly RouterOptions _options;
    private readonly bool _isBounded;
    private readonly RouterStoreOptions _storeOptions;
    private readonly RouterStore _store;
    private readonly SegmentKey[] _segments;
    private readonly ConcurrentDictionary<ulong, Decision> _decisions = new();
    private readonly ConcurrentQueue<Decision> _handed = new();
    private readonly CancellationTokenSource _over = new();
    private long _reports;
    private long _readings;

    public Soak(string directory, Strategy strategy, Durability durability)
    {
        _directory = directory;
        _options = new RouterOptions { Arms = { new Arm { Id = "a" }, new Arm { Id = "b" }, new Arm { Id = "c" } }, Dimensions = ["role", "area"], LedgerCapacity = LedgerCapacity, Strategy = strategy };
        _isBounded = strategy == Strategy.Budgeted;
        if (_isBounded)
        {
            Bounds.Put(_options, roomy: 1e6); // wide enough: whoever is refused learns nothing
            _options.ArmDrift = new ArmDriftDetection();
        }

        _storeOptions = new RouterStoreOptions { Durability = durability, FlushInterval = TimeSpan.FromMilliseconds(20), QueueBytes = 4 << 20, SegmentBytes = 8 << 20 };
        _store = RouterStore.Open(Path.Combine(directory, "store"), _options, _storeOptions);
        _segments = [.. Enumerable.Range(0, 12).Select(n => _store.Router.SegmentOf(Values(n)))];
    }

    public long Decisions => _decisions.Count;

    public long Reports => _reports;

    public long Readings => _readings;

    public StoreStatistics Statistics { get; private set; }

    public long Restarts { get; private set; }

    public long ChargedTwice { get; private set; }

    /// <summary>Runs for so long at most.</summary>
    /// <exception cref="BrokenPromiseException">Something does not agree.</exception>
    public void Run(int threads, TimeSpan most, int seed)
    {
        BanditRouter router = _store.Router;
        try
        {
            _over.CancelAfter(most);
            Task[] works =
            [
                .. Enumerable.Range(0, threads).Select(thread => Start(() => Work(thread, threads, new Random(seed + thread)))), Start(Keep), Start(Read),
            ];
            if (!Task.WaitAll(works, most + Grace))
            {
                Exception? first = Array.Find(works, static work => work.IsFaulted)?.Exception; // it has left a gate closed, perhaps
                throw new BrokenPromiseException($"Not all threads ended {Grace.TotalSeconds} s after their time. {first}", first);
            }

            Integrity.Check(router, _decisions);
            foreach (Decision decision in _decisions.Values)
                foreach (Outcome outcome in Scenario.OutcomesOf(decision)) router.Record(decision, outcome);
            Integrity.Check(router, _decisions);
            Integrity.MustBeComplete(router, _decisions.Values);
            if (_isBounded) CheckSpending(router.CaptureState());
            (Statistics, Restarts) = (_store.Statistics, router.RestartCount);
        }
        finally
        {
            _store.Dispose();
            _over.Dispose();
        }

        ReadAgain(router.CaptureState());
    }

    private void ReadAgain(RouterState live)
    {
        bool isOrderKept = Statistics.Dropped == 0;
        using (RouterStore again = RouterStore.Open(_store.Directory, _options, _storeOptions))
        {
            if (!again.Recovery.IsClean) throw new BrokenPromiseException($"Opening again found {string.Join(" ", again.Recovery.Faults)} and {again.Recovery.Damage.Count} damaged places.");
            Integrity.MustBeSame(live, again.Router.CaptureState(), isOrderKept);
            if (_isBounded) MustBeSpentAlike(live, again.Router.CaptureState(), isJournalAlone: false);
        }

        string copy = Path.Combine(_directory, "journal-only");
        Directory.CreateDirectory(copy);
        foreach (string path in Directory.GetFiles(_store.Directory, "*.journal", SearchOption.AllDirectories)) File.Copy(path, Path.Combine(copy, Path.GetFileName(path)));
        BanditRouter replayed = RouterStore.Read(copy, _options, out RecoveryReport report);
        if (report.Snapshot != SnapshotUsed.None || !report.IsClean) throw new BrokenPromiseException($"The journal alone was read with {string.Join(" ", report.Faults)} and {report.Damage.Count} damaged places.");
        Integrity.MustBeSame(live, replayed.CaptureState(), isOrderKept);
        if (_isBounded) MustBeSpentAlike(live, replayed.CaptureState(), isJournalAlone: true);
    }

    private void CheckSpending(RouterState state)
    {
        Dictionary<ulong, DecisionLedger.Slot> slots = Ledgers.SlotsOf(state);
        Accounts.MustBeCharged(state, slots, sequence => _decisions.TryGetValue(sequence, out Decision decision) ? decision : null);
        HashSet<ulong> booked = Accounts.MustBeBooked(state, slots, static _ => null);
        if (booked.Count != slots.Count) throw new BrokenPromiseException($"{slots.Count} decisions were made under caps; {booked.Count} are booked.");
    }

    /// <summary>Caps are booked by decision, so nothing counts twice. The budget's account has no position in the journal: what was decided in the moment of a snapshot may be charged once more after reading it.</summary>
    private void MustBeSpentAlike(RouterState live, RouterState again, bool isJournalAlone)
    {
        if (Statistics.Dropped > 0) return; // a decision that found no room in the journal has no booking there either
        Accounts.MustBeBookedAlike(live, again);
        if (isJournalAlone) Accounts.MustBeChargedAlike(live, again);
        else ChargedTwice = Math.Max(ChargedTwice, Math.Abs(Accounts.ChargedIn(again).Decisions - Accounts.ChargedIn(live).Decisions));
    }

    private Task Start(Action work) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                work();
            }
            finally
            {
                _over.Cancel(); // one that fails ends all
            }
        },
        TaskCreationOptions.LongRunning);

    private void Work(int thread, int threads, Random random)
    {
        BanditRouter router = _store.Router;
        var own = new Queue<Decision>();
        for (int i = 1; !_over.IsCancellationRequested && router.DecisionCount < MostDecisions; i++)
        {
            bool isAfterFailure = random.Next(20) == 0;
            SegmentKey segment = random.Next(50) == 0 ? router.SegmentOf(Values(random.Next(MostSegments))) : _segments[random.Next(_segments.Length)]; // new ones now and then
            Request request = new(segment) { IsAfterFailure = isAfterFailure, Attempt = isAfterFailure ? 1 : 0, Session = (ulong)random.Next(3) * (ulong)random.Next(100) };
            if (_isBounded) request = Bounds.On(request with { TimeTicks = Began }, random.Next(1000));
            if (!router.TryDecide(request, out Decision decision)) throw new BrokenPromiseException($"No arm was eligible: {decision.WhyNone}.");
            if (!_decisions.TryAdd(decision.Id.Sequence, decision)) throw new BrokenPromiseException($"Decision {decision.Id} was made twice.");
            foreach (Outcome outcome in Scenario.OutcomesOf(decision)) Report(decision, outcome, random);
            _handed.Enqueue(decision);
            own.Enqueue(decision);
            if (_handed.TryDequeue(out Decision other))
                foreach (Outcome outcome in Scenario.OutcomesOf(other).AsEnumerable().Reverse()) Report(other, outcome, random);
            if (own.Count > 500 && own.Dequeue() is var late)
                foreach (Outcome outcome in Scenario.OutcomesOf(late)) Report(late, outcome, random);
            if (i % 512 == 0) Change(router, thread, threads, i / 512);
        }
    }

    /// <summary>What happens now and then: each thread does one kind of it.</summary>
    private void Change(BanditRouter router, int thread, int threads, int time)
    {
        for (int kind = thread; kind < 4; kind += threads)
        {
            switch (kind)
            {
                case 0 when time % 8 == 0 && router.ArmCount < MostArms: router.AddArm(new Arm { Id = $"late-{router.ArmCount}" }); break;
                case 1: router.Restart(_segments[time % _segments.Length], router.ArmAt(time % 3).Id); break;
                case 2: router.Expire((_isBounded ? Began : 0) + time + 1, TimeSpan.FromTicks(1)); break;
                case 3:
                    router.Join("elsewhere", time, 0.5, [new JoinedEvidence(Values(time % 12), "a", Elsewhere(time % 50))]);
                    router.SetOriginWeight("elsewhere", time % 10 / 10.0);
                    break;
            }
        }
    }

    private static Evidence Elsewhere(int count)
    {
        var evidence = default(Evidence);
        for (int n = 0; n <= count; n++) evidence.Add(new Outcome { Kind = n % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success });
        return evidence;
    }

    private void Report(in Decision decision, in Outcome outcome, Random random)
    {
        if (random.Next(10) < 4) return;
        if (_store.Router.Record(decision, outcome) is Recorded.Lost or Recorded.BeyondHorizon) throw new BrokenPromiseException($"Decision {decision.Id} is in the ledger; its outcome was refused.");
        Interlocked.Increment(ref _reports);
    }

    private void Keep()
    {
        for (int i = 0; !_over.IsCancellationRequested; i++)
        {
            if (i % 2 == 0) _store.SaveSnapshot();
            else _store.Flush();
            _over.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(60));
        }
    }

    private void Read()
    {
        BanditRouter router = _store.Router;
        var pause = Stopwatch.StartNew();
        for (int i = 0; !_over.IsCancellationRequested; i++)
        {
            SegmentKey segment = _segments[i % _segments.Length];
            int arm = i % router.ArmCount;
            if (!router.EvidenceOf(segment, arm).IsPlausible || !router.ClosedEvidenceOf(segment, arm).IsPlausible || !router.EvidenceOf(arm).IsPlausible || !router.ConditionalEvidenceOf(segment, arm).IsPlausible)
                throw new BrokenPromiseException($"A reader saw an impossible cell in segment {segment}, arm {arm}.");
            Explanation explanation = router.Explain(new Request(segment) { TimeTicks = Began });
            double sum = explanation.Arms.Sum(explained => explained.Probability);
            if (!(Math.Abs(sum - 1) < 1e-9)) throw new BrokenPromiseException($"A reader was told probabilities that sum to {sum}: {string.Join("; ", explanation.Arms)}.");
            if (pause.ElapsedMilliseconds < 20) continue;
            router.BestArm(segment);
            router.Summarize();
            pause.Restart();
            _readings++;
        }
    }

    private static string[] Values(int number) => ["role-" + number % 3, "area-" + number / 3];
}
