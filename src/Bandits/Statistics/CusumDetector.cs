namespace Bandits.Statistics;

/// <summary>
/// Detects that the mean of an arm has left what it was at first. Prefer it where a smallest change that matters can be named and memory is short.
/// </summary>
/// <remarks>
/// <code>
/// Source      Liu, Lee, Shroff (2018), A change-detection based framework for piecewise-stationary multi-armed bandit problem, AAAI: two-sided CUSUM; Page (1954)
/// Rule        u0 = mean of the first M values; after them  g+ = max(0, g+ + y - u0 - eps),  g- = max(0, g- + u0 - y - eps);  alarm when g+ or g- >= h
/// Update      as the rule
/// Symbols     y -> value -> [0, 1];   M -> samples -> 1 or more;   eps -> drift -> (0, 1): changes of the mean below it are not looked for
///             h -> threshold -> above 0; when spending  h_i = ln(4 i (i+1) / delta) / (4 eps),  i values after the first M
/// Cost        O(1) a value, 0 B; 32 bytes
/// Departures  when spending, h grows with the logarithm of time instead of being set for a horizon, and M follows from delta and eps
/// Guarantee   for independent values of one law: spending, the chance that an alarm is ever raised is at most delta, however long one watches.
///             (u0 is off by more than eps/2 with probability at most 2 e^(-M eps^2 / 2) &lt;= delta/2; else each g exceeds h with at most e^(-4 eps h).)
///             Fixed: at most 2 e^(-M eps^2 / 2) + 2 n e^(-4 eps h) within n values
/// </code>
/// State: n, sum of the first M, g+, g-.
/// </remarks>
internal sealed class CusumDetector : IChangeDetector
{
    /// <summary>Smallest change looked for when spending, half of which is left to the error of the first mean.</summary>
    public const double DefaultDrift = 0.2;

    private const int Length = 4;

    private readonly double _drift;
    private readonly double _threshold;
    private readonly double _thresholdSlope;

    private CusumDetector(int samples, double drift, double threshold, double thresholdSlope) =>
        (Samples, _drift, _threshold, _thresholdSlope) = (samples, drift, threshold, thresholdSlope);

    /// <summary>M, values that estimate the first mean; nothing is detected among them.</summary>
    public int Samples { get; }

    /// <summary>The detector of the paper.</summary>
    /// <param name="samples">M, 1 or more.</param>
    /// <param name="drift">eps, in (0, 1).</param>
    /// <param name="threshold">h, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static CusumDetector Fixed(int samples, double drift, double threshold)
    {
        if (samples < 1) Throw.OutOfRange(nameof(samples), samples, "1 or more values");
        CheckDrift(drift);
        if (!(threshold > 0 && double.IsFinite(threshold))) Throw.OutOfRange(nameof(threshold), threshold, "above 0, finite");
        return new CusumDetector(samples, drift, threshold, 0);
    }

    /// <summary>A detector that over an endless run raises a false alarm with probability at most <paramref name="delta"/>.</summary>
    /// <param name="delta">In (0, 1).</param>
    /// <param name="drift">eps, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static CusumDetector Spending(double delta, double drift = DefaultDrift)
    {
        if (!(delta > 0 && delta < 1)) Throw.OutOfRange(nameof(delta), delta, "(0, 1)");
        CheckDrift(drift);
        double samples = Math.Ceiling(2 * Math.Log(4 / delta) / (drift * drift));
        return new CusumDetector((int)Math.Min(samples, int.MaxValue), drift, Math.Log(4 / delta) / (4 * drift), 1 / (4 * drift));
    }

    /// <inheritdoc/>
    public bool Observe(ref double[] state, double value)
    {
        if (!IsSound(state)) Start(ref state);
        double n = ++state[0];
        if (n <= Samples)
        {
            state[1] += value;
            return false;
        }

        double excess = value - state[1] / Samples;
        state[2] = Math.Max(0, state[2] + excess - _drift);
        state[3] = Math.Max(0, state[3] - excess - _drift);
        return Math.Max(state[2], state[3]) >= Threshold(n - Samples);
    }

    /// <summary>h after so many values beyond the first M.</summary>
    public double Threshold(double watched) => _threshold + _thresholdSlope * Math.Log(watched * (watched + 1));

    private static void CheckDrift(double drift)
    {
        if (!(drift > 0 && drift < 1)) Throw.OutOfRange(nameof(drift), drift, "(0, 1)");
    }

    private static void Start(ref double[] state)
    {
        if (state is null || state.Length < Length) state = new double[Length];
        state.AsSpan().Clear();
    }

    /// <summary>Whether the state is one that a detector made; an empty or damaged one starts anew.</summary>
    private bool IsSound(double[] state) =>
        state is not null && state.Length >= Length && state[0] >= 0 && state[1] >= 0 && state[1] <= Math.Min(state[0], Samples)
        && state[2] >= 0 && state[3] >= 0 && double.IsFinite(state[0] + state[2] + state[3]);
}
