using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Inverse-gap weighting: each arm the less often the further its mean is below the best one's, and the best arm the rest.</summary>
/// <remarks>
/// <code>
/// Source      Abe, Long (1999), Associative reinforcement learning using linear probabilistic concepts, ICML; Foster, Rakhlin (2020), Beyond UCB, ICML, algorithm 1
/// Rule        p_a = 1 / (K + gamma g_a) where g_a &gt; 0;   arms of gap 0 share what is left, 1/K each at least
/// Symbols     g_a -> (highest Belief.Mean - Belief.Mean) / range;  K -> eligible arms;  gamma -> above 0, finite or not
///             range -> Objective.ValueUsd: a gap of 1 is the worth of a success. Where that is 0 (only cost counts) the distance of the highest and the lowest mean
/// Guarantee   never negative, whatever K and gamma: at most K - 1 arms have less than 1/K each
/// </code>
/// </remarks>
internal static class InverseGap
{
    public static int Choose(in Choices choices, double gamma, ref RandomStream random)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        (double best, double range, int ties) = Survey(choices);
        double left = random.NextUnit();
        for (int i = 0; i < beliefs.Length; i++)
        {
            if (beliefs[i].Mean == best) continue;
            left -= Weight(best - beliefs[i].Mean, range, gamma, beliefs.Length);
            if (left < 0) return i;
        }

        int among = ties > 1 ? random.NextBelow(ties) : 0;
        int at = 0;
        while (beliefs[at].Mean != best || among-- > 0) at++;
        return at;
    }

    public static void Write(in Choices choices, double gamma, Span<double> pmf)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        (double best, double range, int ties) = Survey(choices);
        double rest = 1;
        for (int i = 0; i < beliefs.Length; i++)
            if (beliefs[i].Mean != best) rest -= pmf[i] = Weight(best - beliefs[i].Mean, range, gamma, beliefs.Length);
        for (int i = 0; i < beliefs.Length; i++)
            if (beliefs[i].Mean == best) pmf[i] = rest / ties;
    }

    private static double Weight(double gap, double range, double gamma, int arms) => 1 / (arms + gamma * (gap / range));

    private static (double Best, double Range, int Ties) Survey(in Choices choices)
    {
        double best = double.NegativeInfinity, worst = double.PositiveInfinity;
        int ties = 0;
        foreach (ref readonly Belief belief in choices.Beliefs)
        {
            if (belief.Mean > best) (best, ties) = (belief.Mean, 1);
            else if (belief.Mean == best) ties++;
            worst = Math.Min(worst, belief.Mean);
        }

        double value = choices.Objective.ValueUsd;
        return (best, value > 0 ? value : best - worst, ties);
    }
}
