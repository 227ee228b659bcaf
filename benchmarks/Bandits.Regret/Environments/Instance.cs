namespace Bandits.Regret.Environments;

/// <summary>The laws in force from a round on, by segment and arm.</summary>
internal sealed record Phase(int Start, Law[] Laws);

/// <summary>A run of rounds in which neither the laws nor the arms present change.</summary>
/// <param name="Start">First round, counted from 0.</param>
/// <param name="IsBreak">Whether the laws change here.</param>
/// <param name="Laws">Laws by segment and arm.</param>
/// <param name="Best">Highest mean of an arm present, by segment.</param>
/// <param name="Arriving">Arms that join here.</param>
/// <param name="Leaving">Arms that leave here.</param>
internal sealed record Stretch(int Start, bool IsBreak, Law[] Laws, double[] Best, int[] Arriving, int[] Leaving);

/// <summary>An environment over a horizon, ready to be played. Immutable.</summary>
internal sealed class Instance
{
    public required string Name { get; init; }

    public required int Horizon { get; init; }

    public required int Arms { get; init; }

    /// <summary>Share of the traffic that falls on a segment or one before it; the last is 1.</summary>
    public required double[] CumulatedShares { get; init; }

    public required Stretch[] Stretches { get; init; }

    public required Delivery Delivery { get; init; }

    /// <summary>What a success is worth, USD, in the router's objective.</summary>
    public required double ValueUsd { get; init; }

    /// <summary>Whether the utility counts cost.</summary>
    public required bool HasCost { get; init; }

    public int Segments => CumulatedShares.Length;

    /// <summary>Rounds at which the laws change.</summary>
    public IEnumerable<int> Breaks => Stretches.Where(static stretch => stretch.IsBreak).Select(static stretch => stretch.Start);

    /// <summary>Whether laws and arms stay as they are.</summary>
    public bool IsStationary => Stretches.Length == 1;

    /// <summary>Mean cost over all arms, USD: what every arm's list price says.</summary>
    public double TypicalCostUsd => Stretches[0].Laws.Average(static law => law.MeanCostUsd);

    /// <summary>
    /// The constant of Lai and Robbins (1985), sum over the worse arms of gap / kl(mean, best); null unless the environment is stationary, Bernoulli, of one
    /// segment and without delay.
    /// </summary>
    public double? LaiRobbins
    {
        get
        {
            if (!IsStationary || Segments != 1 || !Delivery.IsImmediate || Stretches[0].Laws.Any(static law => law is not BernoulliLaw)) return null;
            double best = Stretches[0].Best[0];
            return Stretches[0].Laws.Where(law => law.Mean < best).Sum(law => (best - law.Mean) / Bernoulli.Divergence(law.Mean, best));
        }
    }

    /// <summary>Regret per round of choosing every arm present equally often, averaged over the horizon.</summary>
    public double MeanGap()
    {
        var present = new bool[Arms];
        double sum = 0;
        for (int i = 0; i < Stretches.Length; i++)
        {
            Stretch stretch = Stretches[i];
            foreach (int arm in stretch.Arriving) present[arm] = true;
            foreach (int arm in stretch.Leaving) present[arm] = false;
            int rounds = (i + 1 < Stretches.Length ? Stretches[i + 1].Start : Horizon) - stretch.Start, among = present.Count(static p => p);
            for (int segment = 0; segment < Segments; segment++)
            {
                double share = CumulatedShares[segment] - (segment == 0 ? 0 : CumulatedShares[segment - 1]);
                for (int arm = 0; arm < Arms; arm++)
                    if (present[arm]) sum += rounds * share * (stretch.Best[segment] - stretch.Laws[segment * Arms + arm].Mean) / among;
            }
        }

        return sum / Horizon;
    }
}
