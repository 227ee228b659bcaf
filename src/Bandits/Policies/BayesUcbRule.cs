using Bandits.Numerics;
using MathNet.Numerics.Distributions;

namespace Bandits.Policies;

/// <summary>Chooses the arm with the highest upper quantile of belief. Prefer it to KL-UCB where priors are worth something: they speak at once.</summary>
/// <remarks>
/// <code>
/// Source      Kaufmann, Cappe, Garivier (2012), On Bayesian upper confidence bounds for bandit problems, AISTATS, algorithm 1 with c = 0
/// Rule        a_t = argmax_a  Q(1 - 1/t; law of u_a)
/// Update      none: beliefs are derived from evidence
/// Symbols     t -> Choices.Round + 1 -> number of this play, pending included;  law -> Beta (Belief.Alpha, Belief.Beta) or Student
/// Cost        choose O(K), two or three tails an arm (<see cref="BetaTails"/>), 0 B; state none
/// Departures  the tail 1/t is passed as such, never as 1 - 1/t; at the first play the quantile is the law's lower end
///             an untried arm stands at its prior's quantile; exact ties share; an arm of scale 0 is its shift
///             pending decisions narrow the law as outcomes at its mean would, and leave the mean
///             quantiles of quality that round to 1 tie; a Student law may exceed 1
/// Guarantee   for success and failure, with c of 5 or more in 1/(t (ln T)^c): asymptotically the least possible regret
/// </code>
/// </remarks>
public readonly struct BayesUcbRule : IIndexRule<double>
{
    /// <summary>Degrees of freedom from which a Student law is taken for normal: its tail at 1e-9 is then off by a relative 1e-5.</summary>
    private const double ManyDegrees = 1e8;

    /// <summary>Ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<BayesUcbRule, double>(default);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending | PolicyTraits.IndexIsUtility;

    /// <summary>1/t.</summary>
    public double Prepare(in Choices choices) => 1 / (choices.Round + 1);

    /// <inheritdoc/>
    public double Index(in Belief belief, in double tail)
    {
        if (belief.Scale == 0) return belief.Shift;
        double mass = belief.Alpha + belief.Beta, narrowed = (mass + belief.Pending) / mass;
        if (!belief.IsBeta) return belief.UtilityOf(belief.QualityMean + belief.Spread / Math.Sqrt(narrowed) * Deviate(belief.Degrees, tail));
        if (tail >= 1) return belief.UtilityOf(0);
        return belief.UtilityOf(new BetaTails(belief.Alpha * narrowed, belief.Beta * narrowed).UpperQuantile(tail).Probability);
    }

    /// <summary>What a Student variable exceeds with probability <paramref name="tail"/>: nu / (nu + T^2) is Beta(nu/2, 1/2), and its lower tail is twice this one.</summary>
    private static double Deviate(double degrees, double tail)
    {
        if (tail >= 1) return double.NegativeInfinity;
        if (degrees >= ManyDegrees) return -Normal.InvCDF(0, 1, tail);
        if (tail == 0.5) return 0;
        double size = Math.Sqrt(degrees) * Math.Exp(-new BetaTails(degrees / 2, 0.5).LowerQuantile(2 * Math.Min(tail, 1 - tail)).Value / 2);
        return tail < 0.5 ? size : -size;
    }
}
