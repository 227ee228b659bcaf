using System.Diagnostics;
using System.Text.Json;

namespace Bandits.Integration.Tests.Rae;

/// <summary>The real command against the fake server.</summary>
public sealed class RaeVerbTests : IAsyncLifetime
{
    private const string Arms = """[{"id":"small","provider":"north"},{"id":"large","provider":"south"}]""";
    private readonly CommandLine _command = new();
    private readonly Lazy<CommandLine> _second;
    private RaeServer _server = null!;

    public RaeVerbTests() => _second = new Lazy<CommandLine>(() => Prepared(new CommandLine()));

    private CommandLine Other => _second.Value;

    public async Task InitializeAsync()
    {
        _server = await RaeServer.StartAsync();
        Prepared(_command);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _command.Dispose();
        if (_second.IsValueCreated) Other.Dispose();
    }

    [Fact]
    public void What_one_store_pushes_another_pulls_and_everything_is_said_in_both_forms()
    {
        JsonElement pushed = _command.Json("rae", "push").Ok().Json;
        Assert.Equal((1, 0, 0), (pushed.GetProperty("pushed").GetInt32(), pushed.GetProperty("waiting").GetInt32(), pushed.GetProperty("dead").GetInt32()));
        Assert.Contains("sent", _command.Run("rae", "push").Ok().Output, StringComparison.Ordinal);
        Assert.Single(_server.Storage.Memories); // the second had nothing new to say

        JsonElement pulled = Other.Json("rae", "pull", "--weight", "0.25").Ok().Json;
        JsonElement instance = Assert.Single(pulled.GetProperty("instances").EnumerateArray());
        Assert.Equal((0.25, 1, true), (instance.GetProperty("weight").GetDouble(), instance.GetProperty("cells").GetInt32(), instance.GetProperty("joined").GetBoolean()));
        Assert.Contains("known already", Other.Run("rae", "pull").Ok().Output, StringComparison.Ordinal);
        Assert.Contains(instance.GetProperty("name").GetString()!, Other.Learnt(), StringComparison.Ordinal);

        JsonElement statistics = Other.Json("rae", "statistics").Ok().Json;
        Assert.Equal(1, Assert.Single(statistics.GetProperty("arms").EnumerateArray()).GetProperty("outcomes").GetInt32());
        Assert.Equal(1, _command.Json("rae", "similar", "bandit_evidence implementer").Ok().Json.GetArrayLength());
        JsonElement status = _command.Json("rae", "status").Ok().Json;
        Assert.Equal((true, 1, 1, 0), (status.GetProperty("healthy").GetBoolean(), status.GetProperty("pushed").GetInt32(), status.GetProperty("windows").GetInt32(), status.GetProperty("waiting").GetInt32()));
        Assert.All(_server.Log, request => Assert.Equal(RaeFolder.Key, request.Headers["X-API-Key"]));
    }

    [Fact]
    public void What_the_user_did_wrong_is_one_line()
    {
        _command.Run("rae", "push", "--endpoint", "http://rae.example").IsUserError("https is expected");
        _command.Run("rae", "push", "--endpoint", "nonsense").IsUserError("Endpoint");
        _command.Run("rae", "push", "--tenant", "seven").IsUserError("Tenant is 'seven'");
        _command.Run("rae", "push", "--creates", "0").IsUserError("CreatesPerMinute is 0; the allowed range is [1, 60000]");
        _command.Run("rae", "similar", "").IsUserError("query");
        _command.Environment.Remove("RAE_ENDPOINT");
        _command.Run("rae", "push").IsUserError("RAE_ENDPOINT");
    }

    [Fact]
    public void A_key_comes_from_a_file_too_and_a_server_that_refuses_leaves_everything_waiting()
    {
        _command.Environment.Remove("RAE_API_KEY");
        _server.Plan = (_, _) => Mishap.ElsewhereRedirect;
        Run run = _command.Run("rae", "push", "--key-file", _command.Write("key", "sk-of-a-file\n"), "--format", "json");
        Assert.Equal(4, run.Code);
        Assert.Equal(1, run.Json.GetProperty("waiting").GetInt32());
        Assert.Contains("redirects", run.Text("error"), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-of-a-file", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Equal("sk-of-a-file", Assert.Single(_server.Log).Headers["X-API-Key"]);
        Assert.Equal(1, _command.Json("rae", "status").Ok().Json.GetProperty("waiting").GetInt32());
    }

    /// <summary>A real process, killed while the server has stored what it sent and has not yet answered.</summary>
    [Fact]
    public async Task A_push_that_is_killed_in_the_middle_is_finished_by_the_next()
    {
        _server.Plan = (number, _) => number == 0 ? Mishap.HangAfter : Mishap.None;
        using (Process process = _command.Start("rae", "push"))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (_server.Storage.Memories.Count == 0) await Task.Delay(10, patience.Token);
            process.Kill();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }

        JsonElement pushed = _command.Json("rae", "push").Ok().Json;
        Assert.Equal((1, 1), (pushed.GetProperty("pushed").GetInt32(), pushed.GetProperty("deduplicated").GetInt32()));
        Assert.Single(_server.Storage.Memories);
        Assert.Equal("1", Assert.Single(_server.Storage.Memories).Metadata["parts"]!.ToString());
    }

    /// <summary>A store with one outcome.</summary>
    private CommandLine Prepared(CommandLine command)
    {
        (command.Environment["RAE_ENDPOINT"], command.Environment["RAE_API_KEY"]) = (_server.Endpoint, RaeFolder.Key);
        command.Run("arms", "--set", command.Write("arms.json", Arms)).Ok();
        string token = command.Json("route", "--role", "implementer", "--area", "api", "--risk", "low").Ok().Text("decision");
        command.Run("record", token, "--outcome", "success", "--cost", "0.25").Ok();
        return command;
    }
}
