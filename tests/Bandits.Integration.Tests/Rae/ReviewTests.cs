using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Bandits.Rae;
using Bandits.Extensions;
using Bandits.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bandits.Integration.Tests.Rae;

public sealed class ReviewTests : IAsyncLifetime
{
    private readonly RaeFolder _folder = new();
    private RaeServer _server = null!;

    public async Task InitializeAsync() => _server = await RaeServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private RaeExchange Open(RouterStore store, Action<RaeOptions>? change = null)
    {
        RaeOptions options = RaeFolder.Options(_server.Endpoint);
        change?.Invoke(options);
        return RaeExchange.Open(options, store.Directory);
    }

    [Theory]
    [InlineData("project")]
    [InlineData("server")]
    [InlineData("class")]
    public async Task T01_another_destination_is_told_everything(string what)
    {
        using RouterStore a = _folder.Store("a"), b = _folder.Store("b");
        RaeFolder.Learn(a, 60);
        await using (RaeExchange one = Open(a))
        {
            await one.CollectAsync(a);
            await RaeFolder.PushAllAsync(one);
        }

        await using RaeServer other = await RaeServer.StartAsync();
        Action<RaeOptions> change = o =>
        {
            if (what == "project") o.Project = "moved";
            if (what == "server") o.Endpoint = other.Endpoint;
            if (what == "class") o.InfoClass = "confidential";
        };
        await using RaeExchange two = Open(a, change), to = Open(b, change);
        await two.CollectAsync(a);
        RaeFolder.Learn(a, 2);
        await two.CollectAsync(a);
        await RaeFolder.PushAllAsync(two);
        PullReport report = await to.PullAsync(b);
        Assert.False(report.IsWaiting);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
    }

    [Fact]
    public async Task T01b_requests_that_wait_go_where_options_say()
    {
        using RouterStore a = _folder.Store("a"), b = _folder.Store("b");
        RaeFolder.Learn(a, 60);
        await using (RaeExchange one = Open(a)) await one.CollectAsync(a);
        await using RaeExchange two = Open(a, o => (o.Project, o.InfoClass) = ("moved", "confidential"));
        await two.CollectAsync(a);
        await RaeFolder.PushAllAsync(two);
        Assert.All(_server.Storage.Memories, m => Assert.Equal("moved", m.Project));
        Assert.All(_server.Storage.Memories, m => Assert.Equal("episodic", m.Layer));
    }

    [Fact]
    public async Task T03_a_deep_memory_of_another_program_does_not_stop_the_pull()
    {
        using RouterStore a = _folder.Store("a"), b = _folder.Store("b");
        RaeFolder.Learn(a, 20);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        JsonNode deep = new JsonObject();
        for (int i = 0; i < 70; i++) deep = new JsonObject { ["a"] = deep };
        _server.Storage.Store(Guid.Empty, new() { ["content"] = "deep", ["project"] = "bandits", ["layer"] = "semantic", ["metadata"] = deep });
        await to.PullAsync(b);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
    }

