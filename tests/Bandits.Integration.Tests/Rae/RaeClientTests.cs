using System.Diagnostics;
using System.Text;
using Bandits.Rae;
using Bandits.Rae.Http;
using Microsoft.Extensions.Time.Testing;

namespace Bandits.Integration.Tests.Rae;

/// <summary>The client against everything the server may answer.</summary>
public sealed class RaeClientTests : IAsyncLifetime
{
    private RaeServer _server = null!;

    public async Task InitializeAsync() => _server = await RaeServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private RaeClient Client(Action<RaeOptions>? change = null)
    {
        RaeOptions options = RaeFolder.Options(_server.Endpoint);
        change?.Invoke(options);
        return new RaeClient(options);
    }

    private static byte[] Memory(string content) => Encoding.UTF8.GetBytes($$"""{"content":"{{content}}","project":"bandits","layer":"episodic"}""");

    [Fact]
    public async Task Tenant_and_key_go_with_every_request_and_the_slash_saves_a_redirect()
    {
        using RaeClient client = Client(o => o.Tenant = "6f1c2a1e-0000-4000-8000-000000000001");
        Assert.NotNull((await client.CreateAsync(Memory("one"))).Id);
        Assert.True((await client.CreateAsync(Memory("one"))).IsDuplicate);
        await client.ListAsync("episodic", 10, 0);
        await client.QueryAsync("one");
        Assert.True(await client.IsHealthyAsync());
        Assert.Equal(5, _server.Log.Count);
        Assert.All(_server.Log, request => Assert.Equal((RaeFolder.Key, "6f1c2a1e-0000-4000-8000-000000000001"), (request.Headers["X-API-Key"], request.Headers["X-Tenant-Id"])));
        Assert.All(_server.Log.Where(r => r.Path != "/health"), request => Assert.StartsWith("/v2/memories/", request.Path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(Mishap.DropBefore))]
    [InlineData(nameof(Mishap.DropAfter))]
    [InlineData(nameof(Mishap.FailStored))]
    [InlineData(nameof(Mishap.FailMarked))]
    [InlineData(nameof(Mishap.Unavailable))]
    [InlineData(nameof(Mishap.BusyByHeader))]
    [InlineData(nameof(Mishap.BusyByBody))]
    public async Task What_may_be_mended_is_tried_again(string mishap)
    {
        _server.Plan = (number, _) => number == 0 ? Enum.Parse<Mishap>(mishap) : Mishap.None;
        using RaeClient client = Client();
        await client.CreateAsync(Memory("one"));
        Assert.Equal(2, _server.Log.Count);
        Assert.Equal(1, client.Retried);
    }

    [Theory]
    [InlineData(nameof(Mishap.BusyByHeader))]
    [InlineData(nameof(Mishap.BusyByBody))]
    public async Task A_busy_server_is_left_alone_for_as_long_as_it_asks(string mishap)
    {
        _server.RetryAfterSeconds = 2; // the body's time is in whole seconds
        _server.Plan = (number, _) => number == 0 ? Enum.Parse<Mishap>(mishap) : Mishap.None;
        using RaeClient client = Client();
        long start = Stopwatch.GetTimestamp();
        await client.CreateAsync(Memory("one"));
        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(0.9));
    }

    [Fact]
    public async Task A_wait_that_is_too_long_is_not_waited_for_and_remembered()
    {
        _server.RetryAfterSeconds = 600;
        _server.Plan = (_, _) => Mishap.BusyByHeader;
        using RaeClient client = Client();
        RaeException e = await Assert.ThrowsAsync<RaeException>(() => client.CreateAsync(Memory("one")));
        Assert.Equal((RaeFault.Unavailable, 429), (e.Fault, e.Status));
        Assert.Single(_server.Log);
        Assert.InRange(client.Rest.TotalSeconds, 590, 600);
    }

    [Theory]
    [InlineData(nameof(Mishap.Invalid), 422, "Validation failed")]
    [InlineData(nameof(Mishap.OverBudget), 402, "Budget exceeded")]
    public async Task What_is_refused_is_not_tried_again_and_the_reason_is_told(string mishap, int status, string reason)
    {
        _server.Plan = (_, _) => Enum.Parse<Mishap>(mishap);
        using RaeClient client = Client();
        RaeException e = await Assert.ThrowsAsync<RaeException>(() => client.CreateAsync(Memory("one")));
        Assert.Equal((RaeFault.Refused, status), (e.Fault, e.Status));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Single(_server.Log);
    }

    [Fact]
    public async Task A_redirect_of_the_same_host_is_followed_with_the_body()
    {
        using var http = new HttpClient(new RedirectHandler { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } });
        using var request = new HttpRequestMessage(HttpMethod.Post, _server.Endpoint + "/v2/memories") { Content = new ByteArrayContent(Memory("one")) };
        request.Headers.Add("X-API-Key", RaeFolder.Key);
        Assert.Equal(200, (int)(await http.SendAsync(request)).StatusCode);
        Assert.Equal("one", Assert.Single(_server.Storage.Memories).Content);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_not_followed_and_is_no_dead_letter()
    {
        _server.Plan = (_, _) => Mishap.ElsewhereRedirect;
        using RaeClient client = Client();
        RaeException e = await Assert.ThrowsAsync<RaeException>(() => client.CreateAsync(Memory("one")));
        Assert.Equal((RaeFault.Misconfigured, 307), (e.Fault, e.Status));
        Assert.Single(_server.Log);
    }

