using Bandits.Numerics;
using Bandits.Policies;

namespace Bandits.Tests.Laws;

// One line puts a strategy or a policy under every law.
public sealed class Baseline_strategy() : RouterLaws(options => options.Strategy = Strategy.Baseline);

public sealed class Performance_strategy() : RouterLaws(options => options.Strategy = Strategy.Performance);

public sealed class Cost_strategy() : RouterLaws(options => options.Strategy = Strategy.Cost);

public sealed class Balanced_strategy() : RouterLaws(options => options.Strategy = Strategy.Balanced);

public sealed class Adaptive_strategy() : RouterLaws(options => options.Strategy = Strategy.Adaptive)
{
    private protected override bool CountsPending => true;
}

public sealed class AdaptiveDrift_strategy() : RouterLaws(options => (options.Strategy, options.Drift) = (Strategy.AdaptiveDrift, new DriftDetection { Candidates = 28 }))
{
    private protected override bool CountsPending => true;
}

/// <summary>
/// The price of money moves with every decision, so frequencies of a still router are not to be had. Quality is not watched here: outcomes that are corrected every time are a change that never ends.
/// </summary>
public sealed class Budgeted_strategy() : RouterLaws(options =>
    (options.Strategy, options.Budget, options.ArmDrift) = (Strategy.Budgeted, new Budget { UsdPerDecision = 0.01 }, new ArmDriftDetection { Components = OutcomeComponents.Cost }))
{
    private protected override bool CountsPending => true;

    private protected override bool IsStill => false;
}

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

public sealed class Thompson() : PolicyLaws(ThompsonPolicy.Instance);

public sealed class Optimistic_Thompson() : PolicyLaws(OptimisticThompsonPolicy.Instance);

public sealed class Gaussian_Thompson() : PolicyLaws(GaussianThompsonPolicy.Instance);

public sealed class Top_two_Thompson() : PolicyLaws(TopTwoThompsonPolicy.Instance);

public sealed class Boltzmann_Gumbel() : PolicyLaws(BoltzmannGumbelPolicy.Instance);

public sealed class Information_directed() : PolicyLaws(InformationDirectedPolicy.Instance);

public sealed class SampleMean() : PolicyLaws(SampleMeanRule.Policy);

public sealed class EpsilonGreedy() : PolicyLaws(EpsilonGreedyPolicy.Policy);

public sealed class DecayingEpsilonGreedy() : PolicyLaws(DecayingEpsilonGreedyPolicy.Policy);

public sealed class Ucb1() : PolicyLaws(Ucb1Rule.Policy);

public sealed class UcbV() : PolicyLaws(UcbVRule.Policy);

public sealed class Moss() : PolicyLaws(MossRule.Policy);

public sealed class KlUcb() : PolicyLaws(KlUcbRule.Policy);

public sealed class KlUcbPlus() : PolicyLaws(KlUcbPlusRule.Policy);

public sealed class KlUcbPlusPlus() : PolicyLaws(KlUcbPlusPlusRule.Policy);

public sealed class Imed() : PolicyLaws(ImedRule.Policy);

public sealed class BayesUcb() : PolicyLaws(BayesUcbRule.Policy);

public sealed class Maillard() : PolicyLaws(MaillardPolicy.SubGaussian);

public sealed class KlMaillard() : PolicyLaws(MaillardPolicy.Kl);

public sealed class TrackAndStop() : PolicyLaws(TrackAndStopRule.Policy);

public sealed class EbTc() : PolicyLaws(EbTcPolicy.Policy);

public sealed class KlUcbSwitch() : PolicyLaws(KlUcbSwitchRule.Policy);

public sealed class KlMoss() : PolicyLaws(KlMossRule.Policy);

public sealed class SquareCb() : PolicyLaws(new SquareCbPolicy());

public sealed class Falcon() : PolicyLaws(new FalconPolicy());

public sealed class LinUcb() : PolicyLaws(LinUcbRule.Policy);
