namespace Bandits.Statistics;

/// <summary>Whether a scope's decisions so far leave room for one that may be worse than the baseline arm. Prefer it where learning must not be paid for
/// with failures.</summary>
/// <remarks>
/// <code>
/// Source      Wu, Shariff, Lattimore, Szepesvari (2016), Conservative bandits, ICML, section 3 and, for an unknown mean of the baseline, section 4.3
/// Rule        arm a is allowed when  sum over b != 0 of n_b L_b  +  L_a  +  min over mu in {L_0, U_0} of (T_0 - (1 - alpha)(t + 1)) mu  &gt;= 0
/// Update      a decision raises T and t; a graded outcome n and the sum of quality; a correction takes the earlier grade back exactly
/// Symbols     0 -> the baseline arm;  T_b -> Plays;  n_b -> Graded;  t -> decisions;  alpha -> SafetyGate.Fraction;
///             L, U -> <see cref="AnytimeBounds"/>, each with failure delta (K_0 + 1) / (2 K (K + 1)), K arms now, K_0 when the account began: these sum to
///             delta whatever is added
/// Cost        O(K) additions, and the bounds of each arm graded since the last decision; state 32 bytes an arm and scope, and as much derived
/// Departures  decisions without a grade yet, and those that never get one, count 0 for any arm but the baseline, whose every decision is what it is
///             compared with;
///             the new decision counts at its arm's lower bound; kl bounds instead of sub-Gaussian ones; any policy, not only UCB, its probabilities moved
///             to the baseline arm
/// Guarantee   P(for some t: sum of the expected quality of the arms decided for &lt; (1 - alpha) t mu_0) &lt;= delta, for a quality that is stationary in
///             the scope
/// </code>
/// </remarks>
internal static class ConservativeBudget
{
    /// <summary>Failure probability of each arm's bounds. Over arms present from the start it sums to delta / 2, over all that may be added later to as
    /// much.</summary>
    public static double FailureOf(double delta, int armsAtStart, int arms) => delta * (armsAtStart + 1) / (2.0 * arms * (arms + 1.0));

    /// <summary>What is left after decisions of which <paramref name="baselinePlays"/> were the baseline's; negative when the promise could be
    /// broken.</summary>
    /// <param name="credit">Lower bound of the expected quality of all other arms' decisions.</param>
    /// <param name="baselinePlays">T_0, decisions for the baseline arm.</param>
    /// <param name="plays">t, all decisions, with the new one.</param>
    /// <param name="fraction">alpha.</param>
    /// <param name="lower">L_0.</param>
    /// <param name="upper">U_0.</param>
    public static double Slack(double credit, double baselinePlays, double plays, double fraction, double lower, double upper)
    {
        double surplus = baselinePlays - (1 - fraction) * plays;
        return credit + surplus * (surplus >= 0 ? lower : upper);
    }
}