    [Fact]
    public async Task An_answer_of_something_else_is_not_understood()
    {
        _server.Plan = (_, _) => Mishap.Foreign;
        using RaeClient client = Client();
        Assert.Equal(RaeFault.NotUnderstood, (await Assert.ThrowsAsync<RaeException>(() => client.CreateAsync(Memory("one")))).Fault);
        Assert.Equal(RaeFault.NotUnderstood, (await Assert.ThrowsAsync<RaeException>(() => client.ListAsync("episodic", 1, 0))).Fault);
    }

    [Fact]
    public async Task An_answer_that_is_too_long_is_not_read()
    {
        using RaeClient client = Client(o => o.MaxResponseBytes = 64 << 10);
        _server.Storage.Store(Guid.Empty, new() { ["content"] = "one", ["project"] = "bandits", ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["x"] = new string('x', 70_000) } });
        Assert.Equal(RaeFault.TooLong, (await Assert.ThrowsAsync<RaeException>(() => client.ListAsync("episodic", 10, 0))).Fault);
    }

    [Fact]
    public async Task A_server_that_only_fails_is_left_alone_until_it_is_back()
    {
        _server.Plan = (_, _) => Mishap.Unavailable;
        using RaeClient client = Client(o => o.Retries = 10);
        await Assert.ThrowsAsync<RaeException>(() => client.CreateAsync(Memory("one")));
        int tries = _server.Log.Count;
        Assert.InRange(tries, 6, 10);
        Assert.Equal(RaeCircuit.Open, client.Circuit);
        RaeException e = await Assert.ThrowsAsync<RaeException>(() => client.CreateAsync(Memory("one")));
        Assert.Contains("circuit is open", e.Message, StringComparison.Ordinal);
        Assert.Equal(tries, _server.Log.Count);
        _server.Plan = (_, _) => Mishap.None;
        await Task.Delay(600);
        await client.CreateAsync(Memory("one"));
        Assert.Equal(RaeCircuit.Closed, client.Circuit);
    }

    [Fact]
    public async Task A_server_that_hangs_ends_with_the_time_of_a_try()
    {
        _server.Plan = (_, _) => Mishap.Hang;
        using RaeClient client = Client(o => (o.RequestTimeout, o.Retries) = (TimeSpan.FromMilliseconds(200), 1));
        RaeException e = await Assert.ThrowsAsync<RaeException>(() => client.CreateAsync(Memory("one")));
        Assert.Equal(RaeFault.Unavailable, e.Fault);
        Assert.Equal(2, _server.Log.Count);
        using var cancelled = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.CreateAsync(Memory("two"), cancelled.Token));
    }

    /// <summary>Waiting for one's turn is no failure of the server, though it takes longer than an answer may.</summary>
    [Fact]
    public async Task No_more_creates_go_out_in_a_minute_than_are_welcome_and_waiting_for_ones_turn_is_no_failure()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        RaeOptions options = RaeFolder.Options(_server.Endpoint);
        (options.CreatesPerMinute, options.RequestTimeout) = (2, TimeSpan.FromSeconds(10));
        using var client = new RaeClient(options, clock);
        await client.CreateAsync(Memory("one"));
        clock.Advance(TimeSpan.FromSeconds(20));
        await client.CreateAsync(Memory("two"));
        Task<CreatedMemory> third = client.CreateAsync(Memory("three"));
        await client.ListAsync("episodic", 10, 0); // questions need no turn
        clock.Advance(TimeSpan.FromSeconds(39));
        await Task.Delay(50);
        Assert.Equal((2, false), (_server.Storage.Memories.Count, third.IsCompleted));
        clock.Advance(TimeSpan.FromSeconds(1));
        await third.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((3, 0L, RaeCircuit.Closed), (_server.Storage.Memories.Count, client.Retried, client.Circuit));
    }

    [Fact]
    public async Task The_key_stands_in_no_message()
    {
        _server.Plan = (number, _) => (Mishap[])[Mishap.Invalid, Mishap.OverBudget, Mishap.ElsewhereRedirect, Mishap.Foreign] is var all && number < all.Length ? all[number] : Mishap.Invalid;
        RaeOptions options = RaeFolder.Options(_server.Endpoint);
        Assert.DoesNotContain(RaeFolder.Key, options.ToString(), StringComparison.Ordinal);
        using RaeClient client = new(options);
        for (int i = 0; i < 4; i++) Assert.DoesNotContain(RaeFolder.Key, (await Assert.ThrowsAsync<RaeException>(() => client.CreateAsync(Memory("one")))).ToString(), StringComparison.Ordinal);
        options.ApiKey = "with space";
        Assert.DoesNotContain("with space", Assert.Throws<ArgumentException>(() => new RaeClient(options)).ToString(), StringComparison.Ordinal);
    }
}
