using System.Runtime.Intrinsics;

namespace Bandits.Statistics;

/// <summary>What the best arm would tell of every arm's mean, by the same integral.</summary>
/// <remarks>
/// <code>
/// Source      Russo and Van Roy (2018), Learning to optimize via information-directed sampling, Oper. Res. 66(1), algorithm 6
/// Rule        E[u_b; a is best] = integral of f_a(y) prod_{c != a} F_c(y) M_b(y) / F_b(y) dy,  M_b(y) = E[u_b; u_b &lt;= y];
///             for b = a with y instead of M_b / F_b
/// Cost        as the pmf, and O(distinct laws squared) operations a node
/// </code>
/// </remarks>
internal static partial class BestArmProbability
{
    /// <summary>Writes P(arm is best) and what goes with it; <paramref name="laws"/> are those of <see cref="LawsOf"/>, none with an infinite mean.</summary>
    /// <param name="laws">Laws of the arms; few.</param>
    /// <param name="pmf">Receives P(arm is best).</param>
    /// <param name="regret">Receives E[best utility] - E[utility of the arm], not negative.</param>
    /// <param name="gain">Receives the variance of E[utility of the arm | which arm is best].</param>
    /// <param name="group">Receives a number shared by arms of the same law, in an order of the laws' own.</param>
    public static void WriteMeans(Span<UtilityLaw> laws, Span<double> pmf, Span<double> regret, Span<double> gain, Span<int> group)
    {
        BestArmScratch scratch = t_scratch!;
        int count = laws.Length;
        if (scratch.OwnMeans.Length < count)
            (scratch.OwnMeans, scratch.ConditionalMeans, scratch.Means) =
                (new double[count], new double[count * count], new Vector256<double>[count * PanelRule.Vectors]);
        Array.Clear(scratch.OwnMeans);
        Array.Clear(scratch.ConditionalMeans);
        scratch.WantsMeans = true;
        Write(laws, pmf);
        scratch.WantsMeans = false;
        int distinct = 0;
        for (int i = 0; i < count; i++)
        {
            group[i] = scratch.Group[i];
            distinct = Math.Max(distinct, group[i] + 1);
        }

        ReadOnlySpan<UtilityLaw> known = scratch.Distinct.AsSpan(0, distinct);
        double best = 0, sum = 0;
        for (int a = 0; a < distinct; a++)
        {
            best += known[a].Count * scratch.OwnMeans[a];
            sum += known[a].Count * known[a].Best;
        }

        best /= sum;
        for (int i = 0; i < count; i++)
        {
            int b = group[i];
            double mean = known[b].MeanBelowAt(double.PositiveInfinity), variance = 0;
            for (int a = 0; a < distinct; a++)
            {
                double p = known[a].Best / sum;
                if (!(p > 0)) continue;
                int others = known[a].Count - (a == b ? 1 : 0);
                double gap = scratch.ConditionalMeans[a * distinct + b] / known[a].Best - mean;
                variance += others * p * gap * gap;
                if (a != b) continue;
                gap = scratch.OwnMeans[a] / known[a].Best - mean;
                variance += p * gap * gap;
            }

            (regret[i], gain[i]) = (Math.Max(0, best - mean), variance);
        }
    }

    /// <summary>Atoms lie at the reference, 0, where the integration begins.</summary>
    private static void AddAtoms(ReadOnlySpan<UtilityLaw> laws, BestArmScratch scratch)
    {
        for (int a = 0; a < laws.Length; a++)
        {
            if (laws[a].Best == 0) continue;
            for (int b = 0; b < laws.Length; b++)
                scratch.ConditionalMeans[a * laws.Length + b] = laws[b].Below > 0 ? laws[a].Best * laws[b].MeanBelow / laws[b].Below : 0;
        }
    }

    private static void RunMean(ref UtilityLaw law, double anchor, BestArmScratch scratch, int k)
    {
        const int Vectors = PanelRule.Vectors;
        Span<Vector256<double>> weighted = stackalloc Vector256<double>[Vectors];
        for (int v = 0; v < Vectors; v++) weighted[v] = scratch.Density[k * Vectors + v] * (Vector256.Create(anchor) + scratch.Offsets[v]);
        law.MeanBelow = PanelRule.Run(law.MeanBelow, weighted, scratch.Means.AsSpan(k * Vectors, Vectors));
    }

    /// <param name="laws">All laws.</param>
    /// <param name="alive">Those on the panel.</param>
    /// <param name="k">Whose density of being the best it is, among <paramref name="alive"/>.</param>
    /// <param name="anchor">Of the panel.</param>
    /// <param name="scratch">Holds the running integrals.</param>
    /// <param name="best">That density at the nodes, weights and lengths included.</param>
    private static void AddMeans(
        ReadOnlySpan<UtilityLaw> laws, ReadOnlySpan<int> alive, int k, double anchor, BestArmScratch scratch, ReadOnlySpan<Vector256<double>> best)
    {
        const int Vectors = PanelRule.Vectors;
        Vector256<double> own = Vector256<double>.Zero, whole = own;
        for (int v = 0; v < Vectors; v++)
        {
            own += best[v] * (Vector256.Create(anchor) + scratch.Offsets[v]);
            whole += best[v];
        }

        int row = alive[k] * laws.Length;
        scratch.OwnMeans[alive[k]] += Across(own);
        for (int b = 0, next = 0; b < laws.Length; b++)
        {
            if (next < alive.Length && alive[next] == b)
            {
                Vector256<double> sum = Vector256<double>.Zero;
                for (int v = 0; v < Vectors; v++)
                {
                    Vector256<double> below = scratch.Running[next * Vectors + v];
                    below = Vector256.ConditionalSelect(Vector256.GreaterThan(below, Vector256<double>.Zero), below, Vector256<double>.One);
                    sum += best[v] * scratch.Means[next * Vectors + v] / below;
                }

                scratch.ConditionalMeans[row + b] += Across(sum);
                next++;
            }
            else
            {
                scratch.ConditionalMeans[row + b] += Across(whole) * laws[b].MeanBelowAt(double.PositiveInfinity);
            }
        }
    }

    private static double Across(Vector256<double> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
}
