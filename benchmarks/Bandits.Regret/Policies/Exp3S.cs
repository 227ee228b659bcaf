using Bandits.Numerics;

namespace Bandits.Regret.Policies;

/// <summary>
/// Chooses by exponential weights that never vanish, so that it follows a best arm which changes. A yardstick of the laboratory, not of the library.
/// </summary>
/// <remarks>
/// <code>
/// Source      Auer, Cesa-Bianchi, Freund, Schapire (2002), The nonstochastic multiarmed bandit problem, SIAM J. Comput. 32(1), algorithm EXP3.S,
///             corollary 8.2
/// Rule        p_a = (1 - gamma) w_a / sum w + gamma / K
/// Update      w_a = w_a exp(gamma q / (p_a K)) for the arm played, then w_b += (e alpha / K) sum w for all
/// Symbols     alpha = 1 / T;  gamma = min(1, sqrt(K (S ln(K T) + e) / ((e - 1) T)));  T the horizon, S the number of phases, known beforehand
/// Cost        choose and learn O(K), 0 B; state: one number an arm, the logarithm of its weight over the largest
/// Departures  none; the quality is the reward, so it is meant for environments without cost
/// Guarantee   regret against S phases at most 2 sqrt(e - 1) sqrt(K T (S ln(K T) + e))
/// </code>
/// </remarks>
internal sealed class Exp3S : IStatefulPolicy
{
    private readonly double _gamma;
    private readonly double _alpha;

    public Exp3S(int arms, int horizon, int phases)
    {
        _alpha = 1.0 / horizon;
        _gamma = Math.Min(1, Math.Sqrt(arms * (phases * Math.Log((double)arms * horizon) + Math.E) / ((Math.E - 1) * horizon)));
    }

    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.NeedsPropensity;

    public int HeaderLength => 0;

    public int ArmLength => 1;

    public int Choose(in Choices choices, ref RandomStream random)
    {
        Span<double> pmf = stackalloc double[choices.Beliefs.Length];
        TryGetPmf(choices, pmf);
        double unit = random.NextUnit();
        int chosen = 0;
        while (chosen < pmf.Length - 1 && (unit -= pmf[chosen]) >= 0) chosen++;
        return chosen;
    }

    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        int count = choices.Beliefs.Length;
        double sum = 0;
        for (int i = 0; i < count; i++) sum += pmf[i] = Math.Exp(choices.State[choices.Arms[i]]);
        for (int i = 0; i < count; i++) pmf[i] = (1 - _gamma) * (pmf[i] / sum) + _gamma / count;
        return true;
    }

    public void Learn(Span<double> state, in Feedback feedback)
    {
        double share = 0, most = double.NegativeInfinity;
        foreach (double logWeight in state) share += Math.Exp(logWeight);
        share *= Math.E * _alpha / state.Length;
        state[feedback.Arm] += _gamma * feedback.Quality / (feedback.Propensity * state.Length);
        foreach (ref double logWeight in state)
        {
            // An arm far ahead keeps its logarithm, whose exponential could overflow.
            logWeight = logWeight > 0 ? logWeight + Math.Log(1 + share * Math.Exp(-logWeight)) : Math.Log(Math.Exp(logWeight) + share);
            most = Math.Max(most, logWeight);
        }

        foreach (ref double logWeight in state) logWeight -= most;
    }

    public bool TryRetract(Span<double> state, in Feedback feedback) => false;
}
