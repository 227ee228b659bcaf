using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Samples each arm by how little the evidence contradicts that it is as good as the best. Prefer it where the probability of each choice must be exact and cheap.</summary>
/// <remarks>
/// <code>
/// Source      Bian, Jun (2022), Maillard sampling: Boltzmann exploration done optimally, AISTATS, algorithm 1;
///             Qin, Jun, Zhang (2023), Kullback-Leibler Maillard sampling for multi-armed bandits with bounded rewards, NeurIPS, algorithm 1
/// Rule        p_a = w_a / sum w,   w_a = exp(-2 n_a (q_a - x_a)^2), or exp(-n_a kl(x_a, q_a)) for success and failure
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean -> quality -> [0, 1];  n_a -> Belief.Samples -> outcomes
///             q_a -> Belief.QualityAt(highest Belief.UtilityOf(x)) -> quality;  2 = 1 / (2 sigma^2), sigma = 1/2 for rewards in [0, 1]
/// Cost        choose and pmf O(K), one exponential an arm, twice to choose, 0 B; state none
/// Departures  the highest mean is taken in utility and carried back to each arm's quality; untried arms share the whole probability first
///             an arm that cannot reach the highest mean has probability 0; so, with kl, has every imperfect arm beside one of all success
///             pending decisions are ignored: the choice is random anyway. The best arm has weight 1, so nothing overflows
/// Guarantee   for independent rewards in [0, 1]: asymptotically sum_a gap_a ln T / (2 gap_a^2), with kl for success and failure the least possible
/// </code>
/// </remarks>
public sealed class MaillardPolicy : IRoutingPolicy
{
    /// <summary>1 / (2 sigma^2) for a variable in [0, 1], whose sub-Gaussian sigma is 1/2 (Hoeffding's lemma).</summary>
    private const double SubGaussianRate = 2;

    private readonly bool _isKl;

    private MaillardPolicy(bool isKl) => _isKl = isKl;

    /// <summary>For success and failure and any grade in [0, 1], by relative entropy; the better of the two.</summary>
    public static MaillardPolicy Kl { get; } = new(true);

    /// <summary>By squared gap, for any quality in [0, 1].</summary>
    public static MaillardPolicy SubGaussian { get; } = new(false);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        bool anyUntried = Survey(beliefs, out double highest);
        double sum = 0;
        foreach (ref readonly Belief belief in beliefs) sum += Weight(belief, highest, anyUntried);
        double left = random.NextUnit() * sum;
        int chosen = 0;
        for (int i = 0; i < beliefs.Length; i++)
        {
            double weight = Weight(beliefs[i], highest, anyUntried);
            if (weight == 0) continue;
            chosen = i; // the last arm with weight takes what rounding leaves
            if (left < weight) break;
            left -= weight;
        }

        return chosen;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        bool anyUntried = Survey(beliefs, out double highest);
        double sum = 0;
        for (int i = 0; i < beliefs.Length; i++) sum += pmf[i] = Weight(beliefs[i], highest, anyUntried);
        for (int i = 0; i < beliefs.Length; i++) pmf[i] /= sum;
        return true;
    }

    private static bool IsUntried(in Belief belief) => belief.Samples == 0 && belief.Scale > 0;

    /// <summary>Whether an arm is untried, and the highest utility of sample means.</summary>
    private static bool Survey(ReadOnlySpan<Belief> beliefs, out double highest)
    {
        bool anyUntried = false;
        highest = double.NegativeInfinity;
        foreach (ref readonly Belief belief in beliefs)
        {
            anyUntried |= IsUntried(belief);
            highest = Math.Max(highest, belief.UtilityOf(belief.SampleMean));
        }

        return anyUntried;
    }

    private double Weight(in Belief belief, double highest, bool anyUntried)
    {
        if (anyUntried) return IsUntried(belief) ? 1 : 0;
        if (belief.UtilityOf(belief.SampleMean) >= highest) return 1;
        if (belief.Scale == 0) return 0;
        double q = belief.QualityAt(highest), x = belief.SampleMean;
        if (q > 1) return 0;
        return Math.Exp(-belief.Samples * (_isKl ? BernoulliKl.Divergence(x, q) : SubGaussianRate * (q - x) * (q - x)));
    }
}
