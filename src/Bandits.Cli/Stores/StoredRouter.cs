using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using Bandits.Cli.Rendering;
using Bandits.History;
using Bandits.Storage;

namespace Bandits.Cli.Stores;

/// <summary>A router as the store left it, and the way to put it back.</summary>
internal sealed class StoredRouter
{
    /// <summary>Name of the origin under which an imported history teaches.</summary>
    public const string HistoryOrigin = "history";

    private readonly StoreDirectory _store;

    private StoredRouter(StoreDirectory store, BanditRouter router) => (_store, Router) = (store, router);

    public BanditRouter Router { get; }

    /// <summary>Opens the router of a store. Without a snapshot it starts from the arms and, if there is one, the history.</summary>
    /// <param name="store">The store; locked by the caller who means to save.</param>
    /// <param name="options">How to decide; arms and incarnation are set here. The key of tokens is the caller's, who knows whether there will be any.</param>
    /// <param name="historyWeight">Weight of imported outcomes in belief.</param>
    /// <param name="seed">Null for fresh randomness; else the incarnation follows from the seed and the state of the store.</param>
    /// <param name="described">Arms to use instead of the store's own.</param>
    public static StoredRouter Open(StoreDirectory store, RouterOptions options, double historyWeight, long? seed,
        IReadOnlyList<DescribedArm>? described = null)
    {
        if (!(historyWeight >= 0 && historyWeight <= 1)) throw new UserErrorException($"--history-weight is {Figures.Number(historyWeight)}; the allowed range is [0, 1].");
        LoadedSnapshot? snapshot = store.Snapshot.Load();
        if (snapshot?.Fault is { } lost) Terminal.Note($"The newest snapshot could not be used, the one before it was taken. {lost}");
        List<DescribedArm> arms = described is null ? store.Arms.Read() : [.. described];
        bool learnsAnew = snapshot is null && store.HasHistory;
        if (learnsAnew)
        {
            using HistoryStore history = store.ReadHistory();
            IReadOnlyList<HistoryEvidence> rows = history.History.Evidence();
            arms = HistoryLessons.WithModels(arms, rows);
            return Start(store, options, arms, null, historyWeight, seed, router => HistoryLessons.Teach(router, history, historyWeight));
        }

        return Start(store, options, arms, snapshot, historyWeight, seed, null);
    }

    /// <summary>Saves what was learnt.</summary>
    public void Save() => _store.Snapshot.Save(Router.CaptureState());

    private static StoredRouter Start(
        StoreDirectory store, RouterOptions options, List<DescribedArm> arms, LoadedSnapshot? snapshot, double historyWeight, long? seed,
            Action<BanditRouter>? teach)
    {
        if (arms.Count == 0 && snapshot is null)
            throw new UserErrorException($"The store '{store.Path}' has no arms to choose from; describe them with: bandits arms --set FILE, or bring in a history with: bandits import FILE");
        foreach (DescribedArm arm in arms) options.Arms.Add(arm.Arm);
        options.Seed = unchecked((ulong)(seed ?? 0));
        options.Incarnation = seed is { } s ? IncarnationOf(s, snapshot?.Checksum ?? 0) : FreshIncarnation();
        BanditRouter router;
        if (snapshot is null)
        {
            router = new BanditRouter(options);
        }
        else
        {
            Reweigh(snapshot.State, historyWeight);
            router = BanditRouter.Restore(options, snapshot.State, out IReadOnlyList<string> faults);
            foreach (string fault in faults) Terminal.Note(fault);
        }

        foreach ((Arm arm, ArmStatus status) in arms) SetStatus(router, arm.Id, status);
        teach?.Invoke(router);
        return new StoredRouter(store, router);
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

    /// <summary>The weight of a history is a choice of the moment, like the objective: the stored one is replaced in the state just loaded.</summary>
    private static void Reweigh(RouterState state, double historyWeight)
    {
        foreach (ref OriginState origin in state.Origins.AsSpan())
            if (origin.Name == HistoryOrigin) origin = origin with { Weight = historyWeight };
    }

    private static ulong FreshIncarnation()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
    }

    /// <summary>The same seed in the same state decides alike, and every state has its own decision ids.</summary>
    private static ulong IncarnationOf(long seed, ulong stateChecksum)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seed);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], stateChecksum);
        return Math.Max(1, XxHash3.HashToUInt64(bytes));
    }
}
