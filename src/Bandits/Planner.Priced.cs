using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Policies;
using Bandits.Segments;

namespace Bandits;

/// <content>Choosing while money has a price.</content>
internal static partial class Planner
{
    /// <summary>
    /// Writes the policy's pmf at both prices, mixed as their shares say, and what the controller needs to know of the request: values at price 0 and expected costs. False when the policy
    /// cannot say its probabilities; beliefs are then those at the higher price.
    /// </summary>
    private static bool TryPrice(RouterSettings settings, DecisionScratch scratch, int eligible, double round, in SpendPrice price)
    {
        Span<Belief> beliefs = scratch.Beliefs.AsSpan(0, eligible);
        Span<double> values = scratch.Values.AsSpan(0, eligible), costs = scratch.Costs.AsSpan(0, eligible), pmf = scratch.Pmf.AsSpan(0, eligible);
        for (int i = 0; i < eligible; i++) (values[i], costs[i]) = (beliefs[i].Mean, scratch.Estimates[scratch.Arms[i]].CostUsd);
        IIndexed? indexed = (settings.Traits & PolicyTraits.IndexIsUtility) != 0 ? settings.Policy as IIndexed : null;
        indexed?.WriteIndices(ChoicesOf(settings, scratch, eligible, round), values);
        if (scratch.HasFeatures) WriteWithout(settings, scratch, eligible, round, indexed);
        if (price.High > 0) Charge(beliefs, costs, price.High);
        bool isOne = price.LowShare <= 0 || price.IsOne;
        Span<double> other = isOne ? pmf : scratch.Other.AsSpan(0, eligible);
        if (indexed is not null)
        {
            Share(values, costs, price.High, other);
            if (!isOne) Share(values, costs, price.Low, pmf);
            for (int i = 0; i < eligible; i++) values[i] = Finite(values[i], scratch.Estimates[scratch.Arms[i]].Belief);
        }
        else
        {
            Choices choices = ChoicesOf(settings, scratch, eligible, round) with { Objective = At(settings.Objective, price.High) };
            if (!settings.Policy.TryGetPmf(choices, other)) return false;
            if (!isOne)
            {
                Charge(beliefs, costs, price.Low - price.High);
                if (!settings.Policy.TryGetPmf(choices with { Objective = At(settings.Objective, price.Low) }, pmf)) return false;
            }
        }

        for (int i = 0; i < eligible && !isOne; i++) pmf[i] = price.LowShare * pmf[i] + (1 - price.LowShare) * other[i];
        return true;
    }

    /// <summary>The pmf of an index policy at a price: an index moves with its belief, so it need not be worked out again.</summary>
    private static void Share(ReadOnlySpan<double> indices, ReadOnlySpan<double> costs, double price, Span<double> pmf)
    {
        for (int i = 0; i < pmf.Length; i++) pmf[i] = indices[i] - price * costs[i];
        Highest.Share(pmf);
    }

    /// <summary>Values and costs as they are without the features: what all requests of the segment share.</summary>
    private static void WriteWithout(RouterSettings settings, DecisionScratch scratch, int eligible, double round, IIndexed? indexed)
    {
        Span<Belief> beliefs = scratch.BeliefsWithout.AsSpan(0, eligible);
        Span<double> values = scratch.ValuesWithout.AsSpan(0, eligible);
        for (int i = 0; i < eligible; i++)
        {
            ref readonly ArmEstimate without = ref scratch.Without[scratch.Arms[i]];
            (beliefs[i], values[i], scratch.CostsWithout[i]) = (without.Belief, without.Belief.Mean, without.CostUsd);
        }

        indexed?.WriteIndices(ChoicesOf(settings, scratch, beliefs, round), values);
        for (int i = 0; i < eligible; i++) values[i] = Finite(values[i], beliefs[i]);
    }

    /// <summary>An index that promises without bound, of an arm that was never played, promises no more than quality 1.</summary>
    private static double Finite(double index, in Belief belief) => double.IsFinite(index) ? index : belief.UtilityOf(1);

    private static void Charge(Span<Belief> beliefs, ReadOnlySpan<double> costs, double price)
    {
        for (int i = 0; i < beliefs.Length; i++) beliefs[i] = beliefs[i].Shifted(-price * costs[i]);
    }

    private static Objective At(in Objective objective, double price) => objective with { CostMultiplier = objective.CostMultiplier + price };

    /// <summary>Gives arms that are probed their probability, at the expense of all alike; returns the sum.</summary>
    private static double Probe(DecisionScratch scratch, int eligible, SpendController spending)
    {
        double probed = 0, sum = 0;
        for (int i = 0; i < eligible; i++) probed += spending.ProbingOf(scratch.Planned[i].Arm);
        if (probed > 0.5) return 1; // many arms at once: what they promise decides
        for (int i = 0; i < eligible; i++)
        {
            ref PlannedArm arm = ref scratch.Planned[i];
            sum += arm.Probability = (1 - probed) * arm.Probability + spending.ProbingOf(arm.Arm);
        }

        return sum;
    }
}
