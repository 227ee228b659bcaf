using Bandits.Storage;

namespace Bandits.Reliability.Kills;

/// <summary>The process that is killed: routes and records on a real store as fast as it can, and says what was acknowledged.</summary>
internal static class Writer
{
    /// <summary>Decisions at full speed; after them a few each millisecond, so that a slow parent does not outgrow the ledger.</summary>
    private const int FullSpeed = 3_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Open decisions that are kept; what is recorded of a writer's life is checked slot by slot.</summary>
    private const int LedgerCapacity = 1 << 17;

    /// <summary>Until the process ends.</summary>
    private static StoreLock? s_held;

    public static RouterOptions Options(Strategy strategy)
    {
        var options = new RouterOptions { Arms = { new Arm { Id = "a" }, new Arm { Id = "b" }, new Arm { Id = "c" } }, Dimensions = ["role"], LedgerCapacity = LedgerCapacity, Strategy = strategy };
        if (strategy == Strategy.Budgeted) Bounds.Put(options, roomy: 1e6);
        return options;
    }

    public static RouterStoreOptions StoreOptions(Durability durability) => new()
    {
        Durability = durability,
        FlushInterval = TimeSpan.FromMilliseconds(20),
        QueueBytes = 1 << 16,
        SegmentBytes = 1 << 20,
        LockWait = TimeSpan.Zero, // whoever was killed has left the lock
    };

    /// <summary>The outcome of a decision: its cost tells it from all others.</summary>
    public static Outcome OutcomeOf(in Decision decision) => new()
    {
        Kind = decision.Id.Sequence % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success,
        CostUsd = decision.Id.Sequence / 1e9,
        Latency = TimeSpan.FromMicroseconds(decision.Id.Sequence % 1000),
    };

    /// <summary>Runs until it is killed, or its parent no longer listens.</summary>
    public static int Run(string directory, Durability durability, Strategy strategy, int threads, Phase phase, int at)
    {
        using Stream output = Console.OpenStandardOutput();
        var announcements = new Announcements(output);
        try
        {
            Work(directory, durability, strategy, threads, phase, at, announcements);
        }
        catch (Exception e)
        {
            announcements.Write(Announcements.Failed, e.ToString());
        }

        return 1;
    }

    private static void Work(string directory, Durability durability, Strategy strategy, int threads, Phase phase, int at, Announcements announcements)
    {
        RouterStore store = phase == Phase.Anywhere ? RouterStore.Open(directory, Options(strategy), StoreOptions(durability)) : OpenStopping(directory, durability, strategy, phase, at, announcements);
        announcements.Write(Announcements.Ready);
        Task[] works =
        [
            .. Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(() => Record(store.Router, thread, announcements), TaskCreationOptions.LongRunning)),
            Task.Factory.StartNew(() => Keep(store, announcements), TaskCreationOptions.LongRunning),
        ];
        Task.WhenAny(works).Unwrap().GetAwaiter().GetResult();
    }

    private static RouterStore OpenStopping(string directory, Durability durability, Strategy strategy, Phase phase, int at, Announcements announcements)
    {
        s_held = StoreLock.Acquire(directory, TimeSpan.Zero, TimeProvider.System);
        RouterOptions options = Options(strategy);
        options.TokenKey = TokenKey.LoadOrCreate(directory);
        return RouterStore.Open(directory, options, StoreOptions(durability), TimeProvider.System, new StoppingFiles(phase, at, () => announcements.Write(Announcements.AtPhase)));
    }

    private static void Record(BanditRouter router, int thread, Announcements announcements)
    {
        for (int i = 0; ; i++)
        {
            var request = new Request(router.SegmentOf("role-" + (i + thread) % 3));
            if (router.Settings.Caps is not null) request = Bounds.On(request with { TimeTicks = TimeSpan.TicksPerDay }, i);
            if (!router.TryDecide(request, out Decision decision)) throw new InvalidOperationException($"No arm was eligible: {decision.WhyNone}.");
            announcements.Write(Announcements.Told, router.TokenOf(decision));
            Recorded recorded = router.Record(decision, OutcomeOf(decision));
            if (recorded != Recorded.Applied) throw new InvalidOperationException($"Decision {decision.Id} was {recorded}.");
            announcements.Write(Announcements.Acknowledged, decision.Id.Sequence);
            if (i >= FullSpeed) Thread.Sleep(1);
        }
    }

    private static void Keep(RouterStore store, Announcements announcements)
    {
        while (true)
        {
            long before = announcements.Count;
            store.Flush();
            announcements.Write(Announcements.Flushed, (ulong)before);
            Thread.Sleep(Pause);
            store.SaveSnapshot();
            Thread.Sleep(Pause);
        }
    }
}
