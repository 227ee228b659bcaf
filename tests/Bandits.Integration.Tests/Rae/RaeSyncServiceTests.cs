using Bandits.Rae;
using Bandits.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Bandits.Integration.Tests.Rae;

/// <summary>The exchange as a hosted service.</summary>
public sealed class RaeSyncServiceTests : IAsyncLifetime
{
    private readonly RaeFolder _folder = new();
    private readonly List<string> _logged = [];
    private RaeServer _server = null!;

    public async Task InitializeAsync() => _server = await RaeServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_exchanges_at_every_interval_and_once_more_when_the_host_stops()
    {
        using RouterStore a = _folder.Store("a"), b = _folder.Store("b");
        RaeFolder.Learn(a, 20);
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using IHost one = Host(a, clock), two = Host(b, clock, ("Learn", "true"), ("ForeignWeight", "0.125"));
        await one.StartAsync();
        await UntilAsync(() => _server.Storage.Memories.Count > 0 && one.Services.GetRequiredService<RaeExchange>().Status is { Waiting: 0, LastSuccessAt: not null });
        await two.StartAsync();
        await UntilAsync(() => b.Router.Origins.Count == 1);
        Assert.Equal((a.Name, 0.125), (b.Router.Origins[0].Name, b.Router.Origins[0].Weight));
        RaeFolder.Learn(a, 5);
        int before = _server.Storage.Memories.Count;
        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            return _server.Storage.Memories.Count > before;
        });
        RaeFolder.Learn(a, 5);
        await one.StopAsync();
        await two.StopAsync();
        using RouterStore c = _folder.Store("c");
        await using RaeExchange to = RaeExchange.Open(RaeFolder.Options(_server.Endpoint), c.Directory);
        await to.PullAsync(c);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(c, a.Name));
        lock (_logged) Assert.DoesNotContain(_logged, line => line.Contains(RaeFolder.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_stops_does_not_wait_for_a_server_that_hangs_and_the_outbox_keeps_what_is_left()
    {
        using RouterStore a = _folder.Store("a");
        RaeFolder.Learn(a, 20);
        _server.Plan = (_, _) => Mishap.Hang;
        using (IHost host = Host(a, TimeProvider.System))
        {
            await host.StartAsync();
            await UntilAsync(() => !_server.Log.IsEmpty);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await host.StopAsync(patience.Token).WaitAsync(TimeSpan.FromSeconds(20));
        }

        Assert.True(RaeExchange.ReadStatus(new RaeOptions(), a.Directory).Waiting > 0);
        lock (_logged) Assert.Contains(_logged, line => line.Contains("stay in the outbox", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_fault_of_the_options_is_told_at_the_start_and_never_the_key()
    {
        using RouterStore a = _folder.Store("a");
        using IHost host = Host(a, TimeProvider.System, ("Endpoint", "http://rae.example"), ("ForeignWeight", "2"), ("sync_interval", "0"), ("Project", "default"), ("InfoClass", "restricted"));
        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        foreach (string part in (string[])["Endpoint is 'http://rae.example'", "ForeignWeight is 2; the allowed range is [0, 1]", "SyncInterval is 00:00:00", "Project is 'default'", "InfoClass is 'restricted'"])
            Assert.Contains(part, e.Message, StringComparison.Ordinal);
        Assert.Equal(5, e.Failures.Count());
        Assert.DoesNotContain(RaeFolder.Key, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_the_environment_fill_what_is_not_set_and_a_named_router_has_its_own()
    {
        using RouterStore a = _folder.Store("a"), b = _folder.Store("b");
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("RAE_ENDPOINT", _server.Endpoint), new("RAE_API_KEY", "k"), new("rae:sync_interval", "7.5"), new("rae:Project", "p")]);
        builder.Services.AddSingleton(a).AddKeyedSingleton("second", b);
        builder.Services.AddBanditsRae(builder.Configuration.GetSection("rae")).AddBanditsRae(options => options.Project = "q", "second");
        using IHost host = builder.Build();
        IOptionsMonitor<RaeOptions> options = host.Services.GetRequiredService<IOptionsMonitor<RaeOptions>>();
        Assert.Equal((_server.Endpoint, "k", "p", 7.5), (options.CurrentValue.Endpoint, options.CurrentValue.ApiKey, options.CurrentValue.Project, options.CurrentValue.SyncInterval.TotalSeconds));
        Assert.Equal((_server.Endpoint, "q"), (options.Get("second").Endpoint, options.Get("second").Project));
        Assert.NotSame(host.Services.GetRequiredService<RaeExchange>(), host.Services.GetRequiredKeyedService<RaeExchange>("second"));
        Assert.Equal(2, host.Services.GetServices<IHostedService>().Count());
    }

    private IHost Host(RouterStore store, TimeProvider clock, params (string Name, string Value)[] settings)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        var all = new Dictionary<string, string?> { ["rae:Endpoint"] = _server.Endpoint, ["rae:ApiKey"] = RaeFolder.Key, ["rae:CreatesPerMinute"] = "6000", ["rae:sync_interval"] = "60" };
        foreach ((string name, string value) in settings) all["rae:" + name] = value;
        builder.Configuration.AddInMemoryCollection(all);
        builder.Logging.AddProvider(new Lines(_logged)).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton(store).AddSingleton(clock);
        builder.Services.AddBanditsRae(builder.Configuration.GetSection("rae"));
        return builder.Build();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition()) await Task.Delay(10, patience.Token);
    }

    private sealed class Lines(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.Add($"{formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
