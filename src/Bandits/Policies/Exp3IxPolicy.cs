using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>
/// Weighs arms by the exponential of their estimated losses, with estimates kept low on purpose so that their variance stays bounded. Prefer it where
/// regret must be small with high probability, not only in the mean.
/// </summary>
/// <remarks>
/// <code>
/// Source      Neu (2015), Explore no more: improved high-probability regret bounds for non-stochastic bandits, NIPS, algorithm 1, corollary 1
/// Rule        p_a = exp(-eta_t Lhat_a) / sum_b exp(-eta_t Lhat_b);   eta_t = 2 gamma_t = sqrt(ln K / (K t));   a_t ~ p
/// Update      Lhat_a += l / (p_a + gamma_t) for the arm played (implicit exploration)
/// Symbols     Lhat -> <see cref="ImportanceWeightedLosses"/>, by component;   l -> loss -> [0, 1] over the declared range of utility
///             t -> 1 + outcomes learnt;   maxCostUsd -> 1 USD;   maxLatencySeconds -> 60 s
/// Cost        choose O(K) exponentials, 0 B; learn O(K), 0 B; state 8 (4 + 5 K) bytes
/// Departures  exponents are taken relative to the lowest loss, so that none overflows. K is the number of eligible arms in eta, of all arms in gamma. p_a
///             is the probability actually used, floors and gates included. t counts outcomes, not decisions, where those come late. Weights depend on when
///             an outcome came: none is taken back
/// Guarantee   regret of order sqrt(K T ln K) with high probability against any adversary that does not react, losses in [0, 1], no delay (corollary 1)
/// </code>
/// </remarks>
public sealed class Exp3IxPolicy : IStatefulPolicy
{
    private readonly double _maxCostUsd;
    private readonly double _maxLatencySeconds;

    /// <summary>Declares the range of outcomes; the closer, the faster the policy learns.</summary>
    /// <param name="maxCostUsd">Cost that one outcome seldom exceeds, USD, 0 or more; more counts as this.</param>
    /// <param name="maxLatencySeconds">Latency that one outcome seldom exceeds, seconds, 0 or more; more counts as this.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public Exp3IxPolicy(
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
        ReadOnlySpan<int> arms = choices.Arms;
        var losses = ImportanceWeightedLosses.Of(choices, _maxCostUsd, _maxLatencySeconds);
        double least = losses.LeastOf(arms), rate = Rate(arms.Length, losses.Outcomes), sum = 0;
        foreach (int arm in arms) sum += Math.Exp(-rate * (losses.LossOf(arm) - least));
        double u = random.NextUnit() * sum;
        for (int i = 0; i < arms.Length - 1; i++)
        {
            u -= Math.Exp(-rate * (losses.LossOf(arms[i]) - least));
            if (u < 0) return i;
        }

        return arms.Length - 1;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        ReadOnlySpan<int> arms = choices.Arms;
        var losses = ImportanceWeightedLosses.Of(choices, _maxCostUsd, _maxLatencySeconds);
        double least = losses.LeastOf(arms), rate = Rate(arms.Length, losses.Outcomes), sum = 0;
        for (int i = 0; i < arms.Length; i++) sum += pmf[i] = Math.Exp(-rate * (losses.LossOf(arms[i]) - least));
        for (int i = 0; i < arms.Length; i++) pmf[i] /= sum;
        return true;
    }

    /// <inheritdoc/>
    public void Learn(Span<double> state, in Feedback feedback)
    {
        if (!(feedback.Propensity > 0)) return;
        double outcomes = ImportanceWeightedLosses.OutcomesOf(state, feedback.Objective, _maxCostUsd, _maxLatencySeconds);
        double gamma = Rate(feedback.Arms, outcomes) / 2;
        ImportanceWeightedLosses.Learn(state, feedback, 1 / (feedback.Propensity + gamma), _maxCostUsd, _maxLatencySeconds);
    }

    /// <inheritdoc/>
    public bool TryRetract(Span<double> state, in Feedback feedback) => false;

    private static double Rate(int arms, double outcomes) => Math.Sqrt(Math.Log(arms) / (arms * (outcomes + 1)));
}
