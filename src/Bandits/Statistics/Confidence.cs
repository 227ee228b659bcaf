using Bandits.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace Bandits.Statistics;

/// <summary>P(X >= Y) for the utilities of two arms, believed independent.</summary>
/// <remarks>
/// <code>
/// Source      P = integral of f_X(x) F_Y(x) dx, in t = ln(q / (1 - q)), where the Beta density is smooth and has exponential tails;
///             short cut: Edgeworth series of X - Y to the fourth cumulant, Kendall and Stuart, The Advanced Theory of Statistics, vol. 1, 6.18
/// Rule        Gauss-Legendre over the narrower law, 12 nodes on panels of 3 standard deviations, cut where x meets an end of Y's support and halved until nothing changes
/// Symbols     X, Y -> Belief (affine Beta, USD)
/// Cost        about 200 incomplete Beta functions, more at kinks, 0 B; the short cut a few dozen operations
/// Departures  <see cref="IsAtLeast"/> believes the series when it is further from the level than a margin that
///             depends on the smallest pseudo-count, then the integral without halving beyond 0.05
/// Guarantee   absolute error below 1e-6 for pseudo-counts in [0.05, 1e8]; the margins are twice the largest error seen in simulation
/// </code>
/// </remarks>
internal static class Confidence
{
    /// <summary>Beyond this smallest pseudo-count the series is as good as the integral.</summary>
    private const double LargeCount = 2000;

    /// <summary>About ln(1e-7): where the density in t has fallen so far, the rest is neglected.</summary>
    private const double TailLog = -16;

    private const double PanelDeviations = 3;

    /// <summary>A panel is halved until that changes its integral by no more than this.</summary>
    private const double Tolerance = 1e-9;

    private const int MostBisections = 40;

    /// <summary>No halving at all: the integral is then off by less than <see cref="CoarseMargin"/>.</summary>
    private const double Coarse = 1;

    private const double CoarseMargin = 0.05;

    private static readonly GaussLegendreRule Rule = new(-1, 1, 12);
    private static readonly double[] Nodes = Rule.Abscissas;
    private static readonly double[] Weights = Rule.Weights;

    /// <summary>Whether P(X >= Y) >= <paramref name="level"/>.</summary>
    public static bool IsAtLeast(in Belief x, in Belief y, double level)
    {
        double margin = SmallestCount(x, y) switch
        {
            >= 4 => 0.015,
            >= 2 => 0.04,
            >= 1 => 0.14,
            _ => 1,
        };
        if (margin < 1 && x.Scale > 0 && y.Scale > 0)
        {
            double approximate = BySeries(x, y);
            if (Math.Abs(approximate - level) > margin) return approximate >= level;
        }

        double coarse = Of(x, y, Coarse);
        return (Math.Abs(coarse - level) > CoarseMargin ? coarse : Of(x, y)) >= level;
    }

    /// <summary>P(X >= Y).</summary>
    public static double Of(in Belief x, in Belief y) => Of(x, y, Tolerance);

    private static double Of(in Belief x, in Belief y, double tolerance)
    {
        if (x.Scale == 0) return y.Cdf(x.Shift);
        if (y.Scale == 0) return 1 - x.Cdf(Math.BitDecrement(y.Shift));
        if (x.Shift >= y.Shift + y.Scale) return 1;
        if (x.Shift + x.Scale <= y.Shift) return 0;
        if (SmallestCount(x, y) >= LargeCount) return Math.Clamp(BySeries(x, y), 0, 1);

        // Over the narrower law, on whose scale the other's distribution function is smooth.
        return x.Variance <= y.Variance ? ByIntegral(x, y, tolerance) : 1 - ByIntegral(y, x, tolerance);
    }

    private static double SmallestCount(in Belief x, in Belief y) => Math.Min(Math.Min(x.Alpha, x.Beta), Math.Min(y.Alpha, y.Beta));

