namespace Bandits.Statistics;

/// <summary>Says when the best arm is known: a likelihood ratio against a threshold that holds at every look, however often one looks.</summary>
/// <remarks>
/// <code>
/// Source      Kaufmann, Koolen (2021), Mixture martingales revisited with applications to sequential tests and confidence intervals, JMLR 22, theorem 7, section 5
/// Rule        settled when Z_ab &gt; 3 ln(1 + ln n_a) + 3 ln(1 + ln n_b) + 2 T( ln((K-1)/delta) / 2 )  for the best arm a and every other arm b
///             T(x) = 2 H( (h'(1+x) + ln(2 zeta(2))) / 2 );  h(u) = u - ln u, h' its inverse on u of 1 or more;
///             H(x) = e^(1/h'(x)) h'(x) from x = h(1/ln z) on, z (x - ln ln z) below, z = 3/2
/// Symbols     Z_ab -> <see cref="TransportationCost"/> -> nats;  n -> Belief.Samples, at least 1 in the threshold;  K -> number of arms compared
///             delta -> chance of a false identification -> (0, 1)
/// Cost        O(K) transportation costs, 0 B; never on the way of a decision
/// Departures  utilities carry scale and shift: Z is taken in utility, expected cost and latency as if they were known
///             of several best arms the first is named, and it is not settled; one arm alone is settled
/// Guarantee   for independent outcomes in [0, 1] of fixed means and weight 1, whatever is played: P(ever settled on a wrong arm) at most delta
/// </code>
/// </remarks>
internal static class StoppingRule
{
    /// <summary>z of H.</summary>
    private const double Zone = 1.5;

    /// <summary>Weight of the price of each arm's unknown time of stopping.</summary>
    private const double PeelingWeight = 3;

    /// <summary>Newton's method converges from above; five steps suffice from 1 to 1e6.</summary>
    private const int MostSteps = 20;

    /// <summary>ln(2 zeta(2)) = ln(pi^2 / 3).</summary>
    private static readonly double LogTwoZeta = Math.Log(Math.PI * Math.PI / 3);

    /// <summary>What the evidence says now.</summary>
    /// <param name="beliefs">Arms to compare, at least one.</param>
    /// <param name="delta">Chance of a false identification, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is out of its range.</exception>
    public static Verdict Evaluate(ReadOnlySpan<Belief> beliefs, double delta)
    {
        if (!(delta > 0 && delta < 1)) Throw.OutOfRange(nameof(delta), delta, "(0, 1)");
        int best = 0;
        for (int i = 1; i < beliefs.Length; i++)
            if (beliefs[i].UtilityOf(beliefs[i].SampleMean) > beliefs[best].UtilityOf(beliefs[best].SampleMean)) best = i;
        var closest = new Verdict(best, double.PositiveInfinity, 0);
        double confidence = 2 * Excess(Math.Log((beliefs.Length - 1) / delta) / 2), margin = double.PositiveInfinity;
        for (int i = 0; i < beliefs.Length; i++)
        {
            if (i == best) continue;
            double threshold = confidence + Peeling(beliefs[best].Samples) + Peeling(beliefs[i].Samples);
            double statistic = TransportationCost.Of(beliefs[best], beliefs[i]);
            if (statistic - threshold >= margin) continue;
            (closest, margin) = (new Verdict(best, statistic, threshold), statistic - threshold);
        }

        return closest;
    }

    /// <summary>T: what the risk ln(1/delta) of one arm costs once time is mixed over.</summary>
    internal static double Excess(double x)
    {
        if (!(x > 0)) x = 0;
        double half = (InverseOfH(1 + x) + LogTwoZeta) / 2, turn = 1 / Math.Log(Zone);
        if (half < turn - Math.Log(turn)) return 2 * Zone * (half - Math.Log(Math.Log(Zone)));
        double u = InverseOfH(half);
        return 2 * Math.Exp(1 / u) * u;
    }

    private static double Peeling(double samples) => PeelingWeight * Math.Log(1 + Math.Log(Math.Max(1, samples)));

    /// <summary>The u of 1 or more with u - ln u = x.</summary>
    private static double InverseOfH(double x)
    {
        double u = x + Math.Sqrt(2 * Math.Max(0, x - 1)) + 1e-9; // above the root (the paper, section 4.1), from where convexity keeps every step
        for (int i = 0; i < MostSteps; i++)
        {
            double next = u - (u - Math.Log(u) - x) * u / (u - 1);
            if (!(next > 1) || next >= u) break;
            u = next;
        }

        return u;
    }
}

/// <summary>How far the evidence is from naming the best arm.</summary>
/// <param name="Best">Position of the arm of highest mean.</param>
/// <param name="Statistic">Likelihood ratio against the arm that is closest to keeping the question open, nats.</param>
/// <param name="Threshold">What it has to exceed, nats.</param>
internal readonly record struct Verdict(int Best, double Statistic, double Threshold)
{
    /// <summary>Whether the best arm is known.</summary>
    public bool IsSettled => Statistic > Threshold;
}

/// <summary>The answer to which arm is best, kept once given: later evidence does not unsettle it, only a caller who knows that the world has changed.</summary>
/// <remarks>The risk delta is that of one stretch, from the first observation or from <see cref="Reopen"/> with evidence begun anew.</remarks>
internal struct Identification
{
    private int _armAndOne;

    /// <summary>Dense index of the best arm; -1 while it is not known.</summary>
    public readonly int Arm => _armAndOne - 1;

    /// <summary>Whether the best arm is known.</summary>
    public readonly bool IsSettled => _armAndOne != 0;

    /// <summary>Takes a look at the evidence; true when the question is settled, now or before.</summary>
    /// <param name="beliefs">Arms to compare, at least one.</param>
    /// <param name="arms">Dense arm indices, parallel to <paramref name="beliefs"/>.</param>
    /// <param name="delta">Chance of a false identification, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is out of its range.</exception>
    public bool Observe(ReadOnlySpan<Belief> beliefs, ReadOnlySpan<int> arms, double delta)
    {
        if (IsSettled) return true;
        Verdict verdict = StoppingRule.Evaluate(beliefs, delta);
        if (verdict.IsSettled) _armAndOne = arms[verdict.Best] + 1;
        return IsSettled;
    }

    /// <summary>Opens the question again: arms drifted, came or went.</summary>
    public void Reopen() => _armAndOne = 0;
}
