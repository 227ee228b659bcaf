using Bandits.Numerics;

namespace Bandits.Tests.Support;

/// <summary>A policy that always chooses the first eligible arm and does not say so.</summary>
internal sealed class First : IRoutingPolicy
{
    public PolicyTraits Traits => PolicyTraits.Explores;

    public int Choose(in Choices choices, ref RandomStream random) => 0;

    public bool TryGetPmf(in Choices choices, Span<double> pmf) => false;
}
