using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Numerics;

public sealed class NearOneTests
{
    private const double Precision = 2e-15;

    [Law(MaxTest = 500)]
    public void Logarithm_keeps_every_digit(short at, bool negative)
    {
        double x = Argument(at, negative ? 0.9999 : 1e12, negative);
        BigReal reference = BigReal.Log(BigReal.Of(1) + BigReal.Of(x));
        Near(reference, NearOne.Log1p(x));
        Near(BigReal.Of(x) - reference, NearOne.LogShortfall(x));
    }

    [Law(MaxTest = 500)]
    public void Exponential_keeps_every_digit(short at, bool negative)
    {
        double x = Argument(at, 100, negative);
        BigReal reference = BigReal.Exp(BigReal.Of(x)) - BigReal.Of(1);
        Near(reference, NearOne.Expm1(x));
        Near(reference - BigReal.Of(x), NearOne.ExponentialExcess(-x));
    }

    /// <summary>From 1e-9 to the greatest, evenly in the logarithm.</summary>
    private static double Argument(short at, double greatest, bool negative) =>
        greatest * Math.Exp(-(at + 32_768.0) / 65_536 * Math.Log(greatest / 1e-9)) * (negative ? -1 : 1);

    private static void Near(BigReal expected, double actual) => Assert.InRange(BigReal.RelativeError(expected, actual), 0, Precision);
}
