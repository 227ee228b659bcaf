namespace Bandits.Policies;

/// <summary>What adversarial policies know of each arm: sums of outcomes over the probability with which the arm was drawn, so that what was not played can be estimated.</summary>
/// <remarks>
/// <code>
/// Source      Auer, Cesa-Bianchi, Freund, Schapire (2002), The nonstochastic multiarmed bandit problem, SIAM J. Comput. 32(1), section 3
/// Rule        Lhat_a = sum_{s: a_s = a} w_s l_s,   l = (u_max - u) / (u_max - u_min),   u = V q - c cost - tau latency
/// Update      the arm's sums of w, w q, w cost, w latency;  Lhat is linear in them
/// Symbols     w -> weight -> 1 / p, or 1 / (p + gamma);   V, c, tau -> Objective
///             u_max -> V;   u_min -> -c maxCostUsd - tau maxLatencySeconds -> USD: the range declared
/// Cost        read O(1) an arm, learn O(K), 0 B; state 8 (4 + 5 K) bytes
/// Departures  costs and latencies beyond the declared ones count as those. Another range (V, c or tau changed) is another game: nothing learnt counts from then on, the sums
///             restart at the next outcome and the restart is counted. An arm that joins later starts level with the arm of the lowest loss, as a copy of its sums. The losses
///             of an arm that is not eligible stand still, so one that was long away comes back as a favourite. Outcomes without a propensity are left out
/// Guarantee   E[Lhat_a] is the arm's cumulative loss when w = 1 / p
/// </code>
/// Header: outcomes learnt, u_max, u_min, restarts. Arm: 1 once it has joined, then the four sums.
/// </remarks>
internal readonly ref struct ImportanceWeightedLosses
{
    public const int HeaderLength = 4;
    public const int ArmLength = 5;

    /// <summary>Cost that an outcome is taken to stay below unless declared, USD.</summary>
    public const double DefaultMaxCostUsd = 1;

    /// <summary>Latency that an outcome is taken to stay below unless declared, seconds.</summary>
    public const double DefaultMaxLatencySeconds = 60;

    private const int Learnt = 0;
    private const int Highest = 1;
    private const int Lowest = 2;
    private const int Restarts = 3;

    private readonly ReadOnlySpan<double> _state;
    private readonly Objective _objective;
    private readonly double _range;
    private readonly double _newcomer;

    private ImportanceWeightedLosses(ReadOnlySpan<double> state, Objective objective, (double Highest, double Lowest) range)
    {
        _objective = objective;
        _range = range.Highest - range.Lowest;
        if (state.Length < HeaderLength || !(state[Learnt] > 0 && double.IsFinite(state[Learnt])) || range != (state[Highest], state[Lowest]) || !(_range > 0)) return;
        _state = state;
        Outcomes = state[Learnt];
        int leader = Leader();
        _newcomer = leader < 0 ? 0 : Sum(leader);
    }

    /// <summary>Outcomes learnt under the range in force.</summary>
    public double Outcomes { get; }

    /// <summary>Refuses bounds that declare no range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of its range.</exception>
    public static void CheckBounds(double maxCostUsd, double maxLatencySeconds)
    {
        if (!(maxCostUsd >= 0 && double.IsFinite(maxCostUsd))) Throw.OutOfRange(nameof(maxCostUsd), maxCostUsd, "0 or more USD, finite");
        if (!(maxLatencySeconds >= 0 && double.IsFinite(maxLatencySeconds))) Throw.OutOfRange(nameof(maxLatencySeconds), maxLatencySeconds, "0 or more seconds, finite");
    }

    /// <summary>Reads the losses that count under the objective in force.</summary>
    public static ImportanceWeightedLosses Of(in Choices choices, double maxCostUsd, double maxLatencySeconds) =>
        new(choices.State, choices.Objective, RangeOf(choices.Objective, maxCostUsd, maxLatencySeconds));

    /// <summary>The range of utility that a state stands on, USD, and how often another one made it start anew.</summary>
    public static (double LowestUsd, double HighestUsd, long Restarts) InForce(ReadOnlySpan<double> state) =>
        state.Length < HeaderLength ? default : (state[Lowest], state[Highest], (long)state[Restarts]);

    /// <summary>Outcomes learnt so far under the objective; 0 when the next one starts anew.</summary>
    public static double OutcomesOf(ReadOnlySpan<double> state, in Objective objective, double maxCostUsd, double maxLatencySeconds) =>
        new ImportanceWeightedLosses(state, objective, RangeOf(objective, maxCostUsd, maxLatencySeconds)).Outcomes;

    /// <summary>Takes in an outcome with a weight.</summary>
    public static void Learn(Span<double> state, in Feedback feedback, double weight, double maxCostUsd, double maxLatencySeconds)
    {
        (double Highest, double Lowest) range = RangeOf(feedback.Objective, maxCostUsd, maxLatencySeconds);
        if (range != (state[Highest], state[Lowest]) || !(state[Learnt] >= 0 && double.IsFinite(state[Learnt])))
        {
            double restarts = state[Restarts] + (state[Learnt] == 0 ? 0 : 1);
            state.Clear();
            (state[Highest], state[Lowest], state[Restarts]) = (range.Highest, range.Lowest, restarts);
        }

        Join(state, feedback.Objective, range);
        Add(state, feedback, weight, maxCostUsd, maxLatencySeconds);
        state[Learnt]++;
    }

    /// <summary>Takes an outcome back; false when it may have been learnt before a restart.</summary>
    public static bool TryRetract(Span<double> state, in Feedback feedback, double weight, double maxCostUsd, double maxLatencySeconds)
    {
        if (!(state[Learnt] > 0) || state[Restarts] != 0 || RangeOf(feedback.Objective, maxCostUsd, maxLatencySeconds) != (state[Highest], state[Lowest])) return false;
        Add(state, feedback, -weight, maxCostUsd, maxLatencySeconds);
        state[Learnt]--;
        if (state[Learnt] == 0) state.Clear();
        return true;
    }

    /// <summary>The estimated loss of an arm, 0 or more.</summary>
    public double LossOf(int arm)
    {
        double sum = Sum(arm);
        return sum >= 0 ? sum : _newcomer;
    }

    /// <summary>The lowest loss among some arms.</summary>
    public double LeastOf(ReadOnlySpan<int> arms)
    {
        double least = double.PositiveInfinity;
        foreach (int arm in arms) least = Math.Min(least, LossOf(arm));
        return least;
    }

    private static (double Highest, double Lowest) RangeOf(in Objective objective, double maxCostUsd, double maxLatencySeconds) =>
        (objective.ValueUsd, -objective.CostMultiplier * maxCostUsd - objective.LatencyUsdPerSecond * maxLatencySeconds);

    private static Span<double> ArmOf(Span<double> state, int arm) => state.Slice(HeaderLength + arm * ArmLength, ArmLength);

    private static void Add(Span<double> state, in Feedback feedback, double weight, double maxCostUsd, double maxLatencySeconds)
    {
        Span<double> sums = ArmOf(state, feedback.Arm);
        sums[1] += weight;
        sums[2] += weight * feedback.Quality;
        sums[3] += weight * Math.Min(feedback.CostUsd, maxCostUsd);
        sums[4] += weight * Math.Min(feedback.LatencySeconds, maxLatencySeconds);
        for (int i = 1; i < ArmLength; i++) sums[i] = Math.Max(0, sums[i]);
    }

    /// <summary>Lets arms in that were added since the last outcome.</summary>
    private static void Join(Span<double> state, in Objective objective, (double Highest, double Lowest) range)
    {
        var losses = new ImportanceWeightedLosses(state, objective, range);
        int leader = losses._state.IsEmpty ? -1 : losses.Leader(), arms = (state.Length - HeaderLength) / ArmLength;
        for (int arm = 0; arm < arms; arm++)
        {
            Span<double> sums = ArmOf(state, arm);
            if (sums[0] != 0) continue;
            if (leader >= 0) ArmOf(state, leader).CopyTo(sums);
            sums[0] = 1;
        }
    }

    /// <summary>The arm of the lowest loss among those that have joined; -1 when none has.</summary>
    private int Leader()
    {
        int leader = -1;
        double least = double.PositiveInfinity;
        int arms = (_state.Length - HeaderLength) / ArmLength;
        for (int arm = 0; arm < arms; arm++)
        {
            double sum = Sum(arm);
            if (sum >= 0 && sum < least) (leader, least) = (arm, sum);
        }

        return leader;
    }

    /// <summary>The estimated loss of an arm; -1 of one that has not joined or whose sums are damaged.</summary>
    private double Sum(int arm)
    {
        int at = HeaderLength + arm * ArmLength;
        if (_state.Length < at + ArmLength || _state[at] != 1) return -1;
        ReadOnlySpan<double> sums = _state.Slice(at, ArmLength);
        double loss = _objective.ValueUsd * Math.Max(0, sums[1] - sums[2]) + _objective.CostMultiplier * sums[3] + _objective.LatencyUsdPerSecond * sums[4];
        return loss >= 0 && double.IsFinite(loss) ? loss / _range : -1;
    }
}
