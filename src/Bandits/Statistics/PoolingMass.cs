namespace Bandits.Statistics;

/// <summary>Count, sum and sum of squares of one component of one arm in one segment.</summary>
internal readonly record struct Moments(double Count, double Sum, double Squares);

/// <summary>How many outcomes a parent's evidence is worth to its children: large where siblings agree, nothing where they differ.</summary>
/// <remarks>
/// <code>
/// Source      empirical Bayes for a one-way layout; Efron and Morris (1975), JASA 70; method of moments as in DerSimonian and Laird (1986)
/// Rule        F_a = sum_c n_ac (x_ac - x_a)^2 / s2_a,   C_a = n_a - sum_c n_ac^2 / n_a,   df_a = J_a - 1
///             r = max(0, sum_a (F_a - df_a) + k r0 C) / (sum_a C_a + k C),  C = sum C_a / sum df_a;   m = 1 / r
/// Update      re-estimated when the parent has grown by a tenth, pooled over its arms
/// Symbols     s2_a within-sibling variance;  r = between / within variance;  m -> the mass, outcomes, in [0, 1000]
///             r0 = 1/10 and k = 4: an expectation of m = 10 worth 4 degrees of freedom, so a few outcomes decide nothing
/// Cost        O(children x arms) at each estimate, amortised O(1) per outcome
/// Departures  s2 is shrunk towards the total variance by 2 outcomes: all-equal grades in tiny cells are not zero variance
/// Guarantee   none claimed
/// </code>
/// </remarks>
internal struct PoolingMass
{
    public const double Start = 10;
    public const double Most = 1000;
    private const double PriorDegrees = 4;
    private const double VariancePriorCount = 2;

    public double Quality = Start;
    public double Cost = Start;
    public double Latency = Start;

    public PoolingMass()
    {
    }

    /// <summary>Estimates the mass of one component from cells laid out child by child, <paramref name="arms"/> to a child.</summary>
    public static double Estimate(ReadOnlySpan<Moments> cells, int arms)
    {
        double excess = 0, information = 0, degrees = 0;
        for (int arm = 0; arm < arms; arm++)
        {
            double count = 0, sum = 0, squares = 0, countSquares = 0, childSquares = 0;
            int children = 0;
            for (int i = arm; i < cells.Length; i += arms)
            {
                Moments cell = cells[i];
                if (!(cell.Count > 0)) continue;
                children++;
                count += cell.Count;
                sum += cell.Sum;
                squares += cell.Squares;
                countSquares += cell.Count * cell.Count;
                childSquares += cell.Sum * cell.Sum / cell.Count;
            }

            double withinDegrees = count - children;
            if (children < 2 || !(withinDegrees > 0)) continue;
            double meanSquares = sum * sum / count;
            double total = Math.Max(0, squares - meanSquares) / count;
            double within = (Math.Max(0, squares - childSquares) + VariancePriorCount * total) / (withinDegrees + VariancePriorCount);
            double between = Math.Max(0, childSquares - meanSquares);
            information += count - countSquares / count;
            degrees += children - 1;
            excess += (within > 0 ? between / within : 0) - (children - 1);
        }

        if (!(degrees > 0)) return Start;
        double perDegree = information / degrees;
        double ratio = (excess + PriorDegrees * perDegree / Start) / (information + PriorDegrees * perDegree);
        return ratio > 1 / Most ? 1 / ratio : Most;
    }
}
