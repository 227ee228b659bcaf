namespace Bandits.Statistics;

/// <summary>Detects that predictions have become wrong by a constant: cumulative sums of deviations in units of their own standard deviation. Prefer it where deviations of many cells are seen together.</summary>
/// <remarks>
/// <code>
/// Source      Page (1954), Biometrika 41; run length of bounded deviations: Bennett (1962), JASA 57, and Lorden (1971), Annals of Mathematical Statistics 42; of normal ones: Siegmund (1985), Sequential Analysis, equation 2.50
/// Rule        g+_t = max(0, g+ + min(d_t / s, C) - k),  g-_t = max(0, g- + min(-d_t / s, C) - k);   alarm when one exceeds h
///             bounded:  h = ln(2 ARL) / r,  r above 0 solves  e^(r(C - k)) + C^2 e^(-r(1/C + k)) = 1 + C^2:  of all laws of mean 0 and deviation s none climbs faster than the one of two values C and -1/C
///             else:     h solves  2 ARL = (e^(2k(h + 1.166)) - 2k(h + 1.166) - 1) / (2 k^2);   2 ARL as the two sides share the rate
///             s^2 = (s0^2 n0 + sum d^2) / (n0 + n), the latest M deviations; d^2 counts as C^2 s^2 at most where it is not bounded
/// Update      as the rule; nothing is detected among the first n1 deviations
/// Symbols     d -> deviation -> observed minus predicted;  k -> slack -> 2/5 for quality, 3/4 for cost: changes of twice so many standard deviations are found fastest;  C -> clip -> 3 for quality; 5 for the logarithm of cost, where a change of price is far beyond the spread and every outcome of it costs money
///             s0 -> priorDeviation;  n0 -> 4 outcomes;  n1 -> 8 outcomes;  M -> 500 outcomes;  ARL -> outcomes per false alarm
///             watched closely (the arm is being probed): h = 3, upwards only; ARL 70 for a normal law, which then costs a few tries
/// Cost        O(1), 0 B; state 80 bytes
/// Departures  the deviation is measured, not known, and clipped where the papers' terms are not
/// Guarantee   bounded: at least ARL outcomes between false alarms on average, for independent deviations of mean 0 and any law, once s is known; normal ones alarm far more seldom.
///             else none claimed beyond Siegmund's approximation for normal ones. Both are measured in tests
/// </code>
/// State: outcomes since the last alarm, sum of squares, mean, g+, g-, then weighted sum and weight of deviations since g+ was last 0, and since g- was, and the outcomes behind the sum of squares.
/// </remarks>
internal sealed class ShiftDetector
{
    public const int StateLength = 10;

    private const double CloseThreshold = 3;
    private const double PriorCount = 4;
    private const double LeastCount = 8;
    private const double Memory = 500;

    /// <summary>What the measured spread still weighs once the level is announced to be another.</summary>
    private const double Kept = 0.25;

    /// <summary>The same after an alarm: what was taken for the spread may have been the change.</summary>
    private const double KeptAfterAlarm = Kept * Kept;
    private const double Overshoot = 1.166;

    private readonly double _threshold;
    private readonly double _priorVariance;
    private readonly double _slack;
    private readonly double _clip;
    private readonly bool _isBounded;

    /// <summary>Sets up the detector.</summary>
    /// <param name="outcomesPerFalseAlarm">ARL, above 1.</param>
    /// <param name="priorDeviation">s0.</param>
    /// <param name="slack">k.</param>
    /// <param name="clip">C.</param>
    /// <param name="isBounded">Whether deviations are bounded and predictions right from the start, as of quality; else predictions may be off by a constant, which is measured and taken off, as of costs.</param>
    public ShiftDetector(double outcomesPerFalseAlarm, double priorDeviation, double slack, double clip, bool isBounded)
    {
        _threshold = isBounded ? BoundedThresholdOf(outcomesPerFalseAlarm, slack, clip) : NormalThresholdOf(outcomesPerFalseAlarm, slack);
        (_priorVariance, _slack, _clip, _isBounded) = (priorDeviation * priorDeviation, slack, clip, isBounded);
    }

