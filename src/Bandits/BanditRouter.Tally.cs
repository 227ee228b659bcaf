using System.Runtime.CompilerServices;
using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits;

/// <content>What the router counts of itself.</content>
public sealed partial class BanditRouter
{
    private readonly Tallies _tallies = new();
    private volatile bool _isCounting;

    /// <summary>
    /// Whether decisions and outcomes are counted for <see cref="Tally"/>. Takes some nanoseconds a decision; a host's adapter counts while somebody listens to its metrics.
    /// </summary>
    /// <value>false</value>
    public bool IsCounting
    {
        get => _isCounting;
        set => _isCounting = value;
    }

    /// <summary>What was decided and recorded while <see cref="IsCounting"/> was set. Reading changes nothing.</summary>
    /// <remarks>Allocates. Threads that count meanwhile may be seen in part; a count never goes back.</remarks>
    public RouterTally Tally()
    {
        Tallies.Sheet sum = _tallies.Read();
        var decisions = new List<DecisionTally>();
        for (int strategy = 0; strategy < Tallies.Strategies; strategy++)
        {
            ReadOnlySpan<long> counts = sum.DecisionsBy(strategy);
            for (int i = 0; i < counts.Length; i++)
            {
                var traits = (DecisionTraits)(i % Tallies.DecisionKinds);
                if (counts[i] > 0)
                    decisions.Add(new DecisionTally(i / Tallies.DecisionKinds, (Strategy)strategy, (traits & DecisionTraits.Explored) != 0, (traits & DecisionTraits.Fallback) != 0, counts[i]));
            }
        }

        var outcomes = new List<OutcomeTally>();
        for (int i = 0; i < sum.Outcomes.Length; i++)
            if (sum.Outcomes[i] > 0) outcomes.Add(new OutcomeTally(i / Tallies.OutcomeKinds, (OutcomeKind)(i % Tallies.OutcomeKinds), sum.Outcomes[i]));
        var costs = new double[ArmCount];
        for (int arm = 0; arm < Math.Min(costs.Length, sum.NanoUsd.Length); arm++) costs[arm] = FixedPoint.UsdFrom(sum.NanoUsd[arm]);
        return new RouterTally
        {
            Decisions = decisions,
            Outcomes = outcomes,
            CostUsd = costs,
            Undecided = sum.Undecided,
            LowestPropensity = sum.LowestPropensity <= 1 ? sum.LowestPropensity : double.NaN,
        };
    }

    /// <summary>Decisions whose judgement may still come: those of the ledger without one, whoever made them. Walks the ledger: about a millisecond for 65,536 decisions.</summary>
    public long CountPending() => _ledger.CountPending(DecisionCount);

    /// <summary>For a test of what outlives the router.</summary>
    internal object TallySheets => _tallies;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Count(RouterSettings settings, in Decision decision) => _tallies.Mine.Decided(settings.Strategy, decision.Arm, decision.Traits, decision.Propensity);

    /// <summary>Counts a judgement that came or was corrected, and what the known cost of its decision rose by.</summary>
    private void Count(int arm, in Contribution counted, in Contribution known, OutcomeParts corrected)
    {
        Tallies.Sheet tally = _tallies.Mine;
        if ((counted.Parts & OutcomeParts.Judgement) != 0) tally.Recorded(arm, counted.Kind);
        if ((counted.Parts & OutcomeParts.Cost) == 0) return;
        long before = (corrected & OutcomeParts.Cost) != 0 && known.HasCost ? known.CostNanoUsd : 0;
        long now = counted.HasCost ? counted.CostNanoUsd : 0;
        if (now != before) tally.Spent(arm, now - before);
    }
}
