using System.Reflection;
using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>One interface call a decision, none an arm.</summary>
public sealed class HotLoopTests
{
    /// <summary>The runtime compiles generic code anew for each struct, with its calls bound; for classes it shares code and calls through a table.</summary>
    [Fact]
    public void Every_index_rule_is_a_struct_and_the_loop_takes_no_other()
    {
        Type[] rules = [.. typeof(BanditRouter).Assembly.GetTypes().Where(type => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IIndexRule<>)))];
        Assert.True(rules.Length >= 10, $"{rules.Length} index rules were found.");
        Assert.All(rules, rule => Assert.True(rule.IsValueType, $"{rule.Name} is a class."));
        Assert.All(
            typeof(IndexPolicy<,>).GetGenericArguments(),
            argument => Assert.True(argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint), $"{argument.Name} may be a class."));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(64, true)]
    [InlineData(2, false)]
    [InlineData(64, false)]
    public void A_policy_is_asked_once_a_decision_however_many_arms(int arms, bool propensities)
    {
        var counting = new Counting();
        BanditRouter router = Given.Router(o => (o.Strategy, o.Policy, o.Propensities, o.FallbackToBaseline) = (Strategy.Balanced, counting, propensities, false), Given.Twins(arms));
        SegmentKey segment = router.SegmentOf("planner");
        for (int i = 0; i < 10; i++)
        {
            router.TryDecide(new Request(segment), out Decision decision);
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
        }

        Assert.Equal(10, counting.Calls);
    }

    private sealed class Counting : IRoutingPolicy
    {
        public int Calls { get; private set; }

        public PolicyTraits Traits => PolicyTraits.Explores;

        public int Choose(in Choices choices, ref RandomStream random)
        {
            Calls++;
            return 0;
        }

        public bool TryGetPmf(in Choices choices, Span<double> pmf)
        {
            Calls++;
            pmf.Clear();
            pmf[0] = 1;
            return true;
        }
    }
}
