namespace Bandits.Statistics;

/// <summary>Count, sum and sum of squares of one component of one arm in one segment.</summary>
internal readonly record struct Moments(double Count, double Sum, double Squares);

/// <summary>How many outcomes a parent's evidence is worth to its children: large where siblings agree, nothing where they differ.</summary>
/// <remarks>
/// <code>
/// Source      empirical Bayes for a one-way layout; Efron and Morris (1975), JASA 70; method of moments as in DerSimonian and Laird (1986)
/// Rule        with v_a the variance of arm a over all siblings:
///             B = sum_a sum_c n_ac (x_ac - x_a)^2 / v_a,   W = (sum_a within_a / v_a + k0) / (sum_a (n_a - J_a) + k0)
///             r = max(0, B / W - sum df_a + r0 P) / (sum_a C_a + P),   C_a = n_a - sum_c n_ac^2 / n_a,  df_a = J_a - 1,  P = k min(10, sum C_a / sum df_a)
///             m = 1 / r
/// Update      re-estimated when the parent has grown by a tenth, pooled over its arms
/// Symbols     J_a siblings with evidence of arm a;  r = between / within variance;  m -> the mass, outcomes, in [0, 1000]
///             r0 = 1/10 and k = 4: an expectation of m = 10 worth 4 siblings of 10 outcomes;  k0 = 4 draws W towards 1, no difference
/// Cost        O(children x arms) at each estimate, amortised O(1) per outcome
/// Departures  arms are put on one scale by their total variance before they are pooled: the within variance of one arm in a few tiny cells
///             is too often near zero to divide by
/// Guarantee   none claimed
/// </code>
/// </remarks>
internal struct PoolingMass
{
    public const double Start = 10;
    public const double Most = 1000;
    private const double PriorDegrees = 4;
    private const double WithinPriorDegrees = 4;

    /// <summary>Below this share of the sum of squares a variance is rounding.</summary>
    private const double Rounding = 1e-12;

    public double Quality = Start;
    public double Cost = Start;
    public double Latency = Start;

    public PoolingMass()
    {
    }

    /// <summary>What the estimate of one component's mass needs of the arms seen so far; the arms may come in groups.</summary>
    public struct Sums
    {
        private double _between;
        private double _within;
        private double _withinDegrees;
        private double _degrees;
        private double _information;

        /// <summary>The mass.</summary>
        public readonly double Mass
        {
            get
            {
                if (!(_degrees > 0)) return Start;
                double scale = (_within + WithinPriorDegrees) / (_withinDegrees + WithinPriorDegrees);
                double prior = PriorDegrees * Math.Min(_information / _degrees, Start);
                double ratio = (_between / scale - _degrees + prior / Start) / (_information + prior);
                return ratio > 1 / Most ? 1 / ratio : Most;
            }
        }

        /// <summary>Adds arms: cells laid out child by child, <paramref name="arms"/> to a child.</summary>
        public void Add(ReadOnlySpan<Moments> cells, int arms)
        {
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

                if (children < 2 || !(count > children)) continue;
                double meanSquares = sum * sum / count, total = squares - meanSquares;
                if (!(total > squares * Rounding)) continue; // all outcomes alike: nothing to divide by
                double perVariance = (count - 1) / total;
                _between += Math.Max(0, childSquares - meanSquares) * perVariance;
                _within += Math.Max(0, squares - childSquares) * perVariance;
                _withinDegrees += count - children;
                _degrees += children - 1;
                _information += count - countSquares / count;
            }
        }
    }
}
