namespace Bandits.Statistics;

/// <summary>
/// Detects that the mean of an arm has changed, at whatever time, from and to whatever values. Prefer it unless memory of a few numbers an arm is too
/// much.
/// </summary>
/// <remarks>
/// <code>
/// Source      Besson, Kaufmann, Maillard, Seznec (2022), Efficient change-point detection for tackling piecewise-stationary bandits, JMLR 23(77): the
///             Bernoulli GLR detector, down-sampled as in its experiments
/// Rule        sup_{0 &lt; s &lt; n}  s kl(m_{1:s}, m_{1:n}) + (n-s) kl(m_{s+1:n}, m_{1:n})  >=  beta_n
/// Update      n += 1, the sum += value; every g-th cumulated sum is kept
/// Symbols     beta_n -> ln(3 n^1.5 / delta), or when spending: y + 2 ln 2 with (1 + y) e^-y &lt;= delta / (j (j+1) S), j the test's number, S its splits
///             delta -> (0, 1);   kl -> Bernoulli relative entropy;   m -> mean;   g -> spacing, at first as given -> 5 values
///             n -> values since the state was empty, tested at every stride-th -> 5 values
/// Cost        O(n / (stride g)) a value, at most capacity / stride, 0 B between doublings of the state; 8 (4 + capacity) bytes at most
/// Departures  beyond capacity kept sums every second one is dropped and g doubles: the statistic is then a lower bound of the full one, and a change is
///             seen up to g values later. A split is skipped when its chi-squared distance, never less than kl, is below beta_n: the answer is the same
/// Guarantee   for values in [0, 1] whose mean, given the past, stays the same: spending, the chance that an alarm is ever raised is at most delta, however
///             long one watches. (Each half's s kl exceeds x with probability at most 2 e^-x; their sum is at most 2 ln 2 plus a Gamma(2); union over
///             splits and tests.) Fixed, none proven: the paper proves a larger threshold and uses this one; of 1,000 runs of 10,000 fair coins at delta
///             0.05, 2 raised an alarm
/// </code>
/// State: n, sum, g, number of kept sums, the sums at g, 2 g, 3 g...
/// </remarks>
internal sealed class GlrDetector : IChangeDetector
{
    /// <summary>Most cumulated sums kept: 16 KiB.</summary>
    public const int DefaultCapacity = 2048;

    /// <summary>The down-sampling of tests and of splits of the published experiments.</summary>
    public const int DefaultStride = 5;

    private const double ThresholdFactor = 3;
    private const double ThresholdPower = 1.5;
    private const int Header = 4;
    private const int FirstSums = 28;

    private readonly double _delta;
    private readonly bool _spending;
    private readonly int _stride;
    private readonly int _spacing;
    private readonly int _capacity;

    /// <summary>Sets up a detector.</summary>
    /// <param name="delta">Chance of a false alarm, in (0, 1).</param>
    /// <param name="spending">Whether the chance is spent over an endless run, with a proof; else the paper's threshold.</param>
    /// <param name="stride">Values between tests, 1 or more.</param>
    /// <param name="spacing">Values between splits, 1 or more.</param>
    /// <param name="capacity">Most cumulated sums kept; even, 2 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public GlrDetector(double delta, bool spending, int stride = DefaultStride, int spacing = DefaultStride, int capacity = DefaultCapacity)
    {
        if (!(delta > 0 && delta < 1)) Throw.OutOfRange(nameof(delta), delta, "(0, 1)");
        if (stride < 1) Throw.OutOfRange(nameof(stride), stride, "1 or more values");
        if (spacing < 1) Throw.OutOfRange(nameof(spacing), spacing, "1 or more values");
        if (capacity < 2 || capacity % 2 != 0) Throw.OutOfRange(nameof(capacity), capacity, "even, 2 or more sums");
        (_delta, _spending, _stride, _spacing, _capacity) = (delta, spending, stride, spacing, capacity);
    }

