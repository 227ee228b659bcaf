using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

public sealed class DrawingWithoutPropensities
{
    /// <summary>Depends on the round, so the router cannot keep its plan and need not ask for probabilities.</summary>
    private sealed class RoundRobin : IRoutingPolicy
    {
        public PolicyTraits Traits => PolicyTraits.Explores;

        public int Choose(in Choices choices, ref RandomStream random) => (int)choices.Round % choices.Beliefs.Length;

        public bool TryGetPmf(in Choices choices, Span<double> pmf)
        {
            pmf.Clear();
            pmf[(int)choices.Round % choices.Beliefs.Length] = 1;
            return true;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_policy_chooses_alike_with_and_without_them(bool propensities)
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.Policy, o.Propensities) = (Strategy.Balanced, new RoundRobin(), propensities));
        SegmentKey segment = router.SegmentOf("planner");
        for (int i = 0; i < 40; i++)
        {
            Assert.True(router.TryDecide(new Request(segment), out Decision decision));
            Assert.Equal(i % 4, decision.Arm);
            Assert.Equal(propensities ? 1 : double.NaN, decision.Propensity);
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
        }
    }
}
