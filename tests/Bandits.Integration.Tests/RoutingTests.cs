using System.Diagnostics;
using System.Text.Json;
using Bandits.Storage;
using Bandits.Tests.Storage;

namespace Bandits.Integration.Tests;

public sealed class RoutingTests : IDisposable
{
    private const string Arms = """
        [{"id":"small","provider":"north","tier":"fast","capabilities":["code"],"input_usd_per_million_tokens":0.1,"output_usd_per_million_tokens":0.4,"context_window":32000},
         {"id":"large","provider":"south","tier":"advanced","capabilities":["code","review"],"input_usd_per_million_tokens":3,"output_usd_per_million_tokens":15,"context_window":200000}]
        """;

    private static readonly string[] Route = ["route", "--role", "implementer", "--area", "api", "--risk", "low"];
    private readonly CommandLine _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public void Outcomes_recorded_by_one_process_change_what_another_decides()
    {
        DescribeArms();
        for (int i = 0; i < 3; i++)
        {
            Record(Token("--exclude-arm", "small"), "failed", "--cost", "0.2");
            Record(Token("--exclude-arm", "large"), "success", "--cost", "0.01", "--seconds", "12");
        }

        Run run = _command.Json([.. Route, "--strategy", "performance", "--min-samples", "1", "--explain"]).Ok();
        Assert.Equal(("small", "north", "performance", false),
            (run.Text("model_id"), run.Text("provider"), run.Text("strategy"), run.Json.GetProperty("explored").GetBoolean()));
        Assert.Equal(1, run.Json.GetProperty("propensity").GetDouble());
        JsonElement[] arms = [.. run.Json.GetProperty("explanation").GetProperty("arms").EnumerateArray()];
        Assert.Equal([0.8, 0.2], arms.Select(a => a.GetProperty("quality").GetDouble()));
        Assert.All(arms, a => Assert.Equal(
            a.GetProperty("utility").GetDouble(),
            a.GetProperty("value_term").GetDouble() + a.GetProperty("cost_term").GetDouble() + a.GetProperty("latency_term").GetDouble(), 12));

        JsonElement learning = _command.Json("learning").Ok().Json;
        Assert.Equal((7, 6, 0.5), (learning.GetProperty("decisions").GetInt32(), learning.GetProperty("executions").GetInt32(),
            learning.GetProperty("success_rate").GetDouble()));
        Assert.Equal(0.63, learning.GetProperty("total_cost").GetDouble(), 9);
    }

    [Fact]
    public void Recording_again_changes_nothing_and_a_revision_corrects()
    {
        DescribeArms();
        string token = Token();
        Assert.Equal("applied", Record(token, "success", "--cost", "0.1"));
        string before = _command.Learnt();
        Assert.Equal("already_known", Record(token, "success", "--cost", "0.1"));
        Assert.Equal(before, _command.Learnt());
        Assert.Equal("corrected", Record(token, "failed", "--revision", "1"));
        JsonElement learning = _command.Json("learning").Ok().Json;
        Assert.Equal((1, 0.0), (learning.GetProperty("executions").GetInt32(), learning.GetProperty("success_rate").GetDouble()));
    }

    [Fact]
    public void Damaged_and_foreign_tokens_and_impossible_numbers_are_refused_and_change_nothing()
    {
        DescribeArms();
        string token = Token();
        string before = _command.Learnt();
        string damaged = (token[0] == 'B' ? 'C' : 'B') + token[1..];
        _command.Run("record", damaged, "--outcome", "success").IsUserError("token");
        _command.Run("record", token[..^4], "--outcome", "success").IsUserError("token");
        _command.Run("record", token, "--outcome", "success", "--cost", "NaN").IsUserError("Cost");
        _command.Run("record", token, "--outcome", "success", "--cost", "-1").IsUserError("Cost");
        _command.Run("record", token, "--outcome", "success", "--seconds", "-3").IsUserError("seconds");
        _command.Run("record", token, "--outcome", "success", "--quality", "1.5").IsUserError("Quality");
        _command.Run("record", token, "--outcome", "marvellous").IsUserError("marvellous");
        Assert.Equal(before, _command.Learnt());

        string elsewhere = _command.PathOf("elsewhere");
        _command.RunWith(elsewhere, null, "arms", "--set", _command.PathOf("arms.json")).Ok();
        string foreign = _command.RunWith(elsewhere, null, [.. Route, "--format", "json"]).Ok().Text("decision");
        _command.Run("record", foreign, "--outcome", "success").IsUserError("another store issued it");
        Assert.Equal(before, _command.Learnt());
    }

    [Fact]
    public void Tokens_belong_to_the_key_of_their_store()
    {
        DescribeArms();
        string key = Path.Combine(_command.Store, TokenKey.FileName);
        File.Delete(key);
        _command.Json("learning").Ok();
        Assert.False(File.Exists(key), "A question made a key.");
        string token = Token();
        Assert.Equal("applied", Record(token, "success"));

        byte[] kept = File.ReadAllBytes(key);
        File.Delete(key);
        _command.Run("record", token, "--outcome", "failed", "--revision", "1").IsUserError("another store issued it");
        Assert.Equal("applied", Record(Token(), "success"));

        File.WriteAllBytes(key, kept[..31]);
        _command.Run("record", token, "--outcome", "failed", "--revision", "1").IsUserError("token.key");
        File.WriteAllBytes(key, kept);
        Assert.Equal("corrected", Record(token, "failed", "--revision", "1"));
    }

