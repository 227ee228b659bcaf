using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>The place of the highest number offered so far. Exact ties share, broken by the decision's own stream as they come (reservoir sampling).</summary>
internal struct Highest
{
    private double _value;
    private int _ties;

    public Highest() => _value = double.NegativeInfinity;

    /// <summary>Where it was offered; 0 before the first.</summary>
    public int At { get; private set; }

    /// <remarks>Which of a few draws is the highest no processor can foresee, so it is told by masks instead of by a branch.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(double value, int at, ref RandomStream random)
    {
        if (value == _value)
        {
            Tie(at, ref random);
            return;
        }

        Vector128<double> offered = Vector128.CreateScalarUnsafe(value), best = Vector128.CreateScalarUnsafe(_value);
        Vector128<double> isHigher = Vector128.GreaterThan(offered, best);
        _value = Vector128.ConditionalSelect(isHigher, offered, best).ToScalar();
        int mask = isHigher.AsInt32().ToScalar();
        At ^= (At ^ at) & mask;
        _ties ^= (_ties ^ 1) & mask;
    }

    private void Tie(int at, ref RandomStream random)
    {
        RandomStream aside = random; // as in ZigguratNormal
        if (aside.NextBelow(++_ties) == 0) At = at;
        random = aside;
    }

    /// <summary>Turns indices into probabilities: those equal to the highest share, the others have none.</summary>
    public static void Share(Span<double> indices)
    {
        double best = double.NegativeInfinity;
        int ties = 0;
        foreach (double index in indices)
        {
            if (index > best) (best, ties) = (index, 1);
            else if (index == best) ties++;
        }

        double share = 1.0 / ties;
        foreach (ref double index in indices) index = index == best ? share : 0;
    }
}
