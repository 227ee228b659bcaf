using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits.Policies;

/// <summary>Plays the best arm so far or the arm that most nearly equals it. Prefer it to find the best arm with few outcomes, not to earn meanwhile.</summary>
/// <remarks>
/// <code>
/// Source      Jourdan, Degenne, Baudry, de Heide, Kaufmann (2022), Top two algorithms revisited, NeurIPS, section 2 (EB leader, TC and TCI challengers)
/// Rule        leader B = argmax x;  challenger C = argmin_b Z_Bb, or Z_Bb + ln n_b when penalised;  B with probability beta, else C
/// Update      none: beliefs are derived from evidence
/// Symbols     x -> Belief.SampleMean, in utility;  Z -> <see cref="TransportationCost"/> -> nats;  n -> Belief.Samples
///             beta -> share of the leader -> (0, 1) -> 1/2
/// Cost        choose and pmf O(K) transportation costs, 0 B; state none
/// Departures  the leader is drawn instead of tracked, so that the pmf is known; tied challengers share; tied leaders share all, for each is the other's challenger
///             untried arms share the whole probability first; pending decisions are ignored: the choice is random anyway
///             a challenger that cannot be the best whatever its quality is played only when there is no other
/// Guarantee   with <c>StoppingRule</c>: asymptotically within a factor 2 of the fewest outcomes (beta = 1/2); penalised, never stuck after bad first outcomes
/// </code>
/// </remarks>
public sealed class EbTcPolicy : IRoutingPolicy
{
    /// <summary>The share for which the paper's factor of 2 holds.</summary>
    private const double DefaultBeta = 0.5;

    private readonly double _beta;
    private readonly bool _isPenalised;

    /// <summary>Creates the policy.</summary>
    /// <param name="beta">Share of the leader, in (0, 1).</param>
    /// <param name="isPenalised">Whether challengers of much evidence are held back: EB-TCI.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is out of its range.</exception>
    public EbTcPolicy(double beta, bool isPenalised)
    {
        if (!(beta > 0 && beta < 1)) Throw.OutOfRange(nameof(beta), beta, "(0, 1)");
        (_beta, _isPenalised) = (beta, isPenalised);
    }

    /// <summary>EB-TC with beta = 1/2, ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new EbTcPolicy(DefaultBeta, isPenalised: false);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        int leader = Leader(beliefs, out int leaders);
        double highest = Rank(beliefs[leader]);
        if (leaders > 1) return Nth(beliefs, highest, random.NextBelow(leaders));
        if (beliefs.Length == 1 || double.IsPositiveInfinity(highest) || random.NextUnit() < _beta) return leader;
        int chosen = leader, ties = 0;
        double least = double.PositiveInfinity;
        for (int i = 0; i < beliefs.Length; i++)
        {
            if (i == leader) continue;
            double cost = CostOf(beliefs[leader], beliefs[i]);
            if (cost < least || ties == 0) (least, chosen, ties) = (cost, i, 1);
            else if (cost == least && random.NextBelow(++ties) == 0) chosen = i;
        }

        return chosen;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        int leader = Leader(beliefs, out int leaders);
        double highest = Rank(beliefs[leader]);
        if (leaders > 1 || beliefs.Length == 1 || double.IsPositiveInfinity(highest))
        {
            for (int i = 0; i < beliefs.Length; i++) pmf[i] = Rank(beliefs[i]) == highest ? 1.0 / leaders : 0;
            return true;
        }

        int ties = 0;
        double least = double.PositiveInfinity;
        for (int i = 0; i < beliefs.Length; i++)
        {
            if (i == leader) continue;
            double cost = pmf[i] = CostOf(beliefs[leader], beliefs[i]);
            if (cost < least || ties == 0) (least, ties) = (cost, 1);
            else if (cost == least) ties++;
        }

        for (int i = 0; i < beliefs.Length; i++) pmf[i] = i == leader ? _beta : pmf[i] == least ? (1 - _beta) / ties : 0;
        return true;
    }

    /// <summary>Mean utility of the evidence; infinity for an arm without any, which has to be tried first.</summary>
    private static double Rank(in Belief belief) =>
        belief.Samples == 0 && belief.Scale > 0 ? double.PositiveInfinity : belief.UtilityOf(belief.SampleMean);

    /// <summary>The first arm of highest rank, and how many share that rank.</summary>
    private static int Leader(ReadOnlySpan<Belief> beliefs, out int leaders)
    {
        int leader = 0;
        leaders = 0;
        double highest = double.NegativeInfinity;
        for (int i = 0; i < beliefs.Length; i++)
        {
            double rank = Rank(beliefs[i]);
            if (rank > highest) (highest, leader, leaders) = (rank, i, 1);
            else if (rank == highest) leaders++;
        }

        return leader;
    }

    private static int Nth(ReadOnlySpan<Belief> beliefs, double rank, int skipped)
    {
        int i = 0;
        while (Rank(beliefs[i]) != rank || skipped-- > 0) i++;
        return i;
    }

    private double CostOf(in Belief leader, in Belief challenger) =>
        TransportationCost.Of(leader, challenger) + (_isPenalised ? Math.Log(Math.Max(double.Epsilon, challenger.Samples)) : 0);
}
