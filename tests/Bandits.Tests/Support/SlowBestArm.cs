using Bandits.Numerics;
using MathNet.Numerics.Integration;

namespace Bandits.Tests.Support;

/// <summary>P(arm is the best) of affine Beta beliefs the slow way: thousands of panels, one incomplete Beta function for every node and arm.</summary>
internal static class SlowBestArm
{
    private const int Nodes = 24;

    /// <summary>Panels are half a deviation of each law long at most, out to this many deviations.</summary>
    private const double Deviations = 22;

    private static readonly GaussLegendreRule Rule = new(-1, 1, Nodes);

    public static double[] Of(IReadOnlyList<Belief> beliefs)
    {
        var best = new double[beliefs.Count];
        double bottom = beliefs.Max(b => b.Shift);
        var laws = beliefs.Select(b => new IncompleteBeta(b.Alpha, b.Beta)).ToArray();
        int points = beliefs.Count(b => b.Scale == 0 && b.Shift == bottom);
        double atBottom = beliefs.Select((b, i) => b.Scale > 0 ? Below(i, bottom, 0) : 1).Aggregate(1.0, (x, y) => x * y);
        for (int i = 0; i < best.Length; i++)
            if (beliefs[i].Scale == 0 && beliefs[i].Shift == bottom) best[i] = atBottom / points;
        double[] cuts = [bottom, .. beliefs.Select(b => b.Shift + b.Scale).Where(end => end > bottom).Distinct().Order()];
        double[] inner = [.. beliefs.Where(b => b.Scale > 0).SelectMany(b =>
            Enumerable.Range(0, (int)(4 * Deviations)).Select(j => b.Mean + (j / 2.0 - Deviations) * Math.Sqrt(b.Variance)))];
        for (int c = 0; c + 1 < cuts.Length; c++)
        {
            double from = cuts[c], to = cuts[c + 1], middle = (from + to) / 2;
            Half(from, middle - from, inner.Select(y => y - from), 1);
            Half(to, to - middle, inner.Select(y => to - y), -1);
        }

        return best;

        // Places are an end and a distance from it, so that singular ends keep their digits.
        void Half(double anchor, double length, IEnumerable<double> at, int sign)
        {
            var breaks = new SortedSet<double>(at.Where(d => d > 0 && d < length)) { 0, length };
            for (double d = length / 2; d > 1e-300; d /= d > 1e-20 * length ? 2 : 1e3) breaks.Add(d);
            double start = 0;
            foreach (double end in breaks.Skip(1))
            {
                bool isFar = start > 0 && end / start > 2.5;
                double half = isFar ? Math.Log(end / start) / 2 : (end - start) / 2;
                for (int n = 0; n < Nodes; n++)
                {
                    double distance = isFar ? Math.Exp(Math.Log(start) + half * (1 + Rule.Abscissas[n])) : start + half * (1 + Rule.Abscissas[n]);
                    Add(anchor, sign * distance, Rule.Weights[n] * half * (isFar ? distance : 1));
                }

                start = end;
            }
        }

        void Add(double anchor, double offset, double weight)
        {
            Span<double> below = stackalloc double[beliefs.Count];
            for (int i = 0; i < below.Length; i++) below[i] = beliefs[i].Scale == 0 ? 1 : Below(i, anchor, offset);
            for (int i = 0; i < below.Length; i++)
            {
                double p = beliefs[i].Scale == 0 ? 0 : weight * Density(i, anchor, offset);
                for (int j = 0; j < below.Length; j++)
                    if (j != i) p *= below[j];
                best[i] += p;
            }
        }

        (double Quality, double Complement) At(int i, double anchor, double offset) =>
            ((anchor - beliefs[i].Shift + offset) / beliefs[i].Scale, (beliefs[i].Shift + beliefs[i].Scale - anchor - offset) / beliefs[i].Scale);

        double Below(int i, double anchor, double offset)
        {
            (double quality, double complement) = At(i, anchor, offset);
            return laws[i].At(quality, complement);
        }

        double Density(int i, double anchor, double offset)
        {
            (double quality, double complement) = At(i, anchor, offset);
            if (quality <= 0 || complement <= 0) return 0;
            return Math.Exp((beliefs[i].Alpha - 1) * Math.Log(quality) + (beliefs[i].Beta - 1) * Math.Log(complement) - laws[i].LogBeta) / beliefs[i].Scale;
        }
    }
}
