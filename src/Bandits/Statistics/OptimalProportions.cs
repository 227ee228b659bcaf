using Bandits.Numerics;

namespace Bandits.Statistics;

/// <summary>The shares of outcomes with which the best arm would be known soonest if the sample means were the truth.</summary>
/// <remarks>
/// <code>
/// Source      Garivier, Kaufmann (2016), Optimal best arm identification with fixed confidence, COLT, theorem 5
/// Rule        w_a = r_a(y) / sum r,  r of the best arm 1;  r_a(y): d(1, u) + r d(a, u) = y at the u that minimises it;  y: sum_a d(1, u_a) / d(a, u_a) = 1
/// Solved in   v = (u_1 - u) / (u_1 - u_a):  r = -d'(1, v) / d'(a, v) in closed form, so one root in v for each arm and one in y, both by Newton's method in a bracket
///             d/dv (d1 + r da) = r' da;   d/dy (d1 / da) = -da' y / (da^3 r')
/// Symbols     d(a, u) -> kl(x_a, q_a(u)) -> nats;  x -> Belief.SampleMean;  q_a(u) -> Belief.QualityAt;  r -> outcomes of arm a for one of the best
/// Cost        about 6 x 4 x K pairs of divergences, 0 B; <see cref="Of"/> one root more
/// Departures  the paper's arms have one scale: the minimising u is theirs in closed form, here v is the unknown
///             an arm that cannot become the best gets no share; beside a best arm of scale 0 the others share by 1 / d; tied best arms share all
///             sample means are kept <see cref="Interior"/> away from 0 and 1
/// Guarantee   shares within 1e-6 of the paper's printed examples' exact values, and equally far challengers for arms of any scale and shift; not where a
///             challenger's mean lies below everything the best arm can be: there the shares may be wrong
/// </code>
/// </remarks>
internal readonly struct OptimalProportions
{
    /// <summary>Sample means are kept this far from 0 and 1, where a single outcome would contradict everything.</summary>
    private const double Interior = 1e-6;

    /// <summary>The sum that has to be 1 is within this of 1.</summary>
    private const double Precision = 1e-8;

    /// <summary>A relative step after which the next, about its square, does not matter.</summary>
    private const double LastStep = 1e-5;

    /// <summary>Keeps 1 / d finite where means all but agree.</summary>
    private const double LeastDivergence = 1e-300;

    private const int MostSteps = 60;

    private readonly Belief _best;
    private readonly double _highest;
    private readonly double _value;
    private readonly double _sum;
    private readonly int _leaders;

    private OptimalProportions(in Belief best, double highest, int leaders, double value, double sum) =>
        (_best, _highest, _leaders, _value, _sum) = (best, highest, leaders, value, sum);

    /// <summary>Solves for arms of these sample means.</summary>
    public static OptimalProportions Solve(ReadOnlySpan<Belief> beliefs)
    {
        int best = 0, leaders = 0;
        double highest = double.NegativeInfinity;
        for (int i = 0; i < beliefs.Length; i++)
        {
            double utility = beliefs[i].UtilityOf(beliefs[i].SampleMean);
            if (utility > highest) (highest, best, leaders) = (utility, i, 1);
            else if (utility == highest) leaders++;
        }

        var solved = new OptimalProportions(beliefs[best], highest, leaders, double.NaN, 0);
        if (leaders > 1) return solved;
        double value = beliefs[best].Scale == 0 ? double.NaN : solved.ValueFor(beliefs), sum = 0;
        solved = new OptimalProportions(beliefs[best], highest, 1, value, 0);
        foreach (ref readonly Belief belief in beliefs) sum += solved.Ratio(belief);
        return new OptimalProportions(beliefs[best], highest, 1, value, sum);
    }

    /// <summary>The share of an arm, in [0, 1].</summary>
    public double Of(in Belief belief)
    {
        bool isBest = belief.UtilityOf(belief.SampleMean) >= _highest;
        if (_leaders > 1) return isBest ? 1.0 / _leaders : 0;
        return _sum > 0 ? Ratio(belief) / _sum : isBest ? 1 : 0;
    }

    /// <summary>Outcomes of an arm for one of the best; of the best itself 1.</summary>
    private double Ratio(in Belief belief)
    {
        if (belief.UtilityOf(belief.SampleMean) >= _highest) return _best.Scale == 0 ? 0 : 1;
        if (belief.Scale == 0) return 0;
        if (_best.Scale == 0)
        {
            double q = belief.QualityAt(_highest);
            return q < 1 ? 1 / Math.Max(BernoulliKl.Divergence(belief.SampleMean, q), LeastDivergence) : 0;
        }

        var pair = new Pair(_best, belief);
        return pair.IsOpen && _value > pair.Least ? pair.At(pair.Solve(_value)).Ratio : 0;
    }

    /// <summary>The y at which the sum is 1; 0 when no arm can become the best.</summary>
    private double ValueFor(ReadOnlySpan<Belief> beliefs)
    {
        double high = double.PositiveInfinity, low = 0, y = double.PositiveInfinity;
        double start = 1 / (1 + Math.Sqrt(Math.Max(1, beliefs.Length - 1))); // exact for equal arms of a normal law
        foreach (ref readonly Belief belief in beliefs)
        {
            if (!IsChallenger(belief)) continue;
            var pair = new Pair(_best, belief);
            if (!pair.IsOpen) continue;
            high = Math.Min(high, pair.Most);
            y = Math.Min(y, pair.At(pair.Low + start * (pair.High - pair.Low)).Value);
        }

        if (double.IsPositiveInfinity(y)) return 0;
        if (!(y < high)) y = high / 2;
        for (int i = 0; i < MostSteps; i++)
        {
            double excess = -1, slope = 0;
            foreach (ref readonly Belief belief in beliefs)
            {
                if (!IsChallenger(belief)) continue;
                var pair = new Pair(_best, belief);
                if (!pair.IsOpen || y <= pair.Least) continue;
                Point point = pair.At(pair.Solve(y));
                excess += point.Balance;
                slope += point.BalanceSlope;
            }

            if (Math.Abs(excess) <= Precision) return y;
            if (excess > 0) high = y;
            else low = y;
            double next = y - excess / slope;
            y = next > low && next < high ? next : double.IsPositiveInfinity(high) ? 2 * y : low + (high - low) / 2;
            if (y <= low || y >= high) return low;
        }

        return y;
    }

    private bool IsChallenger(in Belief belief) => belief.Scale > 0 && belief.UtilityOf(belief.SampleMean) < _highest;

    /// <summary>The best arm and one challenger, along v from the best arm's utility to the challenger's.</summary>
    private readonly struct Pair
    {
        private readonly double _x1;
        private readonly double _xa;
        private readonly double _gap1;
        private readonly double _gapA;

        public Pair(in Belief best, in Belief challenger)
        {
            _x1 = Math.Clamp(best.SampleMean, Interior, 1 - Interior);
            _xa = Math.Clamp(challenger.SampleMean, Interior, 1 - Interior);
            double gap = best.UtilityOf(_x1) - challenger.UtilityOf(_xa);
            (_gap1, _gapA) = (gap / best.Scale, gap / challenger.Scale);
            Low = _xa + _gapA > 1 ? 1 - (1 - _xa) / _gapA : 0;
            High = _gap1 > _x1 ? _x1 / _gap1 : 1;
        }

        /// <summary>The v at which the challenger's quality is 1, or 0.</summary>
        public double Low { get; }

        /// <summary>The v at which the best arm's quality is 0, or 1.</summary>
        public double High { get; }

        /// <summary>Whether some utility suits both.</summary>
        public bool IsOpen => _gap1 > 0 && Low < High;

        /// <summary>The value for infinitely many outcomes of the challenger.</summary>
        public double Most => High < 1 ? double.PositiveInfinity : BernoulliKl.Divergence(_x1, Math.Max(0, _x1 - _gap1));

        /// <summary>The value without any outcome of the challenger: above 0 where it cannot reach the best arm's utility. Such an arm needs no share below it.</summary>
        public double Least => Low > 0 ? BernoulliKl.Divergence(_x1, _x1 - Low * _gap1) : 0;

        /// <summary>The v at which the value is <paramref name="y"/>, more than <see cref="Least"/>.</summary>
        public double Solve(double y)
        {
            double low = Low, high = High, most = Most;
            double v = double.IsPositiveInfinity(most) ? low + (high - low) / 2 : low + (high - low) * Math.Min(0.999, y / most);
            for (int i = 0; i < MostSteps; i++)
            {
                Point point = At(v);
                double residual = point.Value - y;
                if (residual > 0) high = v;
                else low = v;
                double next = v - residual / point.ValueSlope;
                if (!(next > low && next < high)) next = low + (high - low) / 2;
                if (Math.Abs(next - v) <= LastStep * (v - Low) || next <= low || next >= high) return next; // the ratio goes like the way from Low
                v = next;
            }

            return v;
        }

        public Point At(double v)
        {
            double q1 = _x1 - v * _gap1, qa = _xa + (1 - v) * _gapA;
            double d1 = BernoulliKl.Divergence(_x1, q1), da = BernoulliKl.Divergence(_xa, qa);
            double variance1 = q1 * (1 - q1), varianceA = qa * (1 - qa);
            double slopeA = (1 - v) * _gapA * _gapA / varianceA;
            double ratio = v * _gap1 * _gap1 / variance1 / slopeA;
            double growth = 1 / v + 1 / (1 - v) - (1 - 2 * qa) / varianceA * _gapA + (1 - 2 * q1) / variance1 * _gap1;
            double value = d1 + ratio * da, valueSlope = ratio * growth * da;
            return new Point(ratio, value, valueSlope, d1 / da, slopeA * value / (da * da) / valueSlope);
        }
    }

    /// <summary>One pair at one v.</summary>
    /// <param name="Ratio">r.</param>
    /// <param name="Value">d1 + r da.</param>
    /// <param name="ValueSlope">Its derivative by v.</param>
    /// <param name="Balance">d1 / da.</param>
    /// <param name="BalanceSlope">Its derivative by the value.</param>
    private readonly record struct Point(double Ratio, double Value, double ValueSlope, double Balance, double BalanceSlope);
}
