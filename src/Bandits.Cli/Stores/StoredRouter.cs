using System.Buffers.Binary;
using System.IO.Hashing;
using Bandits.Cli.Rendering;
using Bandits.History;
using Bandits.Storage;
using Bandits.Storage.Journal;

namespace Bandits.Cli.Stores;

/// <summary>The router of a store: what it decides and learns is in the journal.</summary>
internal sealed class StoredRouter : IDisposable
{
    /// <summary>Name of the origin under which an imported history teaches.</summary>
    public const string HistoryOrigin = "history";

    private StoredRouter(RouterStore store) => Store = store;

    public RouterStore Store { get; }

    public BanditRouter Router => Store.Router;

    /// <summary>Opens the router of a store to decide and learn. At first it starts from the arms and, if there is one, the history.</summary>
    /// <param name="store">The store.</param>
    /// <param name="held">Its lock.</param>
    /// <param name="options">How to decide; arms are added here.</param>
    /// <param name="historyWeight">Weight of imported outcomes in belief; null to leave it.</param>
    /// <param name="seed">Null for fresh randomness; else the incarnation follows from the seed and the state of the store.</param>
    /// <param name="described">Arms to use instead of the store's own.</param>
    public static StoredRouter Open(
        StoreDirectory store, StoreLock held, RouterOptions options, double? historyWeight, long? seed, IReadOnlyList<DescribedArm>? described = null)
    {
        List<DescribedArm> arms = Prepare(store, options, historyWeight, described);
        RouterStoreOptions keeping = StoreDirectory.Keeping;
        options.Seed = unchecked((ulong)(seed ?? 0));
        if (seed is { } s) keeping.Incarnation = IncarnationOf(s, store, options);
        RouterStore opened = RouterStore.Open(store.Path, options, keeping, held: held);
        try
        {
            Tell(opened.Recovery, tellsTail: true);
            Complete(opened.Router, store, arms, historyWeight);
            return new StoredRouter(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The router of a store as it is now, without a lock; nothing is kept of what it is told.</summary>
    public static BanditRouter Read(StoreDirectory store, RouterOptions options, double historyWeight)
    {
        List<DescribedArm> arms = Prepare(store, options, historyWeight, described: null);
        BanditRouter router = RouterStore.Read(store.Path, options, out RecoveryReport report);
        Tell(report, tellsTail: false); // the tail may be what another process is writing
        Complete(router, store, arms, historyWeight);
        return router;
    }

    /// <summary>Returns when everything is on the device.</summary>
    public void Flush() => Store.Flush();

    /// <summary>Ends, with a new snapshot when the next opening would have much to read.</summary>
    public void Dispose()
    {
        RecoveryReport found = Store.Recovery;
        StoreStatistics done = Store.Statistics;
        if (done.Snapshots == 0 && found.To - found.From + done.Appended > StoreDirectory.Keeping.SnapshotBytes)
        {
            try
            {
                Store.SaveSnapshot();
            }
            catch (IOException e)
            {
                Terminal.Note($"The snapshot could not be saved; the journal keeps everything. {OneLine.Of(e)}");
            }
        }

        Store.Dispose();
    }

    /// <summary>Puts the arms into the options; where no router has been yet, also those that only the history names.</summary>
    private static List<DescribedArm> Prepare(StoreDirectory store, RouterOptions options, double? historyWeight, IReadOnlyList<DescribedArm>? described)
    {
        if (historyWeight is { } weight && !(weight >= 0 && weight <= 1)) throw new UserErrorException($"--history-weight is {Figures.Number(weight)}; the allowed range is [0, 1].");
        List<DescribedArm> arms = described is null ? store.Arms.Read() : [.. described];
        if (!store.HasRouter)
        {
            if (store.HasHistory)
            {
                using HistoryStore history = store.ReadHistory();
                arms = HistoryLessons.WithModels(arms, history.History.Evidence());
            }

            if (arms.Count == 0)
                throw new UserErrorException($"The store '{store.Path}' has no arms to choose from; describe them with: bandits arms --set FILE, or bring in a history with: bandits import FILE");
        }

        foreach (DescribedArm arm in arms) options.Arms.Add(arm.Arm);
        return arms;
    }

    /// <summary>Brings the arms to the status they are described with, and teaches the history if the router does not know it yet.</summary>
    private static void Complete(BanditRouter router, StoreDirectory store, List<DescribedArm> arms, double? historyWeight)
    {
        foreach ((Arm arm, ArmStatus status) in arms) SetStatus(router, arm.Id, status);
        foreach (OriginState origin in router.Origins)
        {
            if (origin.Name != HistoryOrigin) continue;
            if (historyWeight is { } weight) router.SetOriginWeight(HistoryOrigin, weight);
            return;
        }

        if (!store.HasHistory) return;
        using HistoryStore history = store.ReadHistory();
        foreach ((Arm arm, _) in HistoryLessons.WithModels(arms, history.History.Evidence()))
            if (!router.TryIndexOf(arm.Id, out _)) router.AddArm(arm);
        HistoryLessons.Teach(router, history, historyWeight ?? RoutingChoices.DefaultHistoryWeight);
    }

    private static void SetStatus(BanditRouter router, string id, ArmStatus status)
    {
        ArmStatus present = router.StatusAt(router.IndexOf(id));
        if (present == status) return;
        if (present == ArmStatus.Retired) throw new UserErrorException($"Arm '{id}' is retired in this store and never returns; describe it under a new id.");
        switch (status)
        {
            case ArmStatus.Disabled: router.DisableArm(id); break;
            case ArmStatus.Retired: router.RetireArm(id); break;
            default: router.EnableArm(id); break;
        }
    }

    /// <summary>Says what could not be brought back.</summary>
    private static void Tell(RecoveryReport report, bool tellsTail)
    {
        if (report.Snapshot == SnapshotUsed.Previous) Terminal.Note("The newest snapshot could not be used, the one before it was taken.");
        foreach (string fault in report.Faults) Terminal.Note(fault);
        foreach (JournalDamage damage in report.Damage)
        {
            if (!damage.IsTail) Terminal.Note($"The journal is damaged at positions {damage.From} to {damage.To}, which were passed over; see: bandits store verify");
            else if (tellsTail) Terminal.Note($"The end of the journal, {damage.To - damage.From} bytes torn by a crash, was cut.");
        }
    }

    /// <summary>The same seed in the same state decides alike, and every state has its own decision ids.</summary>
    private static ulong IncarnationOf(long seed, StoreDirectory store, RouterOptions options)
    {
        BanditRouter router = RouterStore.Read(store.Path, options, out RecoveryReport report);
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seed);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], report.To);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], router.DecisionCount);
        return Math.Max(1, XxHash3.HashToUInt64(bytes));
    }
}
