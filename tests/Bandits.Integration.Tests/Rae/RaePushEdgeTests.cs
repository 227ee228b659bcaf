using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Bandits.Rae;
using Bandits.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bandits.Integration.Tests.Rae;

/// <summary>What a push promises where servers, disks and options are at their worst.</summary>
public sealed class RaePushEdgeTests : RaeTests
{
    [Theory]
    [InlineData("project")]
    [InlineData("server")]
    [InlineData("class")]
    public async Task Another_destination_is_told_everything(string what)
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
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
    public async Task Requests_that_wait_do_not_go_elsewhere_than_they_were_made_for()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 60);
        await using (RaeExchange one = Open(a)) await one.CollectAsync(a);
        await using RaeExchange two = Open(a, o => (o.Project, o.InfoClass) = ("moved", "confidential"));
        await two.CollectAsync(a);
        await RaeFolder.PushAllAsync(two);
        Assert.All(Server.Storage.Memories, m => Assert.Equal("moved", m.Project));
        Assert.All(Server.Storage.Memories, m => Assert.Equal("episodic", m.Layer));
    }

    [Fact]
    public async Task A_deep_memory_of_another_program_does_not_stop_the_pull()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 20);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        JsonNode deep = new JsonObject();
        for (int i = 0; i < 70; i++) deep = new JsonObject { ["a"] = deep };
        Server.Storage.Store(Guid.Empty, new() { ["content"] = "deep", ["project"] = "bandits", ["layer"] = "semantic", ["metadata"] = deep });
        await to.PullAsync(b);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
    }

    [Theory]
    [InlineData("HTTP/1.1 429 Too Many\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{", 20)]
    public async Task A_body_that_never_ends_is_given_up(string head, int trickle)
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
                            await stream.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false, stop.Token);
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
        Assert.Equal(RaeFault.Unavailable, Assert.IsType<RaeException>(e).Fault);
    }

    [Fact]
    public async Task Bookkeeping_that_could_not_be_written_makes_no_contradicting_windows()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
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
    public async Task A_cell_whose_name_the_server_cannot_hold_does_not_hold_up_all_others()
    {
        using RouterStore a = Folder.Store("a");
        Assert.True(a.Router.TryDecide(new Request(a.Router.SegmentOf("x\0y", "area")), out Decision decision));
        a.Router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
        RaeFolder.Learn(a, 60);
        int stored = 0;
        RaeOptions options = RaeFolder.Options(Server.Endpoint);
        await using RaeExchange from = RaeExchange.Open(options, a.Directory, TimeProvider.System, null, () => new RaeClient(options, TimeProvider.System, new Canned(r =>
        {
            if (r.Method == HttpMethod.Post && r.Content!.ReadAsStringAsync().Result.Contains("\\u0000", StringComparison.Ordinal)) return "500";
            return r.Method == HttpMethod.Get ? """{"results":[],"total":0}""" : $$"""{"memory_id":"{{++stored}}"}""";
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
    public async Task A_host_with_router_and_exchange_stops_with_everything_written(bool hangs, bool raeFirst)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("rae:Endpoint", Server.Endpoint), new("rae:CreatesPerMinute", "6000"), new("Bandits:Arms:0:Id", "x"), new("Bandits:Arms:1:Id", "y")]);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(3));
        if (raeFirst) builder.Services.AddBanditsRae(builder.Configuration.GetSection("rae"));
        builder.Services.AddBandits(builder.Configuration.GetSection("Bandits")).UseStore(Folder.PathOf("h"));
        if (!raeFirst) builder.Services.AddBanditsRae(builder.Configuration.GetSection("rae"));
        if (hangs) Server.Plan = (_, _) => Mishap.Hang;
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
        Assert.NotEmpty(Directory.GetFiles(Folder.PathOf("h"), "*snapshot*"));
    }

    [Fact]
    public async Task A_slow_server_gets_whole_windows()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        await using RaeExchange from = Open(a, o => (o.OutboxBytes, o.CellsPerPart) = (64 << 10, 1)), to = Open(b);
        int posts = 0;
        Server.Plan = (_, path) => path != "/v2/memories/" || posts++ < 5 ? Mishap.None : Mishap.ElsewhereRedirect;
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
    public async Task A_request_that_the_server_always_fails_at_is_parked_when_the_server_answers_others()
    {
        using RouterStore a = Folder.Store("a");
        Assert.True(a.Router.TryDecide(new Request(a.Router.SegmentOf("poison", "area")), out Decision decision));
        a.Router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
        RaeOptions options = RaeFolder.Options(Server.Endpoint);
        await using RaeExchange from = RaeExchange.Open(options, a.Directory, TimeProvider.System, null, () => new RaeClient(options, TimeProvider.System, new Canned(request =>
            request.Method == HttpMethod.Get ? """{"results":[],"total":0}""" : "500")));
        await from.CollectAsync(a);
        for (int i = 0; i < 10 && from.Status.Waiting > 0; i++)
        {
            Assert.Equal(0, from.Status.Dead);
            await from.PushAsync();
            await Task.Delay(600); // longer than the circuit stays open
        }

        Assert.True(from.Status is { Waiting: 0, Dead: 1, Pushed: 0 }, $"{from.Status}");
    }

    [Theory]
    [InlineData("http://127.0.0.1:8000", false)]
    [InlineData("https://rae.example", true)]
    public void Plain_http_does_not_go_through_a_proxy(string endpoint, bool mayUseProxy)
    {
        using SocketsHttpHandler network = RaeClient.NetworkOf(new RaeOptions { Endpoint = endpoint });
        Assert.Equal(mayUseProxy, network.UseProxy);
        Assert.False(network.AllowAutoRedirect);
    }
}
