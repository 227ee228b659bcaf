using Bandits.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Bandits.Extensions;

/// <summary>Configures a router in code. Each call adds to what configuration says, in the order of the calls; later ones win.</summary>
public sealed class BanditsBuilder
{
    internal BanditsBuilder(IServiceCollection services, string name) => (Services, Name) = (services, name);

    /// <summary>The services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Name of the router; empty for the unnamed one.</summary>
    public string Name { get; }

    /// <summary>Sets options.</summary>
    public BanditsBuilder Configure(Action<BanditsOptions> configure)
    {
        Services.Configure(Name, configure);
        return this;
    }

    /// <summary>Sets what only code can say, such as a policy of one's own, after everything else. Called whenever options are made or checked, so more than once at a start and at a reload.</summary>
    /// <remarks>A policy with a state, made anew here, does not take the running one's place: a reload keeps that when it is of the same type.</remarks>
    public BanditsBuilder ConfigureRouter(Action<RouterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Configure(options => options.Also(configure));
    }

    /// <summary>Adds an arm, or sets more of one that is there.</summary>
    public BanditsBuilder AddArm(string id, Action<ArmOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Configure(options =>
        {
            if (!options.Arms.TryGetValue(id, out ArmOptions? arm)) options.Arms[id] = arm = new ArmOptions();
            configure?.Invoke(arm);
        });
    }

    /// <summary>Sets the dimensions of the segment, broadest first.</summary>
    public BanditsBuilder UseDimensions(params string[] dimensions)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        return Configure(options => options.Dimensions = [.. dimensions]);
    }

    /// <summary>Sets the strategy.</summary>
    public BanditsBuilder UseStrategy(Strategy strategy) => Configure(options => options.Strategy = strategy);

    /// <summary>Sets what is good, see <see cref="Objective.FromWeights"/>.</summary>
    public BanditsBuilder UseObjective(double successWeight, double costWeight, double referenceCostUsd, double latencyUsdPerSecond = 0) => Configure(options =>
        (options.SuccessWeight, options.CostWeight, options.ReferenceCostUsd, options.LatencyUsdPerSecond) = (successWeight, costWeight, referenceCostUsd, latencyUsdPerSecond));

    /// <summary>Keeps what is learnt in a directory.</summary>
    public BanditsBuilder UseStore(string directory, Action<RouterStoreOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return Configure(options =>
        {
            options.Directory = directory;
            configure?.Invoke(options.Store);
        });
    }

    /// <summary>Sets how many decisions the ledger holds, see <see cref="RouterOptions.LedgerCapacity"/>, and when those without an outcome expire.</summary>
    public BanditsBuilder UseLedger(int capacity, TimeSpan? expireAfter = null) => Configure(options =>
    {
        options.LedgerCapacity = capacity;
        options.ExpireAfter = expireAfter ?? options.ExpireAfter;
    });
}
