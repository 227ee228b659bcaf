using System.Runtime.CompilerServices;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(double value, int at, ref RandomStream random)
    {
        if (value > _value) (_value, At, _ties) = (value, at, 1);
        else if (value == _value && random.NextBelow(++_ties) == 0) At = at;
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
