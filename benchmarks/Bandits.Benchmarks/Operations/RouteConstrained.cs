using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>Decides under constraints, which plans every decision anew: a capability, an excluded provider, a cost ceiling and a context window.</summary>
internal sealed class RouteConstrained(Traffic traffic) : IOperation
{
    private readonly CapabilitySet _required = traffic.Router.Capabilities("code");
    private readonly ProviderSet _excluded = traffic.Router.Providers("gamma");

    public int Count => traffic.Order.Length;

    public long Run()
    {
        BanditRouter router = traffic.Router;
        long sum = 0;
        foreach (SegmentKey segment in traffic.Order)
        {
            var request = new Request(segment)
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
