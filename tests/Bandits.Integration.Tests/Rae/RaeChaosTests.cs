using System.Text.Json.Nodes;
using Bandits.Rae;
using Bandits.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bandits.Integration.Tests.Rae;

/// <summary>A server that drops, delays, repeats, refuses and dies: afterwards it holds exactly what was pushed, and whoever decides has noticed nothing.</summary>
public sealed class RaeChaosTests : IDisposable
{
    private static readonly Mishap[] Transient =
    [
        Mishap.DropBefore, Mishap.DropAfter, Mishap.Twice, Mishap.FailMarked, Mishap.FailStored, Mishap.Unavailable, Mishap.BusyByHeader, Mishap.BusyByBody, Mishap.Delay, Mishap.Hang,
    ];

    private readonly RaeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Everything goes wrong four times in ten; the server is killed twice in the middle of requests and comes back, the pushing side is closed and opened again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Afterwards_the_server_holds_exactly_what_was_pushed(int seed)
    {
        var storage = new ServerStorage();
        RaeServer server = await RaeServer.StartAsync(storage);
        int port = server.Port;
        var random = new Random(seed);
        Func<int, string, Mishap> plan = (_, _) =>
        {
            lock (random) return random.Next(10) < 4 ? Transient[random.Next(Transient.Length)] : Mishap.None;
        };
        server.Plan = plan;
        using RouterStore a = _folder.Store("a");
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        RaeOptions options = RaeFolder.Options(server.Endpoint);
        (options.RecordsPerMinute, options.RequestTimeout, options.Retries) = (1000, TimeSpan.FromMilliseconds(300), 2);
        RaeExchange exchange = Open(options, a, clock);
        await exchange.CollectAsync(a);
        for (int round = 0; round < 8; round++)
        {
            RaeFolder.Learn(a, 8, 8 * round);
            a.Flush();
            clock.Advance(TimeSpan.FromMinutes(1));
            await exchange.CollectAsync(a);
            if (round is 2 or 5) server.Plan = (number, path) => number >= 3 ? Mishap.Hang : plan(number, path);
            Task<PushReport> push = exchange.PushAsync();
            if (round is 2 or 5)
            {
                await Task.WhenAny(push, Task.Delay(100)); // killed while it holds a request
                await server.DisposeAsync();
                await push;
                server = await RaeServer.StartAsync(storage, port);
                server.Plan = plan;
            }

            await push;
            if (round != 4) continue;
            await exchange.DisposeAsync();
            exchange = Open(options, a, clock);
        }

        server.Plan = (_, _) => Mishap.None;
        await RaeFolder.PushAllAsync(exchange);
        Assert.True(exchange.Status.Retried > 0);
        Assert.Equal(0, exchange.Status.Dead);

        List<string> records = [.. storage.Memories.Where(m => (string?)m.Metadata["schema"] == "bandits.decision/1").Select(m => (string)m.Metadata["decision_id"]!)];
        Assert.Equal(64, records.Distinct().Count()); // each decision's outcome, none missing
        ILookup<(string, long), ServerMemory> windows = storage.Memories.Where(m => (string?)m.Metadata["schema"] == "bandits.evidence/1")
            .ToLookup(m => ((string)m.Metadata["chain"]!, (long)m.Metadata["window"]!));
        Assert.All(windows, window =>
        {
            var parts = window.GroupBy(m => (int)m.Metadata["part"]!).ToList();
            Assert.Equal((int)window.First().Metadata["parts"]!, parts.Count); // whole
            Assert.All(parts, part => Assert.Single(part.Select(m => (string)m.Metadata["checksum"]!).Distinct())); // and of one mind
        });
        Assert.Equal(8, windows.Count);
        Assert.All(storage.Memories, m => Assert.DoesNotContain('[', m.Content)); // nothing was scrubbed

        using RouterStore b = _folder.Store("b");
        await using RaeExchange to = Open(RaeFolder.Options(server.Endpoint), b, clock);
        Assert.Equal(0, (await to.PullAsync(b)).BadMemories);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
        await exchange.DisposeAsync();
        await server.DisposeAsync();
    }

    /// <summary>By structure: a push hangs and a collection waits for it, and ten thousand decisions and outcomes go on without allocating.</summary>
    [Fact]
    public async Task Deciding_and_recording_never_wait_for_the_server()
    {
        await using RaeServer server = await RaeServer.StartAsync();
        server.Plan = (_, _) => Mishap.Hang;
        using RouterStore a = _folder.Store("a");
        RaeFolder.Learn(a, 200);
        RaeOptions options = RaeFolder.Options(server.Endpoint);
        options.RequestTimeout = TimeSpan.FromMinutes(5);
        RaeExchange exchange = Open(options, a, TimeProvider.System);
        await exchange.CollectAsync(a);
        using var stop = new CancellationTokenSource();
        Task<PushReport> push = exchange.PushAsync(stop.Token);
        Task collect = exchange.CollectAsync(a, cancellationToken: stop.Token);
        while (server.Log.IsEmpty) await Task.Delay(5);
        SegmentKey segment = a.Router.SegmentOf("role0", "area0");
        long recorded = 0;
        int silent = 0;
        var worker = new Thread(() =>
        {
            for (int batch = 0; batch < 20; batch++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 500; i++)
                {
                    if (!a.Router.TryDecide(new Request(segment), out Decision decision)) continue;
                    if (a.Router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.01 }) == Recorded.Applied) recorded++;
                }

                if (GC.GetAllocatedBytesForCurrentThread() == before) silent++;
            }
        });
        worker.Start();
        Assert.True(worker.Join(TimeSpan.FromSeconds(20)), "Deciding waited.");
        Assert.False(push.IsCompleted);
        Assert.False(collect.IsCompleted); // whoever exchanges waits; whoever decides does not
        Assert.Equal(10_000, recorded);
        Assert.InRange(silent, 10, 20); // the first batches warm up, and now and then the router estimates its pooling anew
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => push);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => collect);
        await exchange.DisposeAsync();
    }

    private static RaeExchange Open(RaeOptions options, RouterStore store, TimeProvider clock) => RaeExchange.Open(options, store.Directory, clock, null, () => new RaeClient(options));
}
