using System.Globalization;
using Bandits.Rae;
using Bandits.Rae.Hosting;
using Bandits.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the exchange with a RAE memory server to a program's services.</summary>
public static class RaeServiceCollectionExtensions
{
    private const string IntervalKey = "sync_interval";

    /// <summary>Adds the exchange of the router's store, which the container holds as <see cref="RouterStore"/>, and the service that runs it.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">Section with the names of <see cref="RaeOptions"/>. What is not set there is looked up as <c>RAE_ENDPOINT</c>, <c>RAE_API_KEY</c> and <c>RAE_TENANT</c> in the whole configuration.</param>
    /// <param name="routerName">Key under which the container holds the store of a named router; null for the one without a name.</param>
    public static IServiceCollection AddBanditsRae(this IServiceCollection services, IConfiguration section, string? routerName = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<RaeOptions>(routerName).Bind(section).Configure(options =>
        {
            if (section[IntervalKey] is { } seconds && double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                options.SyncInterval = double.IsFinite(value) ? TimeSpan.FromSeconds(Math.Clamp(value, -1, 1e9)) : TimeSpan.Zero; // what is out of range is told as a fault
        });
        return Add(services, routerName);
    }

    /// <summary>Adds the exchange with options set in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <param name="routerName">Key under which the container holds the store of a named router; null for the one without a name.</param>
    public static IServiceCollection AddBanditsRae(this IServiceCollection services, Action<RaeOptions> configure, string? routerName = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<RaeOptions>(routerName).Configure(configure);
        return Add(services, routerName);
    }

    private static IServiceCollection Add(IServiceCollection services, string? name)
    {
        services.AddLogging();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RaeOptions>, RaeOptionsValidator>());
        services.AddOptions<RaeOptions>(name)
            .PostConfigure<IServiceProvider>(static (options, provider) =>
            {
                if (provider.GetService<IConfiguration>() is { } configuration) options.FillFrom(configuration);
            })
            .ValidateOnStart();
        if (services.Any(service => service.ServiceType == typeof(RaeExchange) && Equals(service.ServiceKey, name))) return services; // a second call only sets more options
        if (name is null) services.TryAddSingleton(provider => Open(provider, null, provider.GetRequiredService<RouterStore>()));
        else services.TryAddKeyedSingleton(name, (provider, _) => Open(provider, name, provider.GetRequiredKeyedService<RouterStore>(name)));
        services.AddSingleton<IHostedService>(provider => new RaeSyncService(provider, OptionsOf(provider, name), name, ClockOf(provider), provider.GetRequiredService<ILogger<RaeExchange>>()));
        return services;
    }

    private static RaeExchange Open(IServiceProvider provider, string? name, RouterStore store) =>
        RaeExchange.Open(OptionsOf(provider, name), store.Directory, ClockOf(provider), provider.GetRequiredService<ILogger<RaeExchange>>());

    private static RaeOptions OptionsOf(IServiceProvider provider, string? name) => provider.GetRequiredService<IOptionsMonitor<RaeOptions>>().Get(name);

    private static TimeProvider ClockOf(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;
}
