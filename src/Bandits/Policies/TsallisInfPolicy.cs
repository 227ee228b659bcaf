using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>
/// Follows the regularised leader under Tsallis entropy: near optimal on steady arms and on arms that an adversary moves. Prefer it where nothing may be
/// assumed of how arms behave.
/// </summary>
/// <remarks>
/// <code>
/// Source      Zimmert and Seldin (2021), Tsallis-INF: an optimal algorithm for stochastic and adversarial bandits, JMLR 22(28), algorithms 1 and 2, alpha
///             = 1/2
/// Rule        p_a = 4 (eta_t (Lhat_a - x))^-2  with x &lt; min Lhat such that they sum to 1;   eta_t = 2 / sqrt(t);   a_t ~ p
/// Update      Lhat_a += l / p_a for the arm played (importance-weighted estimator)
/// Symbols     Lhat -> <see cref="ImportanceWeightedLosses"/>, by component;   l -> loss -> [0, 1] over the declared range of utility
///             t -> 1 + outcomes learnt;   maxCostUsd -> 1 USD;   maxLatencySeconds -> 60 s
/// Cost        choose O(K) times 2 to 6 Newton steps, 0 B (Choose by itself, beyond 1,024 arms: 8 K bytes); learn O(K), 0 B; state 8 (4 + 5 K) bytes
/// Departures  Newton solves S(y)^(-1/2) = 1 for y = eta (min Lhat - x) / 2, S the sum, instead of S = 1: concave and increasing in y, so from y = 1, where
///             S >= 1, it rises to the root from one start for all losses and solves equal arms in one step. The rest of the rounding is divided out. t
///             counts outcomes, not decisions, where those come late
/// Guarantee   regret at most 4 sqrt(K T) + 1 against any adversary, O(sum ln T / gap) when the best arm leads by gaps (theorem 1), losses in [0, 1], no delay
/// </code>
/// </remarks>
public sealed class TsallisInfPolicy : IStatefulPolicy
{
    /// <summary>eta_t = 2 / sqrt(t): theorem 1, importance-weighted estimator.</summary>
    private const double LearningRate = 2;

    private const int MostSteps = 100;

    /// <summary>A Newton step so small leaves an error of about its square.</summary>
    private const double LastRise = 1e-9;

    /// <summary>Arms up to which <see cref="Choose"/> has room without allocating; a router draws from the pmf instead.</summary>
    private const int MostOnStack = 1024;

    private readonly double _maxCostUsd;
    private readonly double _maxLatencySeconds;

    /// <summary>Declares the range of outcomes; the closer, the faster the policy learns.</summary>
    /// <param name="maxCostUsd">Cost that one outcome seldom exceeds, USD, 0 or more; more counts as this.</param>
    /// <param name="maxLatencySeconds">Latency that one outcome seldom exceeds, seconds, 0 or more; more counts as this.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public TsallisInfPolicy(
        double maxCostUsd = ImportanceWeightedLosses.DefaultMaxCostUsd,
        double maxLatencySeconds = ImportanceWeightedLosses.DefaultMaxLatencySeconds)
    {
        ImportanceWeightedLosses.CheckBounds(maxCostUsd, maxLatencySeconds);
        (_maxCostUsd, _maxLatencySeconds) = (maxCostUsd, maxLatencySeconds);
    }

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.NeedsPropensity;

    /// <inheritdoc/>
    public int HeaderLength => ImportanceWeightedLosses.HeaderLength;

    /// <inheritdoc/>
    public int ArmLength => ImportanceWeightedLosses.ArmLength;

    /// <summary>The range of utility that a state (<see cref="BanditRouter.PolicyStateOf"/>) stands on, USD, and how often another range made it start anew.</summary>
    public static (double LowestUsd, double HighestUsd, long Restarts) RangeOf(ReadOnlySpan<double> state) => ImportanceWeightedLosses.InForce(state);

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        int arms = choices.Arms.Length;
        Span<double> pmf = arms <= MostOnStack ? stackalloc double[arms] : new double[arms];
        TryGetPmf(choices, pmf);
        double u = random.NextUnit();
        for (int i = 0; i < arms - 1; i++)
        {
            u -= pmf[i];
            if (u < 0) return i;
        }

        return arms - 1;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        ReadOnlySpan<int> arms = choices.Arms;
        var losses = ImportanceWeightedLosses.Of(choices, _maxCostUsd, _maxLatencySeconds);
        double halfRate = LearningRate / Math.Sqrt(losses.Outcomes + 1) / 2, least = double.PositiveInfinity, sum = 0;
        pmf = pmf[..arms.Length];
        for (int i = 0; i < pmf.Length; i++) least = Math.Min(least, pmf[i] = losses.LossOf(arms[i]));
        for (int i = 0; i < pmf.Length; i++) pmf[i] = halfRate * (pmf[i] - least);
        double y = Solve(pmf);
        for (int i = 0; i < pmf.Length; i++)
        {
            pmf[i] = 1 / ((y + pmf[i]) * (y + pmf[i]));
            sum += pmf[i];
        }

        for (int i = 0; i < pmf.Length; i++) pmf[i] /= sum;
        return true;
    }

    /// <inheritdoc/>
    public void Learn(Span<double> state, in Feedback feedback)
    {
        if (feedback.Propensity > 0) ImportanceWeightedLosses.Learn(state, feedback, 1 / feedback.Propensity, _maxCostUsd, _maxLatencySeconds);
    }

    /// <inheritdoc/>
    public bool TryRetract(Span<double> state, in Feedback feedback) =>
        feedback.Propensity > 0 && ImportanceWeightedLosses.TryRetract(state, feedback, 1 / feedback.Propensity, _maxCostUsd, _maxLatencySeconds);

    /// <summary>y, for eta (Lhat - min Lhat) / 2 of each arm: sum (y + behind)^-2 = 1.</summary>
    private static double Solve(ReadOnlySpan<double> behind)
    {
        double y = 1;
        for (int step = 0; step < MostSteps; step++)
        {
            double sum = 0, slope = 0;
            foreach (double distance in behind)
            {
                double inverse = 1 / (y + distance), square = inverse * inverse;
                sum += square;
                slope += square * inverse;
            }

            double rise = (sum * Math.Sqrt(sum) - sum) / slope;
            y += rise;
            if (!(rise > LastRise * y)) break;
        }

        return y;
    }
}
