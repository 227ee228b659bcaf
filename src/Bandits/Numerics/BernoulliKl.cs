namespace Bandits.Numerics;

/// <summary>The relative entropy of two Bernoulli laws, and the farthest mean within a given relative entropy: the index of KL-UCB.</summary>
/// <remarks>
/// <code>
/// Source      Garivier and Cappe (2011), The KL-UCB algorithm for bounded stochastic bandits and beyond, COLT, equation (2)
/// Rule        kl(p, q) = p ln(p/q) + (1-p) ln((1-p)/(1-q));  upper(p, d) = max { q : kl(p, q) &lt;= d };  lower(p, d) = 1 - upper(1-p, d)
/// Solved in   u = ln((1-p)/(1-q)) = s - s_p, s = -ln(1-q):  kl = (1-p)(e^-u - 1 + u) + p (e - ln(1+e)),  e = (q-p)/p,  q-p = (1-p)(1-e^-u);
///             dkl/du = (1-p)(q-p)/q, increasing in u. Both terms are positive: nothing cancels next to p, nothing is lost next to 1
/// Start       the greatest lower bound of two: u &gt;= d/(1-p);  u ~ sqrt(2pd/(1-p)) + (2-p)d/(3(1-p)) as d to 0, below (d - p ln p)/(1-p) always
/// Step        third order (Householder 1970, The numerical treatment of a single nonlinear equation, section 4.4), kept inside a bracket
/// Symbols     p -> mean, [0, 1];  d -> bound such as ln(t)/n, 0 or more
/// Cost        two evaluations (a logarithm and an exponential each), rarely three; 0 B
/// Departures  none; the index is returned with 1 - q and with u, since q rounds to 1 where 1 - q is below 1e-16
/// Guarantee   |kl(p, q) - d| &lt;= 1e-13 d, tested against a 90-digit reference
/// </code>
/// </remarks>
internal static class BernoulliKl
{
    /// <summary>A step of third order from within this relative distance leaves an error of order 1e-14.</summary>
    private const double LastStep = 3e-4;

    private const int MostSteps = 60;

    /// <summary>Below it the series of the exponential is taken.</summary>
    private const double SmallDistance = 0.4;

    /// <summary>Below it p ln p is nothing beside any bound that can be told from 0.</summary>
    private const double Negligible = 1e-290;

    /// <summary>kl(p, q) in nats; infinity where p gives weight to what q excludes.</summary>
    public static double Divergence(double p, double q) => Divergence(p, 1 - p, q, 1 - q);

    /// <summary>kl(p, q) with 1 - p and 1 - q given apart because they may be tiny.</summary>
    public static double Divergence(double p, double complementP, double q, double complementQ)
    {
        double above = complementP < 0.5 ? complementP - complementQ : q - p;
        return Math.Max(0, Term(p, q, above) + Term(complementP, complementQ, -above));
    }

    /// <summary>The greatest q with kl(<paramref name="p"/>, q) at most <paramref name="bound"/>.</summary>
    public static KlBound Upper(double p, double bound) => Upper(p, 1 - p, bound);

    /// <summary>The greatest q with kl(p, q) at most <paramref name="bound"/>, with 1 - p given apart because it may be tiny.</summary>
    public static KlBound Upper(double p, double complement, double bound)
    {
        if (!(bound > 0)) return new KlBound(p, complement, complement, 0);
        if (complement <= 0) return new KlBound(1, 0, 0, 0);
        double u = p < Negligible ? bound : Solve(p, complement, bound), gone;
        if (u < SmallDistance) gone = -NearOne.Expm1(-u);
        else
        {
            double left = Math.Exp(-u);
            return new KlBound(p + complement * (1 - left), complement * left, complement, u);
        }

        return new KlBound(p + complement * gone, complement * (1 - gone), complement, u);
    }

    /// <summary>The least q with kl(<paramref name="p"/>, q) at most <paramref name="bound"/>.</summary>
    public static double Lower(double p, double bound) => Upper(1 - p, p, bound).Complement;

    private static double Solve(double p, double complement, double bound)
    {
        double odds = 1 / complement, inverse = 1 / p, low = bound * odds, high = double.PositiveInfinity;
        double u = Math.Sqrt(2 * p * low) + (2 - p) / 3 * low;
        if (u > low + p) // the other bound is not below this, for -ln p >= 1-p
        {
            high = low - p * Math.Log(p) * odds;
            u = Math.Min(u, high);
        }

        u = Math.Max(u, low);
        for (int i = 0; i < MostSteps; i++)
        {
            double excess, gone;
            if (u < SmallDistance)
            {
                excess = NearOne.ExponentialExcess(u);
                gone = u - excess;
            }
            else
            {
                gone = 1 - Math.Exp(-u);
                excess = u - gone;
            }

            double above = complement * gone, q = p + above, left = complement - above; // 1 - q to an absolute 1e-16: enough for the curvature
            double residual = p * NearOne.LogShortfall(above * inverse) + complement * excess - bound;
            if (residual > 0) high = Math.Min(high, u);
            else low = Math.Max(low, u);
            double scale = 1 / (q * above), newton = residual * q * q * scale;
            double curvature = p * left * scale * newton, third = curvature * (q + 2 * left) * above * scale * newton;
            double step = newton * (1 - 0.5 * curvature) / (1 - curvature - third * (1.0 / 6));
            double next = u - step;
            if (Math.Abs(step) <= LastStep * u) return next;
            u = next >= low && next <= high ? next : double.IsPositiveInfinity(high) ? 2 * u : 0.5 * (low + high);
        }

        return u;
    }

    /// <summary>x (e - ln(1+e)), e = (m-x)/x: the part of the divergence that weight x on what has weight m makes, never below 0.</summary>
    private static double Term(double x, double m, double above)
    {
        if (x <= 0) return above;
        double relative = above / x;
        return Math.Abs(relative) < 0.5 ? x * NearOne.LogShortfall(relative) : above - x * (Math.Log(m) - Math.Log(x));
    }
}

/// <summary>The end of the means within a relative entropy of a mean p, on the upper side.</summary>
/// <param name="Value">q.</param>
/// <param name="Complement">1 - q, to full relative precision.</param>
/// <param name="ComplementOfMean">1 - p.</param>
/// <param name="Distance">ln((1-p)/(1-q)), to full relative precision even where 1 - q is below the least number.</param>
internal readonly record struct KlBound(double Value, double Complement, double ComplementOfMean, double Distance)
{
    /// <summary>-ln(1-q): orders bounds that round to the same number next to 1. Infinite at 1.</summary>
    public double Exponent => Distance - Math.Log(ComplementOfMean);
}
