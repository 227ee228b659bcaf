using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>
/// Tries each arm a fixed number of times, then keeps to the best for good. Prefer it where switching must end at a known time, not to keep regret small.
/// </summary>
/// <remarks>
/// <code>
/// Source      Lattimore and Szepesvari (2020), Bandit Algorithms, chapter 6, algorithm 1
/// Rule        while an arm has fewer than m outcomes: an arm with the fewest;   then  argmax_a  u_a(m)
/// Update      the first m outcomes of an arm enter its sums of quality, cost, latency; later ones change nothing
/// Symbols     m -> outcomes -> 1 or more;   u_a(m) -> V q - c cost - tau latency, mean over the first m outcomes -> USD
/// Cost        choose O(K), 0 B; learn O(1), 0 B; state 32 K bytes
/// Departures  arms with equally few outcomes, and exact ties of the means, share the probability instead of taking turns. The commitment is held as the
///             frozen means: the arm committed to is their argmax among the eligible, so when it is not eligible the next best stands in, an arm that joins
///             is tried m times first, and another objective commits anew on the same outcomes. Outcomes beyond m that were under way are not counted.
///             Which were first is not kept: none is taken back
/// Guarantee   two arms, gap d, sub-Gaussian noise of variance 1: regret at most m d + T d exp(-m d^2 / 4); linear in T
/// </code>
/// </remarks>
public sealed class ExploreThenCommitPolicy : IStatefulPolicy
{
    private readonly int _outcomes;

    /// <summary>Sets how long to explore.</summary>
    /// <param name="outcomes">m, outcomes of each arm before the commitment, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public ExploreThenCommitPolicy(int outcomes)
    {
        if (outcomes < 1) Throw.OutOfRange(nameof(outcomes), outcomes, "1 or more outcomes");
        _outcomes = outcomes;
    }

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores;

    /// <inheritdoc/>
    public int HeaderLength => 0;

    /// <inheritdoc/>
    public int ArmLength => 4;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        bool exploring = IsExploring(choices);
        var highest = new Highest();
        for (int i = 0; i < choices.Arms.Length; i++)
        {
            double index = Index(choices, i, exploring);
            highest.Offer(index, i, ref random);
        }

        return highest.At;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        bool exploring = IsExploring(choices);
        for (int i = 0; i < choices.Arms.Length; i++) pmf[i] = Index(choices, i, exploring);
        Highest.Share(pmf[..choices.Arms.Length]);
        return true;
    }

    /// <inheritdoc/>
    public void Learn(Span<double> state, in Feedback feedback)
    {
        Span<double> sums = state.Slice(feedback.Arm * ArmLength, ArmLength);
        if (!IsSound(sums)) sums.Clear();
        if (sums[0] >= _outcomes) return;
        sums[0]++;
        sums[1] += feedback.Quality;
        sums[2] += feedback.CostUsd;
        sums[3] += feedback.LatencySeconds;
    }

    /// <inheritdoc/>
    public bool TryRetract(Span<double> state, in Feedback feedback) => false;

    private static bool IsSound(ReadOnlySpan<double> sums) =>
        sums[0] >= 0 && sums[1] >= 0 && sums[1] <= sums[0] && sums[2] >= 0 && sums[3] >= 0 && double.IsFinite(sums[0] + sums[2] + sums[3]);

    /// <summary>An arm's sums; none when it is new or they are damaged.</summary>
    private ReadOnlySpan<double> SumsOf(in Choices choices, int position)
    {
        int at = choices.Arms[position] * ArmLength;
        if (choices.State.Length < at + ArmLength) return default;
        ReadOnlySpan<double> sums = choices.State.Slice(at, ArmLength);
        return IsSound(sums) ? sums : default;
    }

    private bool IsExploring(in Choices choices)
    {
        for (int i = 0; i < choices.Arms.Length; i++)
        {
            ReadOnlySpan<double> sums = SumsOf(choices, i);
            if (sums.IsEmpty || sums[0] < _outcomes) return true;
        }

        return false;
    }

    /// <summary>Exploring, fewer outcomes are better; then the mean utility.</summary>
    private double Index(in Choices choices, int position, bool exploring)
    {
        ReadOnlySpan<double> sums = SumsOf(choices, position);
        if (exploring) return sums.IsEmpty ? 0 : -sums[0];
        Objective objective = choices.Objective;
        return (objective.ValueUsd * sums[1] - objective.CostMultiplier * sums[2] - objective.LatencyUsdPerSecond * sums[3]) / sums[0];
    }
}
