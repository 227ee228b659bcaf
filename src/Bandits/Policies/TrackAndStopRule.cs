using Bandits.Statistics;

namespace Bandits.Policies;

/// <summary>Plays the arm that is most behind the shares with which the best arm would be known soonest. Prefer it to find the best arm with the fewest outcomes.</summary>
/// <remarks>
/// <code>
/// Source      Garivier, Kaufmann (2016), Optimal best arm identification with fixed confidence, COLT, section 3.1 (D-tracking)
/// Rule        a_t = argmin n_a when some n_a &lt; sqrt(t) - K/2, else argmax t w_a - n_a
/// Update      none: beliefs are derived from evidence
/// Symbols     w -> <see cref="OptimalProportions"/> of Belief.SampleMean;  n -> Belief.Samples + Belief.Pending -> outcomes;  K -> eligible arms
///             t -> sum of n over the eligible arms, so that the shares are of what is tracked, even where arms left or evidence is borrowed
/// Cost        a few microseconds for a few arms, linear in K, 0 B; state none
/// Departures  untried arms are played first and share; exact ties share; best arms exactly tied share all
///             pending decisions count in n but leave the means; more in <see cref="OptimalProportions"/>
/// Guarantee   for success and failure, with <c>StoppingRule</c>: asymptotically the fewest outcomes for a given risk
/// </code>
/// </remarks>
public readonly struct TrackAndStopRule : IIndexRule<TrackAndStopRule.Round>
{
    /// <summary>Ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<TrackAndStopRule, Round>(default);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending;

    /// <inheritdoc/>
    public Round Prepare(in Choices choices)
    {
        double least = double.PositiveInfinity, t = 0;
        foreach (ref readonly Belief belief in choices.Beliefs)
        {
            double n = belief.Samples + belief.Pending;
            least = Math.Min(least, n);
            t += n;
        }

        bool isForced = least == 0 || least < Math.Sqrt(t) - choices.Beliefs.Length / 2.0;
        return isForced ? default : new Round(t, OptimalProportions.Solve(choices.Beliefs));
    }

    /// <inheritdoc/>
    public double Index(in Belief belief, in Round round)
    {
        double n = belief.Samples + belief.Pending;
        return round.Plays > 0 ? round.Plays * round.Proportions.Of(belief) - n : -n;
    }

    /// <summary>What the arms share: nothing while an arm is forced, else the plays and the proportions to track.</summary>
    public readonly struct Round
    {
        internal readonly double Plays;
        internal readonly OptimalProportions Proportions;

        internal Round(double plays, in OptimalProportions proportions) => (Plays, Proportions) = (plays, proportions);
    }
}