    /// <inheritdoc/>
    public bool Observe(ref double[] state, double value)
    {
        if (!IsSound(state)) Start(ref state);
        double n = ++state[0];
        state[1] += value;
        if (n % state[2] == 0) Keep(ref state);
        return n % _stride == 0 && IsChange(state);
    }

    /// <summary>The largest statistic over the splits kept, and where it is; 0 when there is none.</summary>
    public static (double Statistic, double Split) Largest(ReadOnlySpan<double> state)
    {
        (double Statistic, double Split) largest = default;
        if (state.Length < Header) return largest;
        double n = state[0], sum = state[1];
        for (int i = 0; i < (int)state[3]; i++)
        {
            double split = state[2] * (i + 1);
            if (split >= n) break;
            double statistic = StatisticAt(split, state[Header + i], n, sum);
            if (statistic > largest.Statistic) largest = (statistic, split);
        }

        return largest;
    }

    /// <summary>beta_n, with the number of splits of that test.</summary>
    public double Threshold(double n, int splits)
    {
        if (!_spending) return Math.Log(ThresholdFactor / _delta) + ThresholdPower * Math.Log(n);
        double test = Math.Floor(n / _stride), u = Math.Log(test * (test + 1) * Math.Max(1, splits) / _delta);

        // y = u + ln(1 + y), approached from above: u + sqrt(2 u) is never below the root (Chatzigeorgiou 2013), and no step crosses it.
        double y = u + Math.Sqrt(2 * u);
        y = u + Math.Log(1 + y);
        y = u + Math.Log(1 + y);
        return y + 2 * Math.Log(2);
    }

    private bool IsChange(ReadOnlySpan<double> state)
    {
        double n = state[0], sum = state[1], spacing = state[2], mean = sum / n, variance = mean * (1 - mean);
        int splits = (int)state[3];
        if (splits > 0 && spacing * splits >= n) splits--;
        if (splits == 0 || !(variance > 0)) return false;
        double threshold = Threshold(n, splits), skipBelow = threshold * variance / n;
        ReadOnlySpan<double> sums = state.Slice(Header, splits);
        for (int i = 0; i < sums.Length; i++)
        {
            double split = spacing * (i + 1), excess = sums[i] - split * mean;
            if (excess * excess < skipBelow * split * (n - split)) continue;
            if (StatisticAt(split, sums[i], n, sum) >= threshold) return true;
        }

        return false;
    }

    private static double StatisticAt(double split, double sumBefore, double n, double sum)
    {
        double mean = sum / n;
        return split * RelativeEntropy(sumBefore / split, mean) + (n - split) * RelativeEntropy((sum - sumBefore) / (n - split), mean);
    }

    private static double RelativeEntropy(double p, double q) => Part(p, q) + Part(1 - p, 1 - q);

    private static double Part(double p, double q) => p > 0 ? p * Math.Log(p / q) : 0;

    private void Start(ref double[] state)
    {
        int length = Header + Math.Min(FirstSums, _capacity);
        if (state is null || state.Length < length) state = new double[length];
        state.AsSpan().Clear();
        state[2] = _spacing;
    }

    private void Keep(ref double[] state)
    {
        int kept = (int)state[3];
        if (kept == _capacity)
        {
            kept /= 2;
            for (int i = 0; i < kept; i++) state[Header + i] = state[Header + 2 * i + 1];
            state[2] *= 2;
            state[3] = kept;
            if (state[0] % state[2] != 0) return;
        }

        if (Header + kept == state.Length) Array.Resize(ref state, Math.Min(2 * state.Length, Header + _capacity));
        state[Header + kept] = state[1];
        state[3] = kept + 1;
    }

    /// <summary>Whether the state is one that this detector made; an empty or damaged one starts anew.</summary>
    private bool IsSound(double[] state) =>
        state is not null && state.Length >= Header && state[2] >= _spacing && state[2] <= int.MaxValue
        && state[3] >= 0 && state[3] <= Math.Min(_capacity, state.Length - Header)
        && state[3] == Math.Floor(state[0] / state[2]) && state[1] >= 0 && state[1] <= state[0];
}
