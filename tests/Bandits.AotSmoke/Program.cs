using Bandits;
using Bandits.History;
using Bandits.Rae;
using Bandits.Storage;

// Runs the main paths compiled ahead of time; the exit code says whether they work.
var options = new RouterOptions { Strategy = Strategy.Learning, Seed = 7 };
options.Arms.Add(new Arm { Id = "small", Provider = "a", Tier = ArmTier.Fast, Capabilities = ["code"], InputUsdPerMillionTokens = 0.1, OutputUsdPerMillionTokens = 0.1 });
options.Arms.Add(new Arm { Id = "large", Provider = "b", Tier = ArmTier.Standard, Capabilities = ["code"], InputUsdPerMillionTokens = 3, OutputUsdPerMillionTokens = 15 });
var router = new BanditRouter(options);
SegmentKey segment = router.SegmentOf("implementer", "core", "high", "large");
int large = 0;
for (int i = 0; i < 2000; i++)
{
    if (!router.TryDecide(new Request(segment), out Decision decision)) return Fail("no arm was eligible");
    if (router.ArmAt(decision.Arm).Id == "large") large++;
    bool succeeds = decision.Arm == 1 ? i % 20 != 0 : i % 2 == 0;
    Recorded recorded = router.Record(decision, new Outcome { Kind = succeeds ? OutcomeKind.Success : OutcomeKind.Failed, CostUsd = decision.Arm == 1 ? 0.01 : 0.0001 });
    if (recorded != Recorded.Applied) return Fail($"recording said {recorded}");
}

if (large < 1500) return Fail($"the better arm was chosen {large} times of 2000");
BanditRouter restored = BanditRouter.Restore(options, router.CaptureState(), out IReadOnlyList<string> faults);
if (faults.Count > 0) return Fail(faults[0]);
if (restored.EvidenceOf(segment, 1) != router.EvidenceOf(segment, 1)) return Fail("evidence changed on the way through its state");

string folder = Directory.CreateTempSubdirectory("bandits-aot-").FullName;
try
{
    var snapshot = new SnapshotFile(Path.Combine(folder, "router.snapshot"));
    snapshot.Save(router.CaptureState());
    if (snapshot.Load() is not { } loaded) return Fail("the snapshot just written was not found");
    BanditRouter again = BanditRouter.Restore(options, loaded.State, out faults);
    if (faults.Count > 0 || again.EvidenceOf(segment, 1) != router.EvidenceOf(segment, 1)) return Fail("evidence changed on the way through a snapshot");

    options.TokenKey = TokenKey.LoadOrCreate(folder);
    var keyed = new BanditRouter(options);
    if (!keyed.TryDecide(new Request(segment), out Decision sent) || keyed.ParseToken(keyed.TokenOf(sent)) != sent) return Fail("a decision changed on the way through its token");
    if (router.TryParseToken(keyed.TokenOf(sent), out _)) return Fail("a token of another key was taken");

    using HistoryStore history = HistoryStore.Open(folder);
    ReadOnlySpan<byte> line = """{"task_id":"t","task_area":"core","task_risk":"low","implementer_model":"large","outcome":"success","total_cost_usd":0.25}"""u8;
    ImportAccount account = history.Import(new MemoryStream(line.ToArray()));
    HistoryStatistics statistics = history.Analytics.Statistics();
    if (account.Imported != 1 || statistics.TotalTasks != 1 || statistics.TotalCostUsd != 0.25) return Fail("the history did not keep what it was given");

    string store = Path.Combine(folder, "store");
    using (RouterStore opened = RouterStore.Open(store, options))
    {
        if (!opened.Router.TryDecide(new Request(opened.Router.SegmentOf("implementer")), out Decision exported)) return Fail("no arm was eligible in a store");
        opened.Router.Record(exported, new Outcome { Kind = OutcomeKind.Success });
        await using RaeExchange exchange = RaeExchange.Open(new RaeOptions { Endpoint = "http://localhost:1", Retries = 1, RequestTimeout = TimeSpan.FromSeconds(1) }, store);
        if (!await exchange.CollectAsync(opened) || exchange.Status.Waiting != 1) return Fail("a window of evidence did not reach the outbox");
        PushReport push = await exchange.PushAsync();
        if (push.Waiting != 1 || push.Error is null) return Fail("a server that is not there took a window");
    }

    if (new RaeOptions { Endpoint = "http://elsewhere", CreatesPerMinute = 0 }.Validate().Count != 2) return Fail("faults of the options were not told");
}
finally
{
    Directory.Delete(folder, recursive: true);
}

Console.WriteLine(router.Explain(new Request(segment)));
Console.WriteLine("native smoke test passed");
return 0;

static int Fail(string why)
{
    Console.Error.WriteLine($"native smoke test failed: {why}");
    return 1;
}
