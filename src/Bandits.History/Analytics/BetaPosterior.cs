namespace Bandits.History;

/// <summary>
/// What is known of a rate after counting: Beta(a, b), with quantiles, tail probabilities and comparisons whose cost does not grow with the counts.
/// </summary>
/// <remarks>
/// Source      Jeffreys prior Beta(1/2, 1/2): L. Brown, T. Cai, A. DasGupta (2001), Interval estimation for a binomial proportion, Statistical Science 16(2)
/// Method      t = ln(x / (1 - x)) has the density f(t) = e^(a t) / (1 + e^t)^(a + b) / B(a, b): smooth, log-concave, tails e^(a t) and e^(-b t).
///             The trapezoid rule sums it with an error below any power of the spacing; a part of it is corrected by the first Euler-Maclaurin term
///             -h^2/12 f'(t), which leaves O(h^4).
/// Symbols     a, b: pseudo-counts, more than 0;  h: spacing, 1/16 of the standard deviation of t
/// Cost        290 to 600 evaluations of f whatever a and b; 0 B
/// Departures  none
/// Guarantee   probabilities within 1e-6 (tested against MathNet.Numerics)
/// </remarks>
internal readonly struct BetaPosterior(double a, double b)
{
    private const int NodesPerDeviation = 16;

    // The density is cut where it is below e^-28 = 7e-13 of its largest value: 9 deviations, or 28 lengths of an exponential tail.
    private const double TailDeviations = 9, TailLengths = 28;
    private const int LargestGrid = 1024;

    /// <summary>The posterior of a rate after <paramref name="successes"/> of <paramref name="trials"/>, under Jeffreys' prior.</summary>
    public static BetaPosterior Jeffreys(long successes, long trials) => new(successes + 0.5, trials - successes + 0.5);

    /// <summary>The quantiles of <paramref name="lower"/> and <paramref name="upper"/> probability.</summary>
    public (double Lower, double Upper) Quantiles(double lower, double upper)
    {
        Span<double> densities = stackalloc double[LargestGrid];
        Grid grid = Tabulate(densities, out double total);
        double low = 0, high = 1, cumulated = 0;
        bool lowFound = false;
        double previous = 0;
        for (int i = 1; i < grid.Count; i++)
        {
            cumulated += (densities[i - 1] + densities[i]) / 2;
            double current = (cumulated - Slope(grid.At(i), densities[i]) * grid.Step / 12) / total;
            if (!lowFound && current >= lower)
            {
                low = Logistic(Invert(grid, densities, i, previous, current, total, lower));
                lowFound = true;
            }

            if (current >= upper)
            {
                high = Logistic(Invert(grid, densities, i, previous, current, total, upper));
                break;
            }

            previous = current;
        }

        return (low, high);
    }

    /// <summary>P(x at least y) for independent rates: what the chance is that <paramref name="x"/> is not worse than <paramref name="y"/>.</summary>
    public static double ProbabilityNotWorse(BetaPosterior x, BetaPosterior y) =>
        x.Deviation <= y.Deviation ? MeanCdf(x, y) : 1 - MeanCdf(y, x);

    /// <summary>E[F_wide(t)] under the narrower law: both on the narrower law's grid, whose spacing suits the wider one too.</summary>
    private static double MeanCdf(BetaPosterior narrow, BetaPosterior wide)
    {
        Span<double> densities = stackalloc double[LargestGrid], wideDensities = stackalloc double[LargestGrid];
        Grid grid = narrow.Tabulate(densities, out double total);
        Grid wideGrid = wide.Tabulate(wideDensities, out double wideTotal);
        wideTotal *= wideGrid.Step;
        double below = wide.CdfAt(grid.Start, wideGrid, wideDensities) / wideTotal;
        double mean = 0, cumulated = 0, previous = wide.Density(grid.Start);
        double startSlope = wide.Slope(grid.Start, previous);
        for (int i = 0; i < grid.Count; i++)
        {
            double t = grid.At(i), density = wide.Density(t);
            if (i > 0) cumulated += (previous + density) / 2;
            double correction = (wide.Slope(t, density) - startSlope) * grid.Step / 12;
            mean += densities[i] * (below + (cumulated - correction) * grid.Step / wideTotal);
            previous = density;
        }

        return Math.Clamp(mean / total, 0, 1);
    }

    /// <summary>The unnormalised mass below <paramref name="t"/>: whole steps from a grid shifted to end there.</summary>
    private double CdfAt(double t, Grid grid, ReadOnlySpan<double> densities)
    {
        if (t <= grid.Start) return 0;
        double end = grid.At(grid.Count - 1);
        double sum = 0;
        if (t >= end)
        {
            foreach (double density in densities[..grid.Count]) sum += density;
            return sum * grid.Step;
        }

        double last = Density(t);
        sum = last / 2;
        for (double at = t - grid.Step; at > grid.Start; at -= grid.Step) sum += Density(at);
        return (sum - Slope(t, last) * grid.Step / 12) * grid.Step;
    }

    /// <summary>Densities relative to the largest, on a grid that holds all but a negligible mass; <paramref name="total"/> is their sum.</summary>
    private Grid Tabulate(Span<double> densities, out double total)
    {
        double step = Deviation / NodesPerDeviation;
        double left = Math.Max(TailDeviations * Deviation, TailLengths / a), right = Math.Max(TailDeviations * Deviation, TailLengths / b);
        var grid = new Grid(Mode - left, step, Math.Min(densities.Length, (int)Math.Ceiling((left + right) / step) + 1));
        total = 0;
        for (int i = 0; i < grid.Count; i++)
        {
            densities[i] = Density(grid.At(i));
            total += densities[i];
        }

        return grid;
    }

    /// <summary>Where between two nodes the distribution reaches <paramref name="probability"/>: the cubic through values and densities, by bisection.</summary>
    private static double Invert(Grid grid, ReadOnlySpan<double> densities, int right, double below, double above, double total, double probability)
    {
        double fromSlope = densities[right - 1] / total, toSlope = densities[right] / total;
        double low = 0, high = 1;
        for (int i = 0; i < 40; i++)
        {
            double s = (low + high) / 2, r = 1 - s;
            double value = below * (1 + 2 * s) * r * r + fromSlope * s * r * r + above * s * s * (3 - 2 * s) - toSlope * s * s * r;
            if (value < probability) low = s;
            else high = s;
        }

        return grid.At(right - 1) + low * grid.Step;
    }

    private double Mode => Math.Log(a / b);

    /// <summary>Near the standard deviation of t, whose variance is trigamma(a) + trigamma(b); trigamma(x) = 1/x + 1/(2x^2) + ...</summary>
    private double Deviation => Math.Sqrt(1 / a + 1 / (2 * a * a) + 1 / b + 1 / (2 * b * b));

    private double Density(double t) => Math.Exp(a * (t - Mode) - (a + b) * (SoftPlus(t) - SoftPlus(Mode)));

    /// <summary>f'(t), given f(t).</summary>
    private double Slope(double t, double density) => density * (a - (a + b) * Logistic(t));

    private static double Logistic(double t) => 1 / (1 + Math.Exp(-t));

    /// <summary>ln(1 + e^t) without overflow.</summary>
    private static double SoftPlus(double t) => t > 0 ? t + Math.Log(1 + Math.Exp(-t)) : Log1P(Math.Exp(t));

    // ln(1 + x) for small x, exact to the last bits (W. Kahan's correction).
    private static double Log1P(double x)
    {
        double y = 1 + x;
        return y == 1 ? x : Math.Log(y) * (x / (y - 1));
    }

    private readonly record struct Grid(double Start, double Step, int Count)
    {
        public double At(int i) => Start + i * Step;
    }
}