    [Fact]
    public void The_same_seed_on_the_same_state_decides_alike_and_fresh_randomness_does_not_repeat_ids()
    {
        DescribeArms();
        Record(Token(), "success");
        string[] seeded = [.. Route, "--seed", "11", "--format", "json"];
        string first = _command.CopyStore("first"), second = _command.CopyStore("second");
        Run one = _command.RunWith(first, null, seeded).Ok(), two = _command.RunWith(second, null, seeded).Ok();
        Assert.Equal(Decided(first, one), Decided(second, two));
        Run three = _command.RunWith(first, null, seeded).Ok(), four = _command.RunWith(second, null, seeded).Ok();
        Assert.Equal(Decided(first, three), Decided(second, four));

        string third = _command.CopyStore("third"), fourth = _command.CopyStore("fourth");
        Assert.NotEqual(
            IncarnationOf(third, _command.RunWith(third, null, [.. Route, "--format", "json"]).Ok()),
                IncarnationOf(fourth, _command.RunWith(fourth, null, [.. Route, "--format", "json"]).Ok()));

        static string Decided(string store, Run run) =>
            $"{run.Text("model_id")} {run.Json.GetProperty("propensity")} {run.Json.GetProperty("explored")} {IncarnationOf(store, run)}";
    }

    [Fact]
    public void Many_processes_at_once_lose_no_decision()
    {
        DescribeArms();
        var tokens = new string[6];
        Parallel.For(0, tokens.Length, i => tokens[i] = Token());
        Assert.Equal(tokens.Length, tokens.Distinct().Count());
        Assert.Equal(tokens.Length, _command.Json("learning").Ok().Json.GetProperty("decisions").GetInt32());
    }

    [Fact]
    public void A_killed_writer_leaves_the_store_to_the_next()
    {
        using (Process writer = _command.Hold())
        {
            Assert.Throws<IOException>(() =>
                new FileStream(Path.Combine(_command.Store, "store.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose());
            writer.Kill();
            writer.WaitForExit();
        }

        DescribeArms();
        Assert.Equal("applied", Record(Token(), "success"));
    }

    [Fact]
    public void When_no_arm_is_eligible_the_reasons_are_given()
    {
        DescribeArms();
        _command.Run([.. Route, "--capability", "review", "--exclude-provider", "south"])
            .IsUserError("No arm is eligible: small (lacks a capability); large (provider excluded)");
        Assert.Equal("large", _command.Json([.. Route, "--capability", "review"]).Ok().Text("model_id"));
        Assert.Equal("large", _command.Json([.. Route, "--min-context", "100000"]).Ok().Text("model_id"));
    }

    [Fact]
    public void An_arm_may_take_its_prior_from_its_price_tier()
    {
        DescribeArms();
        _command.Run("arms", "--set", _command.Write("odd.json", """[{"id":"new","prior_from_price_tier":"yes"}]""")).IsUserError("true or false is expected");
        _command.Run("arms", "--set", _command.Write("free.json", """[{"id":"new","prior_from_price_tier":true}]""")).IsUserError("needs a list price");
        _command.Run("arms", "--set", _command.Write("new.json", """[{"id":"new","input_usd_per_million_tokens":1,"output_usd_per_million_tokens":2,"prior_from_price_tier":true}]""")).Ok();
        Token();
        JsonElement arm = Assert.Single(_command.Json("arms").Ok().Json.EnumerateArray(), arm => arm.GetProperty("id").GetString() == "new");
        Assert.True(arm.GetProperty("prior_from_price_tier").GetBoolean());
    }

    [Fact]
    public void An_empty_store_and_bad_arms_are_clear_errors()
    {
        _command.Run(Route).IsUserError("There is no store");
        _command.Run("route", "--role", "implementer").IsUserError("--area");
        _command.Run("arms", "--set", _command.Write("odd.json", """[{"id":"a","teir":"fast"}]""")).IsUserError("teir");
        _command.Run("arms", "--set", _command.Write("twice.json", """[{"id":"a"},{"id":"a"}]""")).IsUserError("given twice");
        _command.Run("arms", "--set", _command.Write("broken.json", "[{")).IsUserError("not JSON");
        Directory.CreateDirectory(_command.Store);
        _command.Run(Route).IsUserError("has no arms");
        DescribeArms();
        _command.Run([.. Route, "--cost-weight", "NaN"]).IsUserError("CostWeight");
        _command.Run([.. Route, "--history-weight", "2"]).IsUserError("--history-weight");
    }

    [Fact]
    public void Behind_a_damaged_snapshot_the_previous_one_and_the_journal_lose_nothing_and_a_future_one_is_left_alone()
    {
        DescribeArms();
        Token();
        _command.Run("store", "compact").Ok();
        Token();
        _command.Run("store", "compact").Ok();
        string path = Path.Combine(_command.Store, "router.snapshot");
        byte[] good = File.ReadAllBytes(path);
        File.WriteAllBytes(path, good[..^10]);
        Run run = _command.Json("learning").Ok();
        Assert.Contains("note: The newest snapshot could not be used", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Json.GetProperty("decisions").GetInt32());

        byte[] future = Future.Snapshot(good, 99);
        File.WriteAllBytes(path, future);
        _command.Run(Route).IsUserError("format version 99");
        Assert.Equal(future, File.ReadAllBytes(path));
    }

    private static string IncarnationOf(string store, Run run) =>
        new BanditRouter(new RouterOptions { TokenKey = TokenKey.LoadOrCreate(store) }).ParseToken(run.Text("decision")).Id.ToString();

    private void DescribeArms() => _command.Run("arms", "--set", _command.Write("arms.json", Arms)).Ok();

    private string Token(params string[] options) => _command.Json([.. Route, .. options]).Ok().Text("decision");

    private string Record(string token, string outcome, params string[] options) =>
        _command.Json(["record", token, "--outcome", outcome, .. options]).Ok().Text("recorded");
}
