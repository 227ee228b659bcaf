using System.Runtime.Intrinsics;

namespace Bandits.Statistics;

/// <summary>What <see cref="BestArmProbability"/> writes on: one a thread, grown to the most arms seen.</summary>
internal sealed class BestArmScratch
{
    public readonly Vector256<double>[] Offsets = new Vector256<double>[PanelRule.Vectors];
    public readonly Vector256<double>[] Lengths = new Vector256<double>[PanelRule.Vectors];

    public UtilityLaw[] Given = [];
    public UtilityLaw[] Distinct = [];
    public int[] Order = [];
    public int[] Group = [];
    public int[] Alive = [];

    /// <summary>Of each arm: density times length, F, and the product of the F before it, at each node.</summary>
    public Vector256<double>[] Density = [];
    public Vector256<double>[] Running = [];
    public Vector256<double>[] Before = [];

    public void Grow(int arms)
    {
        if (Given.Length >= arms) return;
        (Given, Distinct) = (new UtilityLaw[arms], new UtilityLaw[arms]);
        (Order, Group, Alive) = (new int[arms], new int[arms], new int[arms]);
        int vectors = arms * PanelRule.Vectors;
        (Density, Running, Before) = (new Vector256<double>[vectors], new Vector256<double>[vectors], new Vector256<double>[vectors]);
    }
}
