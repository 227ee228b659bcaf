using System.Buffers;
using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits.Policies;

/// <summary>Thompson sampling that gives every other decision to a challenger of the arm it drew. Prefer it to find the best arm.</summary>
/// <remarks>
/// <code>
/// Source      Russo (2016), Simple Bayesian algorithms for best arm identification, COLT, section 3.3 (top-two Thompson sampling)
/// Rule        b ~ p (Thompson's);  play b with probability beta, else draw from p until it is not b
///             psi_a = p_a (beta + (1 - beta) sum_{b != a} p_b / (1 - p_b))
/// Update      none: beliefs are derived from evidence
/// Symbols     beta -> leaderShare -> (0, 1) -> 1/2 as in the paper;  p_a -> P(a is the best)
/// Cost        choose O(K) draws, a few times; pmf as <see cref="ThompsonPolicy"/>, again at greater depth where the leader is nearly certain; 0 B; state none
/// Departures  after <see cref="MostTries"/> draws of the leader the challenger is drawn from p without it, which is the same law;
///             a leader that no other arm beats with more than e^-600 keeps the challenger's share
/// Guarantee   posterior converges at the optimal exponential rate among allocations that give the best arm a share of beta (theorem 1)
/// </code>
/// </remarks>
public sealed class TopTwoThompsonPolicy : IRoutingPolicy
{
    /// <summary>beta of the paper's experiments.</summary>
    private const double PaperShare = 0.5;

    private const int MostTries = 16;

    /// <summary>Room on the stack for the pmf of that many arms.</summary>
    private const int MostOnStack = 64;

    /// <summary>Where the other arms together are less likely than this, -ln of it leaves too little of the usual depth.</summary>
    private const double Rare = 1e-9;

    /// <summary>The same of the great depth.</summary>
    private const double VeryRare = 1e-55;

    private readonly double _leaderShare;

    /// <summary>Creates the policy.</summary>
    /// <param name="leaderShare">Probability of playing the arm drawn first, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="leaderShare"/> is out of its range.</exception>
    public TopTwoThompsonPolicy(double leaderShare)
    {
        if (!(leaderShare > 0 && leaderShare < 1)) Throw.OutOfRange(nameof(leaderShare), leaderShare, "(0, 1)");
        _leaderShare = leaderShare;
    }

    /// <summary>The policy with equal shares.</summary>
    public static TopTwoThompsonPolicy Instance { get; } = new(PaperShare);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores | PolicyTraits.CostlyPmf;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        int leader = ThompsonPolicy.Instance.Choose(choices, ref random);
        if (random.NextUnit() < _leaderShare || choices.Beliefs.Length == 1) return leader;
        for (int tries = 0; tries < MostTries; tries++)
        {
            int challenger = ThompsonPolicy.Instance.Choose(choices, ref random);
            if (challenger != leader) return challenger;
        }

        int count = choices.Beliefs.Length;
        double[]? rented = count > MostOnStack ? ArrayPool<double>.Shared.Rent(count) : null;
        Span<double> best = rented is null ? stackalloc double[MostOnStack] : rented;
        int chosen = Challenge(choices, best[..count], leader, ref random);
        if (rented is not null) ArrayPool<double>.Shared.Return(rented);
        return chosen;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        pmf = pmf[..choices.Beliefs.Length];
        int most = WriteBest(choices.Beliefs, pmf);
        double others = SumWithout(pmf, most), total = pmf[most] + others;
        if (!(others > 0)) return true; // p is 1 and 0 already
        double leader = pmf[most], odds = 0;
        for (int b = 0; b < pmf.Length; b++)
            if (b != most) odds += pmf[b] / (total - pmf[b]);
        for (int a = 0; a < pmf.Length; a++)
        {
            // of the leader's challengers a has pmf[a] / others, a ratio that exists however small both are
            double against = a == most ? leader * odds : leader * (pmf[a] / others) + pmf[a] * (odds - pmf[a] / (total - pmf[a]));
            pmf[a] = _leaderShare * pmf[a] + (1 - _leaderShare) * against;
        }

        return true;
    }

    /// <summary>Draws from p without the leader.</summary>
    private static int Challenge(in Choices choices, Span<double> best, int leader, ref RandomStream random)
    {
        WriteBest(choices.Beliefs, best);
        double left = random.NextUnit() * SumWithout(best, leader);
        int chosen = leader;
        for (int i = 0; i < best.Length; i++)
        {
            if (i == leader || best[i] == 0) continue;
            chosen = i;
            left -= best[i];
            if (left < 0) break;
        }

        return chosen;
    }

    /// <summary>Writes p, the small entries to relative precision too; returns where it is largest.</summary>
    private static int WriteBest(ReadOnlySpan<Belief> beliefs, Span<double> pmf)
    {
        BestArmProbability.Write(beliefs, pmf);
        int most = IndexOfMost(pmf);
        if (beliefs.Length == 1 || SumWithout(pmf, most) > Rare) return most;
        BestArmProbability.Write(beliefs, pmf, BestArmProbability.GreatDepth);
        if (SumWithout(pmf, most) > VeryRare) return most;
        BestArmProbability.Write(beliefs, pmf, BestArmProbability.MostDepth);
        return most;
    }

    private static int IndexOfMost(ReadOnlySpan<double> pmf)
    {
        int most = 0;
        for (int i = 1; i < pmf.Length; i++)
            if (pmf[i] > pmf[most]) most = i;
        return most;
    }

    private static double SumWithout(ReadOnlySpan<double> pmf, int except)
    {
        double sum = 0;
        for (int i = 0; i < pmf.Length; i++)
            if (i != except) sum += pmf[i];
        return sum;
    }
}
