using Bandits.Numerics;
using Bandits.Tests.Support;
using MathNet.Numerics;

namespace Bandits.Tests.Numerics;

public sealed class IncompleteBetaTests
{
    [Law(MaxTest = 1_000)]
    public void Agrees_with_the_reference(Belief belief, ushort at)
    {
        double x = (at + 0.5) / 65_536;
        double expected = SpecialFunctions.BetaRegularized(belief.Alpha, belief.Beta, x), actual = new IncompleteBeta(belief.Alpha, belief.Beta).At(x, 1 - x);
        Assert.Equal(expected, actual, 1e-10);
    }

    [Fact]
    public void Ends_are_exact() => Assert.Equal((0.0, 1.0), (new IncompleteBeta(2, 3).At(0, 1), new IncompleteBeta(2, 3).At(1, 0)));
}
