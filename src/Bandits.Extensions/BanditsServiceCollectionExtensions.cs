using Bandits;
using Bandits.Extensions;
using Bandits.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds routers to a service collection.</summary>
/// <remarks>
/// The unnamed router is the service <see cref="BanditRouter"/>, a named one the same service under its name as key; its <see cref="RouterStore"/> likewise, null where none is configured. A host opens
/// every router when it starts and refuses to start where options are invalid; without a host a router is opened when it is first asked for, and there is nobody to move its clock, expire
/// decisions and save snapshots.
/// </remarks>
public static class BanditsServiceCollectionExtensions
{
    /// <summary>Adds the unnamed router, configured by a section and following its changes.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section, with the names of <see cref="BanditsOptions"/>; see docs/configuration.md.</param>
    public static BanditsBuilder AddBandits(this IServiceCollection services, IConfiguration section) => services.AddBandits(Options.Options.DefaultName, section);

    /// <summary>Adds the unnamed router, configured in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    public static BanditsBuilder AddBandits(this IServiceCollection services, Action<BanditsOptions> configure) => services.AddBandits(Options.Options.DefaultName, configure);

    /// <summary>Adds a named router, configured by a section and following its changes.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the router: key of its services, name of its options, label of its metrics.</param>
    /// <param name="section">The section, with the names of <see cref="BanditsOptions"/>; see docs/configuration.md.</param>
    public static BanditsBuilder AddBandits(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        BanditsBuilder builder = services.AddBandits(name, options => OptionsSection.Bind(section, options));
        services.AddSingleton<IOptionsChangeTokenSource<BanditsOptions>>(new ConfigurationChangeTokenSource<BanditsOptions>(name, section));
        return builder;
    }

    /// <summary>Adds a named router, configured in code. Adding a name again configures it further.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the router: key of its services, name of its options, label of its metrics.</param>
    /// <param name="configure">Sets the options.</param>
    public static BanditsBuilder AddBandits(this IServiceCollection services, string name, Action<BanditsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<BanditsOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BanditsOptions>, BanditsOptionsValidator>());
        services.TryAddSingleton<RouterMetrics>();
        if (services.Any(service => service.ServiceType == typeof(RouterHost) && Equals(service.ServiceKey, name))) return new BanditsBuilder(services, name);

        services.AddKeyedSingleton(name, static (provider, key) => new RouterHost((string)key!, provider));
        services.AddSingleton<IHostedService>(provider => new RouterService(provider.GetRequiredKeyedService<RouterHost>(name)));
        if (name == Options.Options.DefaultName)
        {
            services.AddSingleton(static provider => provider.GetRequiredKeyedService<RouterHost>(Options.Options.DefaultName).Router);
            services.AddSingleton(static provider => provider.GetRequiredKeyedService<RouterHost>(Options.Options.DefaultName).Store!);
        }
        else
        {
            services.AddKeyedSingleton(name, static (provider, key) => provider.GetRequiredKeyedService<RouterHost>(key).Router);
            services.AddKeyedSingleton(name, static (provider, key) => provider.GetRequiredKeyedService<RouterHost>(key).Store!);
        }

        return new BanditsBuilder(services, name);
    }
}
