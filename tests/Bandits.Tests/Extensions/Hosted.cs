using Bandits.Extensions;
using Bandits.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Bandits.Tests.Extensions;

/// <summary>A host with a router whose configuration and clock a test changes.</summary>
internal sealed class Hosted : IAsyncDisposable
{
    private readonly MutableSource _source = new();
    private readonly IHost _host;

    public Hosted(Dictionary<string, string?> settings, Action<BanditsBuilder>? build = null, string? name = null, Action<IServiceCollection>? services = null)
    {
        _source.Values = settings;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        ((IConfigurationBuilder)builder.Configuration).Add(_source);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddFakeLogging();
        IConfiguration section = builder.Configuration.GetSection("Bandits");
        BanditsBuilder bandits = name is null ? builder.Services.AddBandits(section) : builder.Services.AddBandits(name, section);
        build?.Invoke(bandits);
        services?.Invoke(builder.Services);
        _host = builder.Build();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    public IServiceProvider Services => _host.Services;

    public BanditRouter Router => Services.GetRequiredService<BanditRouter>();

    public RouterStore? Store => Services.GetService<RouterStore>();

    public IReadOnlyList<FakeLogRecord> Logs => Services.GetFakeLogCollector().GetSnapshot();

    /// <summary>Two arms, one of them dear, and whatever else is given under Bandits.</summary>
    public static Dictionary<string, string?> Settings(params (string Key, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Bandits:Arms:small:Provider"] = "acme",
            ["Bandits:Arms:small:InputUsdPerMillionTokens"] = "0.1",
            ["Bandits:Arms:small:OutputUsdPerMillionTokens"] = "0.4",
            ["Bandits:Arms:large:Provider"] = "globex",
            ["Bandits:Arms:large:InputUsdPerMillionTokens"] = "3",
            ["Bandits:Arms:large:OutputUsdPerMillionTokens"] = "15",
        };
        foreach ((string key, string? value) in more) settings[$"Bandits:{key}"] = value;
        return settings;
    }

    public async Task<Hosted> Start()
    {
        await _host.StartAsync();
        return this;
    }

    public Task Stop() => _host.StopAsync();

    /// <summary>Puts other settings in place of those that are, as an edited file does.</summary>
    public void Reload(Dictionary<string, string?> settings)
    {
        _source.Values = settings;
        _source.Provider!.Reload();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
    }

    private sealed class MutableSource : IConfigurationSource
    {
        public Dictionary<string, string?> Values { get; set; } = [];

        public MutableProvider? Provider { get; private set; }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => Provider = new MutableProvider(this);
    }

    private sealed class MutableProvider(MutableSource source) : ConfigurationProvider
    {
        public override void Load() => Data = new Dictionary<string, string?>(source.Values, StringComparer.OrdinalIgnoreCase);

        public void Reload()
        {
            Load();
            OnReload();
        }
    }
}