    /// <summary>Takes in a deviation. Returns 1 when the level has risen, -1 when it has fallen, else 0; after an alarm the state is new but for what deviations usually are.</summary>
    /// <param name="state">The state.</param>
    /// <param name="deviation">Observed minus predicted.</param>
    /// <param name="isClose">Whether a rise is expected, and to be found fast.</param>
    /// <param name="level">After an alarm: the mean deviation since the change began, each weighted by how far it stands out.</param>
    public int Observe(Span<double> state, double deviation, bool isClose, out double level)
    {
        level = 0;
        if (!IsSound(state)) state.Clear();
        double count = state[0], measured = state[9], variance = (_priorVariance * PriorCount + state[1]) / (PriorCount + measured), centred = deviation - (_isBounded ? 0 : state[2]);
        double z = centred / Math.Sqrt(variance);
        bool isEarly = count < LeastCount;
        if (!isEarly)
        {
            (state[3], state[5], state[6]) = Grow(state[3], state[5], state[6], z, centred);
            (state[4], state[7], state[8]) = Grow(state[4], state[7], state[8], -z, centred);
        }

        int alarm = state[3] > (isClose ? CloseThreshold : _threshold) ? 1 : state[4] > _threshold ? -1 : 0;
        if (alarm != 0)
        {
            level = alarm > 0 ? state[5] / state[6] : state[7] / state[8];
            Restart(state, KeptAfterAlarm);
            return alarm;
        }

        double fading = measured >= Memory ? 1 - 1 / Memory : 1;
        state[1] = fading * state[1] + (_isBounded ? centred * centred : Math.Min(centred * centred, _clip * _clip * variance));
        state[2] += (deviation - state[2]) / (count + 1);
        state[0] = Math.Min(count + 1, Memory);
        state[9] = Math.Min(measured + 1, Memory);
        return 0;
    }

    /// <summary>Begins anew at another level; the spread may be another one as well, but hardly of another size. A detector that has just begun stays as it is.</summary>
    public static void Restart(Span<double> state) => Restart(state, Kept);

    private static void Restart(Span<double> state, double kept)
    {
        state[2..9].Clear();
        if (state[0] == 0) return;
        (state[0], state[1], state[9]) = (0, state[1] * kept, state[9] * kept);
    }

    /// <summary>h for a run length of bounded deviations, whatever their law.</summary>
    internal static double BoundedThresholdOf(double outcomesPerFalseAlarm, double slack, double clip)
    {
        double low = 0, high = 2 * slack + 2 / clip; // beyond both laws' rates
        for (int i = 0; i < 60; i++)
        {
            double rate = (low + high) / 2;
            if (Math.Exp(rate * (clip - slack)) + clip * clip * Math.Exp(-rate * (1 / clip + slack)) < 1 + clip * clip) low = rate;
            else high = rate;
        }

        return Math.Log(2 * outcomesPerFalseAlarm) / low;
    }

    /// <summary>h for a run length of normal deviations, by Newton's method on its logarithm's rising convex side.</summary>
    internal static double NormalThresholdOf(double outcomesPerFalseAlarm, double slack)
    {
        double goal = 2 * outcomesPerFalseAlarm * 2 * slack * slack, b = Math.Log(goal + 1);
        for (int i = 0; i < 50; i++) b -= (Math.Exp(b) - b - 1 - goal) / (Math.Exp(b) - 1);
        return Math.Max(1, b / (2 * slack) - Overshoot);
    }

    /// <summary>One side of the rule. For the size of the change each deviation counts as much as it stands out, so one that came by chance just before hardly counts.</summary>
    private (double Sum, double Total, double Weight) Grow(double sum, double total, double weight, double z, double deviation)
    {
        z = Math.Min(z, _clip);
        sum += z - _slack;
        double standsOut = Math.Max(0, z);
        return sum > 0 ? (sum, total + standsOut * deviation, weight + standsOut) : (0, 0, 0);
    }

    private static bool IsSound(ReadOnlySpan<double> state)
    {
        foreach (double number in state)
            if (!double.IsFinite(number)) return false;
        return state[0] >= 0 && state[1] >= 0 && state[3] >= 0 && state[4] >= 0 && state[6] >= 0 && state[8] >= 0;
    }
}
