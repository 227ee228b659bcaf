using Bandits.Reliability.Disk;
using Bandits.Storage;
using Bandits.Storage.Journal;

namespace Bandits.Reliability.Fuzzing;

/// <summary>What a store left that lived a little: the raw material of hostile input.</summary>
internal sealed class Sample
{
    public const string Folder = "/store";
    private const int Decisions = 24;

    private Sample(Strategy strategy, bool isGated)
    {
        (Strategy, IsGated) = (strategy, isGated);
        var disk = new FaultyDisk();
        using (RouterStore store = RouterStore.Open(Folder, Options(), StoreOptions(1), TimeProvider.System, disk.Mount()))
        {
            Live(store.Router, 1);
            store.SaveSnapshot();
            Live(store.Router, 2);
        }

        Journal = disk.Read(Path.Combine(Folder, JournalSegment.NameOf(0)));
        Snapshot = disk.Read(Path.Combine(Folder, RouterStore.SnapshotName));
        for (int at = JournalSegment.HeaderBytes; at + Frame.HeaderBytes <= Journal.Length;)
        {
            int length = Frame.LengthAt(at - JournalSegment.HeaderBytes, Journal.AsSpan(at, Frame.HeaderBytes));
            if (length == 0) throw new InvalidOperationException("The journal of a sample is not whole.");
            Payloads.Add(Journal[(at + Frame.HeaderBytes)..(at + Frame.HeaderBytes + length)]);
            at += Frame.SizeOf(length);
        }
    }

    public static Sample[] All { get; } = [new(Strategy.Learning, false), new(Strategy.AdaptiveDrift, false), new(Strategy.Adaptive, true), new(Strategy.Budgeted, false)];

    public Strategy Strategy { get; }

    public bool IsGated { get; }

    /// <summary>The file of the journal, of position 0.</summary>
    public byte[] Journal { get; }

    /// <summary>The payloads of its frames.</summary>
    public List<byte[]> Payloads { get; } = [];

    /// <summary>The snapshot, of halfway.</summary>
    public byte[] Snapshot { get; }

    public RouterOptions Options()
    {
        var options = Plain();
        if (Strategy == Strategy.Budgeted) Bounds.Put(options);
        return options;
    }

    private RouterOptions Plain() => new()
    {
        Arms = { new Arm { Id = "a", Provider = "p", InputUsdPerMillionTokens = 1, OutputUsdPerMillionTokens = 2 }, new Arm { Id = "b", Capabilities = ["vision"] } },
        Dimensions = ["role", "area"],
        LedgerCapacity = 64,
        SessionCapacity = 64,
        MaxSegments = 64,
        MaxRestoredCells = 4096,
        Strategy = Strategy,
        Incarnation = 77,
        SafetyGate = IsGated ? new SafetyGate { BaselineArmId = "a", Fraction = 0.8, Scope = "role" } : null,
    };

    public static RouterStoreOptions StoreOptions(ulong incarnation) => new() { Durability = Durability.None, QueueBytes = 1 << 16, SegmentBytes = 1 << 20, Incarnation = incarnation };

    private static void Live(BanditRouter router, int part)
    {
        for (int i = 0; i < Decisions; i++)
        {
            Request request = new(router.SegmentOf("role-" + i % 2, "area-" + i % 3)) { TimeTicks = 1000 + i, Session = (ulong)(i % 4), Attempt = i % 5 == 0 ? 1 : 0, IsAfterFailure = i % 5 == 0 };
            if (router.Settings.Caps is not null) request = Bounds.On(request, i);
            if (!router.TryDecide(request, out Decision decision)) continue;
            int attempt = decision.Attempt;
            if (i % 3 != 0) router.Record(decision, new Outcome { Kind = OutcomeKind.HumanReview, CostUsd = i / 1e3, Attempt = attempt });
            if (i % 2 == 0) router.Record(decision, new Outcome { Kind = OutcomeKind.Success, Quality = i / 30.0, Revision = 1, Latency = TimeSpan.FromMilliseconds(i), InputTokens = i, OutputTokens = i, Source = "s", Attempt = attempt });
        }

        router.AddArm(new Arm { Id = "late-" + part });
        router.Restart(router.SegmentOf("role-1", "area-1"), "b");
        var evidence = default(Evidence);
        evidence.Add(new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.1 });
        router.Join("elsewhere", part, 0.5, [new JoinedEvidence(new[] { "role-0", "joined" }, "a", evidence)]);
        router.SetOriginWeight("elsewhere", 0.25);
        router.Expire(2000 + part, TimeSpan.Zero);
    }
}