    [Theory]
    [InlineData("HTTP/1.1 429 Too Many\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{", 20)]
    public async Task T04_a_body_that_never_ends_ends(string head, int trickle)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        Task serving = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                    _ = Task.Run(async () =>
                    {
                        using (client)
                        {
                            NetworkStream stream = client.GetStream();
                            await stream.ReadAsync(new byte[4096], stop.Token);
                            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), stop.Token);
                            while (trickle > 0)
                            {
                                await Task.Delay(trickle, stop.Token);
                                await stream.WriteAsync(" "u8.ToArray(), stop.Token);
                            }

                            await Task.Delay(Timeout.Infinite, stop.Token);
                        }
                    });
                }
            }
            catch (OperationCanceledException)
            {
            }
        });
        RaeOptions options = RaeFolder.Options($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        (options.RequestTimeout, options.Retries) = (TimeSpan.FromMilliseconds(800), 1);
        using var client = new RaeClient(options);
        Task listing = client.ListAsync("semantic", 10, 0);
        Task first = await Task.WhenAny(listing, Task.Delay(6000));
        await stop.CancelAsync();
        Assert.True(listing == first, "it goes on");
        Exception? e = await Record.ExceptionAsync(() => listing);
        Assert.IsType<RaeException>(e);
        Assert.Contains("did not answer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T06_bookkeeping_that_could_not_be_written_makes_no_contradicting_windows()
    {
        using RouterStore a = _folder.Store("a"), b = _folder.Store("b");
        RaeFolder.Learn(a, 60);
        string rae = Path.Combine(a.Directory, RaeExchange.FolderName), kept = Path.Combine(rae, "exported.json");
        await using (RaeExchange one = Open(a))
        {
            await one.CollectAsync(a);
            await RaeFolder.PushAllAsync(one);
            byte[] before = File.ReadAllBytes(kept);
            RaeFolder.Learn(a, 2);
            File.Delete(kept);
            Directory.CreateDirectory(kept); // as a full disk: the bookkeeping fails, the small batch before it did not
            await Assert.ThrowsAnyAsync<Exception>(() => one.CollectAsync(a));
            Directory.Delete(kept);
            File.WriteAllBytes(kept, before);
            await one.CollectAsync(a);           // nothing new
            await RaeFolder.PushAllAsync(one);   // window 2 goes out
        }

        RaeFolder.Learn(a, 2);
        await using RaeExchange two = Open(a), to = Open(b);
        await two.CollectAsync(a);
        await RaeFolder.PushAllAsync(two);
        PullReport report = await to.PullAsync(b);
        Assert.Empty(report.Reasons);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
    }

    [Fact]
    public async Task T07_records_leave_room_for_evidence()
    {
        using RouterStore a = _folder.Store("a");
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        RaeOptions options = RaeFolder.Options(_server.Endpoint);
        (options.RecordsPerMinute, options.OutboxBytes) = (10, 64 << 10);
        await using RaeExchange from = RaeExchange.Open(options, a.Directory, clock, null, () => new RaeClient(options));
        await from.CollectAsync(a);
        int posts = 0, failed = 0, most = 5;
        _server.Plan = (_, _) => posts++ < most ? Mishap.None : Mishap.ElsewhereRedirect;
        int newest = -1;
        for (int i = 0; i < 200; i++)
        {
            RaeFolder.Learn(a, 40, i);
            a.Flush();
            clock.Advance(TimeSpan.FromMinutes(1));
            if (!await from.CollectAsync(a) && i >= 150) failed++;
            posts = 0;
            int before = _server.Storage.Memories.Count(m => (string?)m.Metadata["schema"] == "bandits.evidence/1");
            await from.PushAsync(); // five a minute, as a slow server takes
            if (_server.Storage.Memories.Count(m => (string?)m.Metadata["schema"] == "bandits.evidence/1") > before) newest = i;
        }

        Assert.True(failed < 25 && newest > 150, $"of the last 50 windows {failed} had no room; the last evidence went out in minute {newest} of 200: {from.Status}");
    }

    [Fact]
    public async Task T08_a_request_that_the_server_cannot_store_does_not_hold_up_all_others()
    {
        using RouterStore a = _folder.Store("a");
        Assert.True(a.Router.TryDecide(new Request(a.Router.SegmentOf("x\0y", "area")), out Decision decision));
        a.Router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
        RaeFolder.Learn(a, 60);
        int stored = 0;
        RaeOptions options = RaeFolder.Options(_server.Endpoint);
        await using RaeExchange from = RaeExchange.Open(options, a.Directory, TimeProvider.System, null, () => new RaeClient(options, TimeProvider.System, new Canned(r =>
        {
            if (r.Method == HttpMethod.Post && r.Content!.ReadAsStringAsync().Result.Contains("\\u0000", StringComparison.Ordinal)) return "500";
            return $$"""{"memory_id":"{{++stored}}"}""";
        })));
        for (int i = 0; i < 6; i++)
        {
            RaeFolder.Learn(a, 1, i);
            await from.CollectAsync(a);
            await from.PushAsync();
            await Task.Delay(600);
        }

        Assert.True(from.Status.Waiting == 0, $"{from.Status} stored {stored}");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task T10_all_in_one_host(bool hangs, bool raeFirst)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("rae:Endpoint", _server.Endpoint), new("rae:CreatesPerMinute", "6000"), new("Bandits:Arms:0:Id", "x"), new("Bandits:Arms:1:Id", "y")]);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(3));
        if (raeFirst) builder.Services.AddBanditsRae(builder.Configuration.GetSection("rae"));
        builder.Services.AddBandits(builder.Configuration.GetSection("Bandits")).UseStore(_folder.PathOf("h"));
        if (!raeFirst) builder.Services.AddBanditsRae(builder.Configuration.GetSection("rae"));
        if (hangs) _server.Plan = (_, _) => Mishap.Hang;
        using IHost host = builder.Build();
        await host.StartAsync();
        BanditRouter router = host.Services.GetRequiredService<BanditRouter>();
        for (int i = 0; i < 10; i++)
        {
            Assert.True(router.TryDecide(new Request(), out Decision decision));
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
        }

        await Task.Delay(300);
        await host.StopAsync();
        Assert.NotEmpty(Directory.GetFiles(_folder.PathOf("h"), "*snapshot*"));
    }

    [Fact]
    public async Task T16_a_slow_server_gets_a_whole_window_now_and_then()
    {
        using RouterStore a = _folder.Store("a"), b = _folder.Store("b");
        await using RaeExchange from = Open(a, o => (o.OutboxBytes, o.CellsPerPart) = (64 << 10, 1)), to = Open(b);
        int posts = 0;
        _server.Plan = (_, path) => path != "/v2/memories/" || posts++ < 5 ? Mishap.None : Mishap.ElsewhereRedirect;
        for (int i = 0; i < 150; i++)
        {
            RaeFolder.Learn(a, 40, i); // 24 cells
            await from.CollectAsync(a);
            posts = 0;
            await from.PushAsync(); // five requests a minute, as a slow server takes
            if (i == 100) posts = -1_000_000;
            if (i == 100) await to.PullAsync(b);
        }

        long at100 = b.Router.Origins.Count == 0 ? -1 : b.Router.Origins[0].Sequence;
        posts = -1_000_000;
        await to.PullAsync(b);
        long at150 = b.Router.Origins.Count == 0 ? -1 : b.Router.Origins[0].Sequence;
        Assert.True(at150 > at100, $"{at100} {at150} {from.Status}");
    }

    [Fact]
    public async Task T20_loopback_over_http_does_not_go_through_a_proxy()
    {
        await using RaeServer proxy = await RaeServer.StartAsync();
        Environment.SetEnvironmentVariable("http_proxy", proxy.Endpoint);
        try
        {
            using var client = new RaeClient(RaeFolder.Options(_server.Endpoint));
            await client.ListAsync("semantic", 1, 0);
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", null);
        }

        Assert.Empty(proxy.Log);
    }

    private sealed class Canned(Func<HttpRequestMessage, string> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string text = answer(request);
            return Task.FromResult(text == "500"
                ? new HttpResponseMessage(HttpStatusCode.InternalServerError) { Content = new StringContent("""{"error":{"code":"500","message":"unsupported Unicode escape sequence"}}""") }
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text) });
        }
    }
}
