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
    /// <param name="name">Name of the router: key of its services, name of its options, label of its metrics; letters, digits, '.', '-' and '_'.</param>
    /// <param name="section">The section, with the names of <see cref="BanditsOptions"/>; see docs/configuration.md.</param>
    public static BanditsBuilder AddBandits(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        BanditsBuilder builder = services.AddBandits(name);
        services.AddOptions<BanditsOptions>(name).Configure<IServiceProvider>((options, provider) => OptionsSection.Bind(section, options, provider.GetService<IConfiguration>()));
        services.AddSingleton<IOptionsChangeTokenSource<BanditsOptions>>(new ConfigurationChangeTokenSource<BanditsOptions>(name, section));
        return builder;
    }

    /// <summary>Adds a named router, configured in code. Adding a name again configures it further.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the router: key of its services, name of its options, label of its metrics.</param>
    /// <param name="configure">Sets the options.</param>
    public static BanditsBuilder AddBandits(this IServiceCollection services, string name, Action<BanditsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddBandits(name).Configure(configure);
    }

    private static BanditsBuilder AddBandits(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        CheckName(name);
        services.AddOptions<BanditsOptions>(name).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BanditsOptions>, BanditsOptionsValidator>());
        services.TryAddSingleton<RouterMetrics>();
        if (services.Any(service => service.ServiceType == typeof(RouterHost) && Equals(service.ServiceKey, name))) return new BanditsBuilder(services, name);

        services.AddKeyedSingleton(name, static (provider, key) => new RouterHost((string)key!, provider));
        services.AddSingleton<IHostedService>(provider => new RouterService(provider.GetRequiredKeyedService<RouterHost>(name)));
        if (name == Options.Options.DefaultName)
        {
            services.AddSingleton(static provider => RouterOf(provider, provider.GetService<RouterStore>(), Options.Options.DefaultName));
            services.AddSingleton(static provider => provider.GetRequiredKeyedService<RouterHost>(Options.Options.DefaultName).Store!);
        }
        else
        {
            services.AddKeyedSingleton(name, static (provider, key) => RouterOf(provider, provider.GetKeyedService<RouterStore>(key), key));
            services.AddKeyedSingleton(name, static (provider, key) => provider.GetRequiredKeyedService<RouterHost>(key).Store!);
        }

        return new BanditsBuilder(services, name);
    }

    /// <summary>The router, its store resolved before it: a container ends what it holds in the reverse order, so those who were given the router end before its store.</summary>
    private static BanditRouter RouterOf(IServiceProvider provider, RouterStore? store, object? name) => store?.Router ?? provider.GetRequiredKeyedService<RouterHost>(name).Router;

    /// <summary>A name becomes a label, and a folder in the directory of all.</summary>
    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > 100 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') || name.StartsWith('.') || name is "default" or "archive" or "damaged" or "rae")
            throw new ArgumentException($"The router's name is '{name}'; letters, digits, '.', '-' and '_' are allowed, up to 100, not beginning with '.', and not default, archive, damaged or rae.", nameof(name));
    }
}
