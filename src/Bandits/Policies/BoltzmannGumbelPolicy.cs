using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits.Policies;

/// <summary>The mean plus Gumbel noise that shrinks with each arm's own count. Prefer it to softmax, whose one temperature fits no arm.</summary>
/// <remarks>
/// <code>
/// Source      Cesa-Bianchi, Gentile, Lugosi, Neu (2017), Boltzmann exploration done right, NeurIPS, section 4
/// Rule        a_t = argmax_a  m_a + C Z_a / sqrt(n_a),  Z_a standard Gumbel;  an untried arm first
/// Update      none: beliefs are derived from evidence
/// Symbols     m -> Belief.SampleMean, n -> Belief.Samples -> quality, outcomes;  C -> noise -> quality -> above 0 -> 1/2, the sub-Gaussian constant of [0, 1]
/// Cost        choose O(K); pmf one integral over K Gumbel laws of unequal scales; 0 B; state none
/// Departures  index of quality carried to utility by scale and shift; untried arms share; n counts borrowed outcomes too, so it may be below 1
/// Guarantee   regret O(K ln^2 T / gap) and O(sqrt(K T) ln K) (theorems 3 and 4)
/// </code>
/// </remarks>
public sealed class BoltzmannGumbelPolicy : IRoutingPolicy
{
    /// <summary>Anything in [0, 1] is sub-Gaussian with this constant (Hoeffding's lemma).</summary>
    private const double UnitNoise = 0.5;

    private readonly double _noise;

    /// <summary>Creates the policy.</summary>
    /// <param name="noise">C, quality; above 0, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="noise"/> is out of its range.</exception>
    public BoltzmannGumbelPolicy(double noise)
    {
        if (!(noise > 0 && double.IsFinite(noise))) Throw.OutOfRange(nameof(noise), noise, "above 0, finite");
        _noise = noise;
    }

    /// <summary>The policy with C = 1/2.</summary>
    public static BoltzmannGumbelPolicy Instance { get; } = new(UnitNoise);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores | PolicyTraits.CostlyPmf;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        var highest = new Highest();
        for (int i = 0; i < beliefs.Length; i++)
        {
            double draw = beliefs[i].Samples > 0
                ? beliefs[i].UtilityOf(beliefs[i].SampleMean) + ScaleOf(beliefs[i]) * ExponentialSampler.SampleGumbel(ref random)
                : double.PositiveInfinity;
            highest.Offer(draw, i, ref random);
        }

        return highest.At;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        int untried = 0;
        foreach (ref readonly Belief belief in beliefs)
            if (!(belief.Samples > 0)) untried++;
        if (untried > 0)
        {
            for (int i = 0; i < beliefs.Length; i++) pmf[i] = beliefs[i].Samples > 0 ? 0 : 1.0 / untried;
            return true;
        }

        Span<UtilityLaw> laws = BestArmProbability.LawsOf(beliefs.Length);
        for (int i = 0; i < beliefs.Length; i++) laws[i] = UtilityLaw.Gumbel(beliefs[i].UtilityOf(beliefs[i].SampleMean), ScaleOf(beliefs[i]));
        BestArmProbability.Write(laws, pmf);
        return true;
    }

    private double ScaleOf(in Belief belief) => belief.Scale * _noise / Math.Sqrt(belief.Samples);
}
