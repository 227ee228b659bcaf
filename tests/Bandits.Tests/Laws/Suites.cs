using Bandits.Numerics;
using Bandits.Policies;

namespace Bandits.Tests.Laws;

// One line puts a strategy or a policy under every law.
public sealed class Baseline_strategy() : RouterLaws(options => options.Strategy = Strategy.Baseline);

public sealed class Performance_strategy() : RouterLaws(options => options.Strategy = Strategy.Performance);

public sealed class Cost_strategy() : RouterLaws(options => options.Strategy = Strategy.Cost);

public sealed class Balanced_strategy() : RouterLaws(options => options.Strategy = Strategy.Balanced);

public sealed class Learning_strategy() : RouterLaws(options => options.Strategy = Strategy.Learning);

public sealed class Learning_above_a_floor() : RouterLaws(options => (options.Strategy, options.ExplorationFloor) = (Strategy.Learning, 0.04));

/// <summary>Every decision changes what the gate allows, so its frequencies are tested where it is simulated.</summary>
public sealed class Uniform_behind_a_safety_gate() : RouterLaws(options =>
{
    options.Policy = UniformPolicy.Instance;
    options.SafetyGate = new SafetyGate { BaselineArmId = options.Arms.Select(arm => arm.Id).Min(StringComparer.Ordinal)!, Fraction = 0.2, Scope = "role" };
})
{
    private protected override bool IsStill => false;
}

public sealed class Greedy() : PolicyLaws(GreedyRule.Policy);

public sealed class Uniform() : PolicyLaws(UniformPolicy.Instance);

/// <summary>A policy that cannot say its probabilities: the router works, and says that it does not know the propensity.</summary>
public sealed class Silent() : PolicyLaws(new RandomlyGreedy())
{
    private protected override bool SaysPropensity => false;

    private sealed class RandomlyGreedy : IRoutingPolicy
    {
        public PolicyTraits Traits => PolicyTraits.Explores;

        public int Choose(in Choices choices, ref RandomStream random)
        {
            int chosen = 0;
            double best = double.NegativeInfinity;
            for (int i = 0; i < choices.Beliefs.Length; i++)
            {
                double index = choices.Beliefs[i].Mean * random.NextUnit();
                if (index > best) (best, chosen) = (index, i);
            }

            return chosen;
        }

        public bool TryGetPmf(in Choices choices, Span<double> pmf)
        {
            pmf.Fill(double.NaN);
            return false;
        }
    }
}

// Options that give a segment memory of the order of things.
public sealed class Learning_that_discounts() : RouterLaws(options => options.Forgetting = Forgetting.Discount(0.97));

public sealed class Learning_in_a_window() : RouterLaws(options => options.Forgetting = Forgetting.Window(40));

public sealed class Learning_with_restarts() : RouterLaws(options => options.Drift = new DriftDetection { FalseAlarm = 0.5, Maturity = 8, Candidates = 28, Components = (OutcomeComponents)7 });

public sealed class Learning_with_matched_beliefs() : RouterLaws(options => options.Law = BeliefLaw.Matched);

public sealed class Learning_with_student_beliefs() : RouterLaws(options => options.Law = BeliefLaw.Student);

public sealed class Exp3_ix() : PolicyLaws(new Exp3IxPolicy());

public sealed class Tsallis_inf() : PolicyLaws(new TsallisInfPolicy());

public sealed class Explore_then_commit() : PolicyLaws(new ExploreThenCommitPolicy(20));
