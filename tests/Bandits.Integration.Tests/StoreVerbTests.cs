using System.Text.Json;
using Bandits.Storage;
using Bandits.Tests.Storage;

namespace Bandits.Integration.Tests;

/// <summary>The care of a store, on real files.</summary>
public sealed class StoreVerbTests : IDisposable
{
    private const int Damaged = 3;
    private const string Arms = """[{"id":"small","provider":"north","tier":"fast"},{"id":"large","provider":"south","tier":"advanced"}]""";

    private static readonly string[] Route = ["route", "--role", "implementer", "--area", "api", "--risk", "low"];
    private readonly CommandLine _command = new();

    private string Journal => Assert.Single(Directory.GetFiles(_command.Store, "*.journal"));

    public void Dispose() => _command.Dispose();

    [Fact]
    public void A_store_in_use_is_whole_and_every_command_is_an_opening()
    {
        Learn(2);
        JsonElement verified = Verify(0);
        Assert.True(verified.GetProperty("clean").GetBoolean());
        JsonElement found = _command.Json("store", "inspect").Ok().Json;
        Assert.Equal(5, found.GetProperty("openings").GetArrayLength()); // arms, twice route and record
        Assert.Equal((2, 1), (found.GetProperty("sequence").GetInt32(), found.GetProperty("segments").GetInt32()));
        Assert.Equal(["small enabled", "large enabled"], found.GetProperty("arms").EnumerateArray().Select(a => $"{a.GetProperty("id")} {a.GetProperty("status")}"));
        JsonElement entries = Assert.Single(found.GetProperty("journal").EnumerateArray()).GetProperty("entries");
        Assert.Equal((5, 2, 2), (entries.GetProperty("opening").GetInt32(), entries.GetProperty("decision").GetInt32(), entries.GetProperty("outcome").GetInt32()));
        Assert.Contains("Whole", _command.Run("store", "verify").Ok().Output, StringComparison.Ordinal);
        Assert.Contains("small", _command.Run("store", "inspect").Ok().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_spent_under_a_budget_and_caps_is_shown_and_so_are_announced_prices()
    {
        var options = new RouterOptions
        {
            Dimensions = ["role"],
            Strategy = Strategy.Budgeted,
            Budget = new Budget { UsdPerDecision = 0.5, Horizon = 40 },
            SpendCaps = [new SpendCap { Name = "all: of us; USD per Day", Usd = 2, Window = SpendWindow.Day }, new SpendCap { Name = "north", Usd = 9.5, PerTenant = true, Provider = "north" }],
        };
        options.Arms.Add(new Arm { Id = "small", Provider = "north", InputUsdPerMillionTokens = 1, OutputUsdPerMillionTokens = 2 });
        double expected;
        using (RouterStore store = RouterStore.Open(_command.Store, options, new RouterStoreOptions()))
        {
            store.Router.TryDecide(new Request { TimeTicks = 1000 * TimeSpan.TicksPerDay, Tenant = 7, ReserveUsd = 0.5 }, out Decision decision);
            store.Router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 2.25 });
            store.Router.TryDecide(new Request { TimeTicks = 1001 * TimeSpan.TicksPerDay, ReserveUsd = 0.5 }, out decision);
            expected = 2.25 + decision.PredictedCostUsd;
            store.Router.SetPrices("small", 2, 4);
        }

        JsonElement found = _command.Json("store", "inspect").Ok().Json, spending = found.GetProperty("spending");
        Assert.Equal((0.5, 2), (spending.GetProperty("usd_per_decision").GetDouble(), spending.GetProperty("decisions").GetInt32()));
        Assert.Equal(expected, spending.GetProperty("charged_usd").GetDouble(), 1e-9);
        JsonElement[] caps = [.. found.GetProperty("caps").EnumerateArray()];
        Assert.Equal(["all: of us; USD per Day", "all: of us; USD per Day", "north", "north"], caps.Select(cap => cap.GetProperty("cap").GetString()));
        Assert.Equal([(2, 2.25, 0, 0.25), (2, 0.5, 0.5, 0), (9.5, 2.25, 0, 0), (9.5, 0.5, 0.5, 0)], caps.Select(cap => (Usd(cap, "limit"), Usd(cap, "spent"), Usd(cap, "reserved"), Usd(cap, "overshoot"))));
        Assert.Equal("0000000000000007", caps[2].GetProperty("tenant").GetString());
        JsonElement change = Assert.Single(found.GetProperty("arm_changes").EnumerateArray());
        Assert.Equal(("small", "cost", true, true), (change.GetProperty("arm").GetString(), change.GetProperty("component").GetString(), change.GetProperty("higher").GetBoolean(), change.GetProperty("announced").GetBoolean()));
        string table = _command.Run("store", "inspect").Ok().Output;
        foreach (string words in (string[])["a decision", "north", "cost is higher"]) Assert.Contains(words, table, StringComparison.Ordinal);
        Verify(0);

        static double Usd(JsonElement cap, string what) => cap.GetProperty(what + "_usd").GetDouble();
    }

