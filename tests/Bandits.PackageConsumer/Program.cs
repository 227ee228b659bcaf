using System.Reflection;
using Bandits;
using Bandits.History;
using Bandits.Rae;
using Bandits.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// What a user does with the packages; the exit code says whether they work, and the argument which version they should be.
string version = typeof(BanditRouter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
if (args.Length != 1 || version != args[0]) return Fail($"the engine is of version {version}");

string folder = Directory.CreateTempSubdirectory("bandits-consumer-").FullName;
try
{
    string token;
    DecisionId decided;
    using (RouterStore store = RouterStore.Open(folder, Options(), new RouterStoreOptions { Durability = Durability.EachCommit }))
    {
        BanditRouter router = store.Router;
        SegmentKey segment = Segment(router);
        for (int i = 0; i < 200; i++)
        {
            if (!router.TryDecide(new Request(segment), out Decision decision)) return Fail("no arm was eligible");
            bool large = router.ArmAt(decision.Arm).Id == "large";
            Recorded recorded = router.Record(decision, new Outcome { Kind = large || i % 3 == 0 ? OutcomeKind.Success : OutcomeKind.Failed, CostUsd = large ? 0.01 : 0.001 });
            if (recorded != Recorded.Applied) return Fail($"recording said {recorded}");
        }

        if (!router.TryDecide(new Request(segment), out Decision waiting)) return Fail("no arm was eligible");
        (token, decided) = (router.TokenOf(waiting), waiting.Id);
    }

    using (RouterStore store = RouterStore.Open(folder, Options()))
    {
        BanditRouter router = store.Router;
        SegmentKey segment = Segment(router);
        if (!store.Recovery.IsClean) return Fail("a store closed in order was not clean");
        if (Outcomes(router, segment) != 200) return Fail($"{Outcomes(router, segment)} outcomes of 200 came back");
        if (!router.TryParseToken(token, out Decision waiting) || waiting.Id != decided) return Fail("a token was lost on the way");
        if (router.Record(waiting, new Outcome { Kind = OutcomeKind.Success }) != Recorded.Applied) return Fail("the outcome of a decision made before the restart was not taken");
        if (router.Record(waiting, new Outcome { Kind = OutcomeKind.Success }) != Recorded.AlreadyKnown) return Fail("an outcome counted twice");

        using HistoryStore history = HistoryStore.Open(folder);
        ReadOnlySpan<byte> line = """{"task_id":"t","task_area":"core","task_risk":"high","task_complexity":"large","implementer_model":"large","outcome":"success","total_cost_usd":0.25}"""u8;
        if (history.Import(new MemoryStream(line.ToArray())).Imported != 1) return Fail("the history did not take a record");
        if (history.Analytics.Statistics().TotalCostUsd != 0.25) return Fail("the history lost what a task cost");
        Joined joined = router.Join("history", history.History.RecordCount, 1, history.History.Evidence().Select(
            row => new JoinedEvidence(new[] { row.Role, row.Area, row.Risk, row.Complexity }, row.Model, row.Evidence)));
        if (joined != Joined.Applied) return Fail("the router did not learn from the history");
        Console.WriteLine(router.Explain(new Request(segment)));
    }

    HostApplicationBuilder builder = Host.CreateApplicationBuilder();
    builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Bandits:strategy"] = "balanced",
        ["Bandits:min_samples"] = "3",
        ["Bandits:Directory"] = folder,
        ["Bandits:Store:Durability"] = "EachCommit",
        ["Bandits:Arms:large:Provider"] = "globex",
        ["Bandits:Arms:small:Tier"] = "Fast",
        ["Bandits:Arms:small:Enabled"] = "false",
    });
    builder.Configuration["Bandits:Rae:Endpoint"] = "http://127.0.0.1:9"; // nobody is there: what is to be sent waits on disk
    builder.Configuration["Bandits:Rae:Retries"] = "1";
    builder.Services.AddBandits(builder.Configuration.GetSection("Bandits"));
    builder.Services.AddBanditsRae(builder.Configuration.GetSection("Bandits:Rae"));
    using IHost host = builder.Build();
    await host.StartAsync();
    BanditRouter hosted = host.Services.GetRequiredService<BanditRouter>();
    if (hosted.Strategy != Strategy.Balanced || Outcomes(hosted, Segment(hosted)) != 201) return Fail("the host did not open the store as configured");
    if (!hosted.TryDecide(new Request(Segment(hosted)), out Decision chosen) || hosted.ArmAt(chosen.Arm).Id != "large") return Fail("the host chose an arm that configuration disables");
    RaeExchange exchange = host.Services.GetRequiredService<RaeExchange>();
    await exchange.CollectAsync(host.Services.GetRequiredService<RouterStore>());
    if (exchange.Status.Waiting < 1) return Fail("what was learnt did not reach the outbox");
    await host.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token);
}
finally
{
    Directory.Delete(folder, recursive: true);
}

Console.WriteLine($"packages {version} work");
return 0;

static RouterOptions Options()
{
    var options = new RouterOptions { Strategy = Strategy.Learning, Seed = 7 };
    options.Arms.Add(new Arm { Id = "small", Provider = "acme", InputUsdPerMillionTokens = 0.1, OutputUsdPerMillionTokens = 0.4 });
    options.Arms.Add(new Arm { Id = "large", Provider = "globex", InputUsdPerMillionTokens = 3, OutputUsdPerMillionTokens = 15 });
    return options;
}

static SegmentKey Segment(BanditRouter router) => router.SegmentOf("implementer", "core", "high", "large");

static long Outcomes(BanditRouter router, SegmentKey segment) => router.EvidenceOf(segment, 0).QualityCount + router.EvidenceOf(segment, 1).QualityCount;

static int Fail(string why)
{
    Console.Error.WriteLine($"the packages do not work: {why}");
    return 1;
}
