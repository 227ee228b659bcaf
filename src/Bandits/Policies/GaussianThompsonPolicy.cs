using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits.Policies;

/// <summary>Thompson sampling from a normal law made of count and mean alone. Prefer it where a Beta belief does not fit.</summary>
/// <remarks>
/// <code>
/// Source      Agrawal and Goyal (2017), Near-optimal regret bounds for Thompson sampling, J. ACM 64(5), algorithm 2
/// Rule        theta_a ~ N(n m / (n + 1), v / (n + 1)),  a_t = argmax_a u_a(theta_a)
/// Update      none: beliefs are derived from evidence
/// Symbols     n -> Belief.Samples -> outcomes;  m -> Belief.SampleMean -> quality;  u_a -> Belief.UtilityOf -> USD;
///             v -> variance -> quality squared -> above 0 -> 1 as in the paper; 1/4 bounds the variance of anything in [0, 1]
/// Cost        as <see cref="ThompsonPolicy"/>
/// Departures  quality is drawn and carried to utility by scale and shift; v may be given
/// Guarantee   E[regret] = O(sqrt(K T ln K)) for rewards in [0, 1] and v = 1 (theorem 1.3)
/// </code>
/// </remarks>
public sealed class GaussianThompsonPolicy : IRoutingPolicy
{
    /// <summary>v of the paper.</summary>
    private const double PaperVariance = 1;

    private readonly double _deviation;

    /// <summary>Creates the policy.</summary>
    /// <param name="variance">Variance of one outcome's quality, above 0, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="variance"/> is out of its range.</exception>
    public GaussianThompsonPolicy(double variance)
    {
        if (!(variance > 0 && double.IsFinite(variance))) Throw.OutOfRange(nameof(variance), variance, "above 0, finite");
        _deviation = Math.Sqrt(variance);
    }

    /// <summary>The policy with the paper's variance, 1.</summary>
    public static GaussianThompsonPolicy Instance { get; } = new(PaperVariance);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores | PolicyTraits.CostlyPmf;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        var highest = new Highest();
        for (int i = 0; i < beliefs.Length; i++)
        {
            double draw = beliefs[i].UtilityOf(Mean(beliefs[i]) + Deviation(beliefs[i]) * ZigguratNormal.Sample(ref random));
            highest.Offer(draw, i, ref random);
        }

        return highest.At;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        Span<UtilityLaw> laws = BestArmProbability.LawsOf(beliefs.Length);
        for (int i = 0; i < beliefs.Length; i++)
            laws[i] = UtilityLaw.Normal(beliefs[i].UtilityOf(Mean(beliefs[i])), beliefs[i].Scale * Deviation(beliefs[i]));
        BestArmProbability.Write(laws, pmf);
        return true;
    }

    private static double Mean(in Belief belief) => belief.Samples * belief.SampleMean / (belief.Samples + 1);

    private double Deviation(in Belief belief) => _deviation / Math.Sqrt(belief.Samples + 1);
}