    [Fact]
    public void The_decision_log_is_one_object_a_line_and_can_be_read_in_parts()
    {
        Learn(2);
        JsonElement[] all = Log();
        JsonElement decision = all.First(e => e.GetProperty("kind").GetString() == "decision");
        Assert.True(decision.GetProperty("propensity").GetDouble() > 0);
        string position = decision.GetProperty("position").GetInt64().ToString();
        JsonElement[] part = Log("--from", position, "--count", "2");
        Assert.Equal(2, part.Length);
        Assert.Equal(decision.GetRawText(), part[0].GetRawText());
        _command.Run("store", "inspect", "--count", "3").IsUserError("--entries");
        _command.Run("store", "inspect", "--entries", "--from", "-8").IsUserError("--from is -8");
    }

    [Fact]
    public void Damage_in_the_middle_is_found_and_repaired_and_what_is_not_hit_stays()
    {
        Learn(4);
        JsonElement[] log = Log();
        long position = log.Where(e => e.GetProperty("kind").GetString() == "outcome").ElementAt(2).GetProperty("position").GetInt64();
        string journal = Journal;
        byte[] bytes = File.ReadAllBytes(journal);
        bytes[64 + position + 20] ^= 0x40;
        File.WriteAllBytes(journal, bytes);

        JsonElement verified = Verify(Damaged);
        JsonElement file = Assert.Single(verified.GetProperty("journal").EnumerateArray());
        Assert.Equal(("damaged", position), (file.GetProperty("state").GetString(), Assert.Single(file.GetProperty("damage").EnumerateArray()).GetProperty("from_position").GetInt64()));
        Assert.Equal(bytes, File.ReadAllBytes(journal));
        Assert.Contains("store verify", _command.Json("learning").Ok().Error, StringComparison.Ordinal);

        Run repaired = _command.Json("store", "repair").Ok();
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(_command.Store, Assert.Single(repaired.Json.GetProperty("moved").EnumerateArray()).GetString()!))[..bytes.Length]);
        Verify(0);
        JsonElement learning = _command.Json("learning").Ok().Json;
        Assert.Equal((4, 3), (learning.GetProperty("decisions").GetInt32(), learning.GetProperty("executions").GetInt32()));
        Learn(1);
        Verify(0);
    }

    [Fact]
    public void A_torn_tail_is_told_from_damage_and_its_bytes_are_kept()
    {
        Learn(2);
        byte[] bytes = File.ReadAllBytes(Journal);
        File.WriteAllBytes(Journal, bytes[..^5]);
        JsonElement file = Assert.Single(Verify(Damaged).GetProperty("journal").EnumerateArray());
        Assert.Equal("torn_tail", file.GetProperty("state").GetString());
        JsonElement moved = Assert.Single(_command.Json("store", "repair").Ok().Json.GetProperty("moved").EnumerateArray());
        Assert.Equal(bytes[..^5], File.ReadAllBytes(Path.Combine(_command.Store, moved.GetString()!)));
        Verify(0);
    }

    [Fact]
    public void A_torn_tail_is_cut_and_told_by_whatever_writes_next()
    {
        string token = Learn(2);
        File.WriteAllBytes(Journal, File.ReadAllBytes(Journal)[..^5]);
        Run run = _command.Json("record", token, "--outcome", "success").Ok();
        Assert.Contains("torn by a crash", run.Error, StringComparison.Ordinal);
        Assert.Equal("applied", run.Text("recorded"));
        Verify(0);
    }

    [Fact]
    public void Damaged_snapshots_are_repaired_from_the_journal()
    {
        Learn(3);
        _command.Run("store", "compact").Ok();
        string learnt = _command.Learnt();
        foreach (string path in (string[])["router.snapshot", "router.snapshot.previous"]) Flip(Path.Combine(_command.Store, path), 200);
        Assert.Equal(2, Verify(Damaged).GetProperty("snapshots").EnumerateArray().Count(s => s.GetProperty("state").GetString() == "damaged"));
        Assert.Equal(2, _command.Json("store", "repair").Ok().Json.GetProperty("moved").GetArrayLength());
        Verify(0);
        Assert.Equal(learnt, _command.Learnt());
    }

    [Fact]
    public void What_a_later_version_wrote_is_said_and_left_alone()
    {
        Learn(1);
        _command.Run("store", "compact").Ok();
        foreach ((string path, Func<byte[], int, byte[]> rewrite) in ((string, Func<byte[], int, byte[]>)[])[(Journal, Future.Journal), (Path.Combine(_command.Store, "router.snapshot"), Future.Snapshot)])
        {
            byte[] good = File.ReadAllBytes(path), future = rewrite(good, 99);
            File.WriteAllBytes(path, future);
            Assert.True(Verify(Damaged).GetProperty("future_version").GetBoolean());
            Assert.Contains("later version", _command.Run("store", "verify").Output, StringComparison.Ordinal);
            foreach (string verb in (string[])["repair", "compact"]) _command.Run("store", verb).IsUserError("version 99");
            Assert.Equal(future, File.ReadAllBytes(path));
            File.WriteAllBytes(path, good);
        }

        Verify(0);
    }

    [Fact]
    public void Compacting_keeps_every_answer()
    {
        Learn(5);
        string learnt = _command.Learnt(), explained = Explained();
        JsonElement before = _command.Json("store", "compact").Ok().Json;
        Assert.True(before.GetProperty("after").GetProperty("snapshots").GetInt64() > 0);
        Verify(0);
        Assert.Equal(explained, Explained());
        JsonElement run = JsonDocument.Parse(_command.Learnt()).RootElement;
        Assert.Equal(JsonDocument.Parse(learnt).RootElement.GetProperty("executions").GetInt32(), run.GetProperty("executions").GetInt32());
        _command.Run("store", "compact", "--archive-bytes", "0").Ok();
        Assert.Equal(explained, Explained());
        _command.Run("store", "compact", "--archive-bytes", "-1").IsUserError("--archive-bytes is -1");
    }

    [Fact]
    public void Stores_learn_from_each_other_and_joining_again_changes_nothing()
    {
        Learn(2);
        string other = _command.PathOf("other");
        _command.RunWith(other, null, "arms", "--set", _command.PathOf("arms.json")).Ok();
        string token = _command.RunWith(other, null, [.. Route, "--exclude-arm", "large", "--format", "json"]).Ok().Text("decision");
        _command.RunWith(other, null, "record", token, "--outcome", "success").Ok();

        JsonElement joined = Assert.Single(_command.Json("store", "join", other, "--weight", "0.5").Ok().Json.EnumerateArray());
        Assert.True(joined.GetProperty("joined").GetBoolean());
        string learnt = _command.Learnt();
        Assert.Contains(joined.GetProperty("name").GetString()!, learnt, StringComparison.Ordinal);
        Assert.Equal(3, JsonDocument.Parse(learnt).RootElement.GetProperty("executions").GetInt32());
        Assert.Contains("known already", _command.Run("store", "join", other).Ok().Output, StringComparison.Ordinal);
        Assert.Equal(learnt, _command.Learnt());

        string copy = _command.CopyStore("copy");
        Assert.Contains("nothing new", _command.Run("store", "join", copy).Ok().Output, StringComparison.Ordinal);
        _command.RunWith(copy, null, Route).Ok();
        _command.Run("store", "join", copy).IsUserError("gone its own way");
        _command.Run("store", "join", _command.PathOf("nowhere")).IsUserError("There is no store");
        _command.Run("store", "join", other, "--weight", "2").IsUserError("--weight is 2");
        Assert.Equal(learnt, _command.Learnt());
        Verify(0);
    }

    [Fact]
    public void Questions_are_answered_while_another_process_writes()
    {
        Learn(2);
        string learnt = _command.Learnt();
        using StoreLock held = StoreLock.Acquire(_command.Store, TimeSpan.FromSeconds(10), TimeProvider.System);
        string[] before = Files();
        using RouterStore writer = RouterStore.Open(_command.Store, new RouterOptions(), new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 1 << 20 }, held: held);
        Assert.Equal(learnt, _command.Learnt());
        _command.Json("store", "inspect").Ok();
        Assert.NotEmpty(Log());
        Assert.Equal(before, Files());

        string[] Files() => [.. Directory.GetFiles(_command.Store).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void Without_a_store_every_verb_says_so()
    {
        foreach (string verb in (string[])["verify", "inspect", "repair", "compact"]) _command.Run("store", verb).IsUserError("There is no store");
        Assert.False(Directory.Exists(_command.Store));
    }

    [Fact]
    public void A_store_from_before_the_journal_goes_on()
    {
        Directory.CreateDirectory(_command.Store);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "router-v2.snapshot"), Path.Combine(_command.Store, "router.snapshot"));
        JsonElement snapshot = Assert.Single(Verify(0).GetProperty("snapshots").EnumerateArray());
        Assert.Equal(2, snapshot.GetProperty("version").GetInt32());
        Assert.Equal(3, _command.Json("learning").Ok().Json.GetProperty("executions").GetInt32());
        string token = _command.Json(Route).Ok().Text("decision");
        _command.Run("record", token, "--outcome", "success").Ok();
        _command.Run("store", "compact").Ok();
        Verify(0);
        JsonElement learning = _command.Json("learning").Ok().Json;
        Assert.Equal((4, 4), (learning.GetProperty("decisions").GetInt32(), learning.GetProperty("executions").GetInt32()));
    }

    private static void Flip(string path, int at)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Decisions with outcomes, one process each; returns the last token.</summary>
    private string Learn(int rounds)
    {
        if (!Directory.Exists(_command.Store)) _command.Run("arms", "--set", _command.Write("arms.json", Arms)).Ok();
        string token = "";
        for (int i = 0; i < rounds; i++)
        {
            token = _command.Json([.. Route, "--seed", "3"]).Ok().Text("decision");
            _command.Run("record", token, "--outcome", i % 2 == 0 ? "success" : "failed", "--cost", "0.01").Ok();
        }

        return token;
    }

    private JsonElement Verify(int code)
    {
        Run run = _command.Json("store", "verify");
        Assert.True(code == run.Code, $"exit code {run.Code}: {run.Error}{run.Output}");
        return run.Json;
    }

    /// <summary>The beliefs of all arms.</summary>
    private string Explained() => _command.Json([.. Route, "--strategy", "balanced", "--explain"]).Ok().Json.GetProperty("explanation").GetRawText();

    private JsonElement[] Log(params string[] range) =>
        [.. _command.Run(["store", "inspect", "--entries", .. range]).Ok().Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
}
