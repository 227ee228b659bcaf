using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits.Policies;

/// <summary>Weighs expected regret against what a choice tells about which arm is best. Prefer it where arms are few and each outcome is dear.</summary>
/// <remarks>
/// <code>
/// Source      Russo and Van Roy (2018), Learning to optimize via information-directed sampling, Oper. Res. 66(1), section 6.3 (variance-based)
/// Rule        minimise over pi  (sum_a pi_a D_a)^2 / sum_a pi_a v_a;   D_a = E[max_b u_b] - E[u_a],   v_a = Var(E[u_a | which arm is best])
///             a minimiser puts weight on two arms at most (proposition 6); for a pair i, j the share of i is
///             s = (v_d D_j - 2 D_d v_j) / (D_d v_d) cut to [0, 1],  D_d = D_i - D_j,  v_d = v_i - v_j
/// Update      none: beliefs are derived from evidence
/// Symbols     u_a -> utility -> USD;  D_a -> regret;  v_a -> gain -> USD squared
/// Cost        pmf O(K^2) at the nodes of <see cref="BestArmProbability"/> and O(K^2) pairs; choose the same; 0 B; state none
/// Departures  exact integrals instead of samples; arms alike share; more than <see cref="MostArms"/> arms, or a belief without a mean: Thompson's pmf;
///             where nothing is to be learnt, the arm of least expected regret
/// Guarantee   Bayes regret at most sqrt(K H(best arm) T / 2) (corollary 1)
/// </code>
/// </remarks>
public sealed class InformationDirectedPolicy : IRoutingPolicy
{
    /// <summary>Arms beyond which Thompson's pmf is used.</summary>
    public const int MostArms = 16;

    /// <summary>The policy; it has no parameters.</summary>
    public static InformationDirectedPolicy Instance { get; } = new();

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        int count = choices.Beliefs.Length;
        if (!IsFor(choices.Beliefs)) return ThompsonPolicy.Instance.Choose(choices, ref random);
        Span<double> pmf = stackalloc double[MostArms];
        TryGetPmf(choices, pmf[..count]);
        double left = random.NextUnit();
        int chosen = 0;
        for (int i = 0; i < count; i++)
        {
            if (pmf[i] == 0) continue;
            chosen = i;
            left -= pmf[i];
            if (left < 0) break;
        }

        return chosen;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        if (!IsFor(beliefs)) return ThompsonPolicy.Instance.TryGetPmf(choices, pmf);
        int count = beliefs.Length;
        Span<double> regret = stackalloc double[MostArms], gain = stackalloc double[MostArms];
        Span<int> group = stackalloc int[MostArms];
        pmf = pmf[..count];
        Span<UtilityLaw> laws = BestArmProbability.LawsOf(count);
        for (int i = 0; i < count; i++) laws[i] = UtilityLaw.Of(beliefs[i]);
        BestArmProbability.WriteMeans(laws, pmf, regret, gain, group);
        (int one, int other, double share) = BestPair(regret[..count], gain[..count], group);
        pmf.Clear();
        Share(pmf, group, group[one], share);
        Share(pmf, group, group[other], 1 - share);
        return true;
    }

    private static bool IsFor(ReadOnlySpan<Belief> beliefs)
    {
        if (beliefs.Length > MostArms) return false;
        foreach (ref readonly Belief belief in beliefs)
            if (!belief.IsBeta && belief.Degrees <= 1) return false;
        return true;
    }

    /// <summary>The pair and the share of its first; equal ratios go to the laws that come first in their own order.</summary>
    private static (int One, int Other, double Share) BestPair(ReadOnlySpan<double> regret, ReadOnlySpan<double> gain, ReadOnlySpan<int> group)
    {
        (int One, int Other, double Share) best = (0, 0, 1);
        double least = double.PositiveInfinity;
        int ofOne = int.MaxValue, ofOther = int.MaxValue;
        for (int i = 0; i < regret.Length; i++)
        {
            for (int j = 0; j < regret.Length; j++)
            {
                if (group[j] < group[i]) continue;
                double share = ShareOf(regret[i], gain[i], regret[j], gain[j]);
                double ratio = RatioOf(share * regret[i] + (1 - share) * regret[j], share * gain[i] + (1 - share) * gain[j]);
                if (!(ratio < least || (ratio == least && (group[i], group[j]).CompareTo((ofOne, ofOther)) < 0))) continue;
                (least, ofOne, ofOther, best) = (ratio, group[i], group[j], (i, j, share));
            }
        }

        if (!double.IsPositiveInfinity(least)) return best;
        best = (0, 0, 1); // no choice tells anything
        for (int i = 1; i < regret.Length; i++)
            if (regret[i] < regret[best.One] || (regret[i] == regret[best.One] && group[i] < group[best.One])) best = (i, i, 1);
        return best;
    }

    private static double ShareOf(double regretOne, double gainOne, double regretOther, double gainOther)
    {
        double regret = regretOne - regretOther, gain = gainOne - gainOther;
        double inside = (gain * regretOther - 2 * regret * gainOther) / (regret * gain);
        bool firstIsBetter = RatioOf(regretOne, gainOne) <= RatioOf(regretOther, gainOther);
        if (!(inside > 0 && inside < 1)) return firstIsBetter ? 1 : 0;
        double mixed = RatioOf(inside * regretOne + (1 - inside) * regretOther, inside * gainOne + (1 - inside) * gainOther);
        return mixed < Math.Min(RatioOf(regretOne, gainOne), RatioOf(regretOther, gainOther)) ? inside : firstIsBetter ? 1 : 0;
    }

    private static double RatioOf(double regret, double gain) => regret == 0 ? 0 : gain > 0 ? regret * regret / gain : double.PositiveInfinity;

    private static void Share(Span<double> pmf, ReadOnlySpan<int> group, int of, double probability)
    {
        int alike = 0;
        for (int i = 0; i < pmf.Length; i++)
            if (group[i] == of) alike++;
        for (int i = 0; i < pmf.Length; i++)
            if (group[i] == of) pmf[i] += probability / alike;
    }
}