    private static double ByIntegral(in Belief x, in Belief y, double tolerance)
    {
        double a = x.Alpha, b = x.Beta;
        var lawOfX = new IncompleteBeta(a, b);
        var lawOfY = new IncompleteBeta(y.Alpha, y.Beta);
        double mode = Math.Log(a / b), deviation = Math.Sqrt(1 / a + 1 / b), peak = LogDensity(a, b, mode);
        double left = Edge(a, b, mode, peak, -deviation), right = Edge(a, b, mode, peak, deviation);
        double low = Logit((y.Shift - x.Shift) / x.Scale), high = Logit((y.Shift + y.Scale - x.Shift) / x.Scale);
        double from = Math.Clamp(low, left, right), to = Math.Clamp(high, left, right);

        // Above Y's support F_Y is 1.
        double sum = high < right ? 1 - lawOfX.At(Sigmoid(high), Sigmoid(-high)) : 0;
        int panels = (int)Math.Ceiling((to - from) / (PanelDeviations * deviation));
        double width = (to - from) / Math.Max(1, panels);
        for (int panel = 0; panel < panels; panel++)
        {
            double start = from + panel * width, end = start + width;
            double whole = Panel(x, y, lawOfX, lawOfY, start, end);
            sum += tolerance < 1 ? Refine(x, y, lawOfX, lawOfY, start, end, whole, tolerance, MostBisections) : whole;
        }

        return Math.Clamp(sum, 0, 1);
    }

    private static double Refine(
        in Belief x, in Belief y, in IncompleteBeta lawOfX, in IncompleteBeta lawOfY, double from, double to, double whole, double tolerance, int depth)
    {
        double middle = (from + to) / 2;
        double left = Panel(x, y, lawOfX, lawOfY, from, middle), right = Panel(x, y, lawOfX, lawOfY, middle, to);
        if (depth == 0 || Math.Abs(left + right - whole) <= tolerance) return left + right;
        return Refine(x, y, lawOfX, lawOfY, from, middle, left, tolerance, depth - 1) + Refine(x, y, lawOfX, lawOfY, middle, to, right, tolerance, depth - 1);
    }

    private static double Panel(in Belief x, in Belief y, in IncompleteBeta lawOfX, in IncompleteBeta lawOfY, double from, double to)
    {
        double half = (to - from) / 2, middle = from + half, sum = 0;
        for (int i = 0; i < Nodes.Length; i++)
        {
            double t = middle + half * Nodes[i];
            double utility = x.Scale * Sigmoid(t) + x.Shift;
            double density = Math.Exp(LogDensity(x.Alpha, x.Beta, t) - lawOfX.LogBeta);
            sum += Weights[i] * density * lawOfY.At((utility - y.Shift) / y.Scale, (y.Shift + y.Scale - utility) / y.Scale);
        }

        return half * sum;
    }

    private static double BySeries(in Belief x, in Belief y)
    {
        (double varianceX, double thirdX, double fourthX) = Cumulants(x);
        (double varianceY, double thirdY, double fourthY) = Cumulants(y);
        double variance = varianceX + varianceY, deviation = Math.Sqrt(variance);
        double skewness = (thirdX - thirdY) / (variance * deviation), excess = (fourthX + fourthY) / (variance * variance);
        double z = (x.Mean - y.Mean) / deviation, z2 = z * z;
        double density = Math.Exp(-z2 / 2) / Math.Sqrt(2 * Math.PI);
        return 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2))
            + density * (skewness / 6 * (z2 - 1) - excess / 24 * z * (z2 - 3) - skewness * skewness / 72 * z * (z2 * z2 - 10 * z2 + 15));
    }

    /// <summary>Second to fourth cumulant of an affine Beta law.</summary>
    private static (double Variance, double Third, double Fourth) Cumulants(in Belief belief)
    {
        double a = belief.Alpha, b = belief.Beta, n = a + b, variance = belief.Variance;
        double skewness = 2 * (b - a) * Math.Sqrt(n + 1) / ((n + 2) * Math.Sqrt(a * b));
        double excess = 6 * ((a - b) * (a - b) * (n + 1) - a * b * (n + 2)) / (a * b * (n + 2) * (n + 3));
        return (variance, skewness * variance * Math.Sqrt(variance), excess * variance * variance);
    }

    /// <summary>Steps out from the mode until the density has fallen by <see cref="TailLog"/>.</summary>
    private static double Edge(double a, double b, double mode, double peak, double step)
    {
        double t = mode;
        do
        {
            t += step;
            step *= 1.1;
        }
        while (LogDensity(a, b, t) - peak > TailLog);
        return t;
    }

    /// <summary>Log density of logit(q), without its constant: a ln q + b ln(1 - q).</summary>
    private static double LogDensity(double a, double b, double t)
    {
        double tail = Math.Log(1 + Math.Exp(-Math.Abs(t)));
        return t > 0 ? -a * tail - b * (t + tail) : a * (t - tail) - b * tail;
    }

    private static double Sigmoid(double t) => t >= 0 ? 1 / (1 + Math.Exp(-t)) : Math.Exp(t) / (1 + Math.Exp(t));

    private static double Logit(double q) => q <= 0 ? double.NegativeInfinity : q >= 1 ? double.PositiveInfinity : Math.Log(q / (1 - q));
}
