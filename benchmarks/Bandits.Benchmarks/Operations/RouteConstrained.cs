using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>Decides under constraints, which plans every decision anew: a capability, an excluded provider, a cost ceiling and a context window.</summary>
internal sealed class RouteConstrained(Traffic traffic) : IOperation
{
    /// <summary>Decisions per run.</summary>
    public const int Batch = 1024;

    private readonly CapabilitySet _required = traffic.Router.Capabilities("code");
    private readonly ProviderSet _excluded = traffic.Router.Providers("gamma");
    private int _next;

    public int Count => Batch;

    public long Run()
    {
        BanditRouter router = traffic.Router;
        long sum = 0;
        for (int i = 0; i < Batch; i++)
        {
            var request = new Request(traffic.Order[_next++ & (Traffic.Draws - 1)])
            {
                RequiredCapabilities = _required,
                ExcludedProviders = _excluded,
                MaxCostUsd = 10,
                MinContextWindow = 1000,
            };
            router.TryDecide(request, out Decision decision);
            sum += decision.Arm;
        }

        return sum;
    }
}
