using Bandits.Rae;
using Bandits.Reliability;
using Bandits.Storage;

namespace Bandits.Integration.Tests.Rae;

/// <summary>Stores in a folder of their own, and options with which nothing waits for long.</summary>
internal sealed class RaeFolder : IDisposable
{
    public const string Key = "sk-very-secret-123";
    private static readonly RouterStoreOptions Small = new() { QueueBytes = 1 << 16, SegmentBytes = 1 << 20, Durability = Durability.None };

    public string Path { get; } = Directory.CreateTempSubdirectory("bandits-rae-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public static RaeOptions Options(string endpoint) => new()
    {
        Endpoint = endpoint,
        ApiKey = Key,
        CreatesPerMinute = 60_000,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        BreakDuration = TimeSpan.FromMilliseconds(500),
        RequestTimeout = TimeSpan.FromSeconds(5),
        CellsPerPart = 4,
    };

    public RouterStore Store(string name, params string[] arms)
    {
        var options = new RouterOptions { Dimensions = ["role", "area"], LedgerCapacity = 1024 };
        foreach (string arm in arms.Length == 0 ? ["model-a", "model-b"] : arms) options.Arms.Add(new Arm { Id = arm });
        return RouterStore.Open(PathOf(name), options, Small);
    }

    public static void Learn(RouterStore store, int rounds, int from = 0)
    {
        for (int i = from; i < from + rounds; i++)
        {
            Assert.True(store.Router.TryDecide(new Request(store.Router.SegmentOf("role" + i % 3, "area" + i % 4)), out Decision decision));
            store.Router.Record(decision, new Outcome { Kind = i % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success, CostUsd = 0.001 * (i + 1), Latency = TimeSpan.FromMilliseconds(i) });
        }
    }

    /// <summary>Pushes until nothing waits.</summary>
    public static async Task PushAllAsync(RaeExchange exchange)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await exchange.PushAsync(patience.Token)).Waiting > 0) await Task.Delay(20, patience.Token);
    }

    /// <summary>A store's own evidence by the names of segment and arm.</summary>
    public static SortedDictionary<string, Evidence> OwnOf(RouterStore store) => Cells(store.Router, (segment, arm) => store.Router.EvidenceOf(segment, arm));

    /// <summary>What a store holds of another.</summary>
    public static SortedDictionary<string, Evidence> JoinedOf(RouterStore store, string origin) =>
        store.Router.Origins.Any(o => o.Name == origin) ? Cells(store.Router, (segment, arm) => store.Router.JoinedEvidenceOf(origin, segment, arm)) : [];

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static SortedDictionary<string, Evidence> Cells(BanditRouter router, Func<SegmentKey, int, Evidence> evidenceOf)
    {
        var cells = new SortedDictionary<string, Evidence>(StringComparer.Ordinal);
        foreach (SegmentKey segment in router.Segments())
        {
            for (int arm = 0; arm < router.ArmCount; arm++)
                if (evidenceOf(segment, arm) is var cell && cell != default) cells[$"{string.Join('/', router.ValuesOf(segment))}/{router.ArmAt(arm).Id}"] = cell;
        }

        return cells;
    }
}
