using MathNet.Numerics;

namespace Bandits.Regret.Environments;

/// <summary>A normal reward, mapped to quality by <c>(x - low) / span</c> and clipped to [0, 1]; the mean is that of the clipped law, mapped back.</summary>
internal sealed class ClippedGaussianLaw : Law
{
    private readonly double _mean;
    private readonly double _deviation;

    public ClippedGaussianLaw(double mean, double deviation, double low, double span)
    {
        (_mean, _deviation) = ((mean - low) / span, deviation / span);
        Mean = low + span * ClippedMean(_mean, _deviation);
    }

    public override double Mean { get; }

    public override void Draw(ulong key, int round, int arm, out double quality, out double costUsd)
    {
        quality = Math.Clamp(_mean + _deviation * new Draws(key, round, arm).NextNormal(), 0, 1);
        costUsd = 0;
    }

    /// <summary>E[min(1, max(0, X))] of a normal X: m (F(b) - F(a)) + s (f(a) - f(b)) + 1 - F(b) with a = -m / s, b = (1 - m) / s.</summary>
    private static double ClippedMean(double mean, double deviation)
    {
        if (deviation == 0) return Math.Clamp(mean, 0, 1);
        double a = -mean / deviation, b = (1 - mean) / deviation;
        return mean * (NormalLaw.Cdf(b) - NormalLaw.Cdf(a)) + deviation * (NormalLaw.Density(a) - NormalLaw.Density(b)) + NormalLaw.Cdf(-b);
    }
}

/// <summary><c>gaussian:MEAN/SD,...</c></summary>
internal sealed class Gaussian : LawFamily
{
    /// <summary>
    /// How many deviations beyond the extreme means are mapped into [0, 1] when some mean lies outside it; the tails beyond, 1.3e-3 each, are clipped.
    /// </summary>
    private const double MappedDeviations = 3;

    public override string Name => "gaussian";

    public override IReadOnlyList<Parameter> Parameters { get; } = [new("mean", -1e6, 1e6), new("standard deviation", 0, 1e6, 0.1)];

    public override string About =>
        "MEAN[/SD]: normal rewards, SD 0.1 unless given. Means all in [0, 1]: clipped to [0, 1]. Else: mapped so that the least mean - 3 SD becomes 0 and the "
            + "greatest mean + 3 SD becomes 1, "
        + "then clipped. Regret is in the units given, from the exact means of the clipped laws";

    public override Law[] Make(double[][] arms)
    {
        double low = 0, high = 1;
        if (arms.Any(static arm => arm[0] is < 0 or > 1))
        {
            low = arms.Min(static arm => arm[0] - MappedDeviations * arm[1]);
            high = arms.Max(static arm => arm[0] + MappedDeviations * arm[1]);
            if (high == low) (low, high) = (low - 0.5, high + 0.5); // one mean and no noise: any map will do
        }

        return Array.ConvertAll(arms, Law (arm) => new ClippedGaussianLaw(arm[0], arm[1], low, high - low));
    }
}

/// <summary>The standard normal law.</summary>
internal static class NormalLaw
{
    public static double Density(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    public static double Cdf(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));
}
