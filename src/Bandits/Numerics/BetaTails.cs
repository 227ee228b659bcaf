namespace Bandits.Numerics;

/// <summary>Both tails, the density and quantiles of one Beta law, in the log-odds y = ln(x/(1-x)), where neither end rounds away.</summary>
/// <remarks>
/// <code>
/// Source      DiDonato and Morris (1992), Algorithm 708, ACM Trans. Math. Software 18(3), equation (9): the continued fraction;
///             Loader (2000), Fast and accurate computation of binomial probabilities: deviance and Stirling remainders instead of ln B;
///             Abramowitz and Stegun (1964), 26.5.22 and 26.2.23: start of the quantile; Householder (1970), section 4.4: its steps
/// Rule        f(y) = x^a (1-x)^b / B(a,b) = sqrt(ab/(2 pi n)) exp(D(n) - D(a) - D(b) - n kl(a/n, x)),  n = a + b
///             P(Y > y) = f(y) / (beta_1 + alpha_2/(beta_2 + ...));  the mirrored fraction beyond the mean, then 1 - it
///             quantile: ln P(Y > y) = ln tail by third-order steps; h = f/P, (ln P)' = -h, h' = h (l' + h), l' = a(1-x) - bx, l'' = -n x (1-x)
/// Symbols     a, b -> pseudo-counts, [0.05, 1e8];  D -> Stirling remainder of ln Gamma;  tail -> (0, 1)
/// Cost        5 to 40 terms of a division each where n &lt;= 1e4, of order sqrt(n) at the mean, fewer in the tails; quantile: 2 or 3 tails; 0 B
/// Departures  none; a tail above a half is solved in the mirrored law
/// Guarantee   relative error of a tail below 1e-10; a quantile's tail differs by less than 1e-9 of it, both tested
/// </code>
/// </remarks>
internal readonly struct BetaTails
{
    private const double HalfLogTwoPi = 0.91893853320467274;
    private const double FractionPrecision = 1e-14;
    private const int MostTerms = 200_000;

    /// <summary>Keeps numerators and denominators of the fraction in range.</summary>
    private const double Large = 1e150;

    /// <summary>A step of third order, in units of the tail's own width, below which the next would change the tail by less than 1e-11.</summary>
    private const double LastStep = 1e-3;

    private const int MostSteps = 100;
    private const double Ln2 = 0.69314718055994531;

    private readonly double _a;
    private readonly double _b;
    private readonly double _n;

    /// <summary>ln f at the log-odds of a/n.</summary>
    private readonly double _logPeak;

    public BetaTails(double a, double b)
    {
        (_a, _b, _n) = (a, b, a + b);
        _logPeak = 0.5 * Math.Log(a / _n * b) - HalfLogTwoPi + StirlingRemainder(_n) - StirlingRemainder(a) - StirlingRemainder(b);
    }

    /// <summary>ln of the density of the log-odds at <paramref name="y"/>; that of x is this less ln x(1-x).</summary>
    public double LogDensity(double y) => LogDensity(new LogOdds(y));

    /// <summary>ln P(Y &gt; y).</summary>
    public double LogSurvival(double y) => Log(new LogOdds(y), out _);

    /// <summary>ln P(Y &lt;= y).</summary>
    public double LogAt(double y) => new BetaTails(in this).Log(new LogOdds(-y), out _);

    /// <summary>The log-odds that a draw exceeds with probability <paramref name="tail"/>, in (0, 1).</summary>
    public LogOdds UpperQuantile(double tail)
    {
        if (tail <= 0.5) return new LogOdds(Solve(Math.Log(tail), tail));
        return new LogOdds(-new BetaTails(in this).Solve(NearOne.Log1p(-tail), 1 - tail));
    }

    /// <summary>The log-odds below which a draw lies with probability <paramref name="tail"/>, in (0, 1).</summary>
    public LogOdds LowerQuantile(double tail) => new(-new BetaTails(in this).UpperQuantile(tail).Value);

    /// <summary>The mirrored law.</summary>
    private BetaTails(in BetaTails law) => (_a, _b, _n, _logPeak) = (law._b, law._a, law._n, law._logPeak);

    private double Solve(double logTail, double tail)
    {
        double y = Start(logTail, tail), low = double.NegativeInfinity, high = double.PositiveInfinity;
        for (int i = 0; i < MostSteps; i++)
        {
            LogOdds at = new(y);
            double residual = Log(at, out double hazard) - logTail;
            if (residual > 0) low = y;
            else high = y;
            double slope = _a * at.Complement - _b * at.Probability, spread = _n * at.Probability * at.Complement;
            double newton = -residual / hazard, bend = slope + hazard, curvature = bend * newton; // h'/h = l' + h
            double third = (bend * bend + hazard * bend - spread) * newton * newton;
            double bottom = 1 - curvature + third * (1.0 / 6), step = newton * (1 - 0.5 * curvature) / bottom;
            if (!(bottom > 0.3) || step * newton < 0) step = newton;
            double next = y - step;
            if (Math.Abs(step) * (hazard + Math.Sqrt(spread)) < LastStep || next == y) return next;
            y = next > low && next < high ? next : Between(low, high);
        }

        return y;
    }

    /// <summary>The middle of a bracket, or well beyond its one end while the other is open.</summary>
    private static double Between(double low, double high)
    {
        if (double.IsInfinity(low)) return high - Math.Max(1, Math.Abs(high));
        return double.IsInfinity(high) ? low + Math.Max(1, Math.Abs(low)) : 0.5 * (low + high);
    }

    /// <summary>Where to begin: normal where both pseudo-counts exceed 1, else the power law of the nearer end.</summary>
    private double Start(double logTail, double tail)
    {
        if (_a > 1 && _b > 1)
        {
            double t = Math.Sqrt(-2 * logTail); // 26.2.23
            double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
            double ofA = 1 / (2 * _a - 1), ofB = 1 / (2 * _b - 1), h = 2 / (ofA + ofB), lambda = (z * z - 3) / 6;
            return Math.Log(_a / _b) + 2 * (z * Math.Sqrt(h + lambda) / h + (ofA - ofB) * -(lambda + 5.0 / 6 - 2 / (3 * h)));
        }

        double logBeta = LogBeta, above = (logTail + Math.Log(_b) + logBeta) / _b, below = (NearOne.Log1p(-tail) + Math.Log(_a) + logBeta) / _a;
        return above < below ? -above : below > -Ln2 ? 0 : below;
    }

    /// <summary>ln B(a, b).</summary>
    public double LogBeta => _a * LogShare(_a, _b) + _b * LogShare(_b, _a) - _logPeak;

    /// <summary>ln(k / n) where the rest of n is given, exact next to 0 too.</summary>
    private double LogShare(double k, double rest) => k > rest ? NearOne.Log1p(-rest / _n) : Math.Log(k / _n);

    /// <summary>ln P(Y &gt; y), with the hazard f/P.</summary>
    private double Log(in LogOdds at, out double hazard)
    {
        double logDensity = LogDensity(at);
        if (at.Complement < (_b + 1) / (_n + 2))
        {
            hazard = Fraction(_b, _a, at.Complement, at.Probability);
            return logDensity - Math.Log(hazard);
        }

        double density = Math.Exp(logDensity), below = density / Fraction(_a, _b, at.Probability, at.Complement);
        hazard = density / (1 - below);
        return NearOne.Log1p(-below);
    }

    private double LogDensity(in LogOdds at)
    {
        double above = _b * at.Probability - _a * at.Complement; // n x - a
        return _logPeak - Deviance(_a, above, at, mirrored: false) - Deviance(_b, -above, at, mirrored: true);
    }

    /// <summary>k ln(k / (n x)) + n x - k, for k = a, or its mirror for k = b.</summary>
    private double Deviance(double k, double above, in LogOdds at, bool mirrored)
    {
        double relative = above / k;
        if (Math.Abs(relative) < 0.5) return k * NearOne.LogShortfall(relative);
        return above + k * (Math.Log(k / _n) - (mirrored ? at.LogComplement : at.LogProbability));
    }

    /// <summary>beta_1 + alpha_2/(beta_2 + ...): f over the tail below x of Beta(a, b).</summary>
    private static double Fraction(double a, double b, double x, double complement)
    {
        double lambda = a * complement - b * x, n = a + b, square = x * x;
        double inverse = 1 / (a + 1), numerator = a * inverse * (lambda + 1), denominator = 1, olderNumerator = 1, olderDenominator = 0;
        for (int m = 1; m < MostTerms; m++)
        {
            double previous = inverse, weight = m * (b - m) * previous;
            double alpha = (a + m - 1) * (n + m - 1) * previous * weight * square;
            inverse = 1 / (a + 2 * m + 1);
            double beta = m + weight * x + (a + m) * inverse * (lambda + 1 + m * (1 + complement));
            double newNumerator = beta * numerator + alpha * olderNumerator, newDenominator = beta * denominator + alpha * olderDenominator;
            (olderNumerator, olderDenominator, numerator, denominator) = (numerator, denominator, newNumerator, newDenominator);
            double cross = numerator * olderDenominator;
            if (Math.Abs(cross - olderNumerator * denominator) <= FractionPrecision * Math.Abs(cross)) break;
            if (Math.Abs(numerator) > Large)
            {
                (olderNumerator, olderDenominator) = (olderNumerator / Large, olderDenominator / Large);
                (numerator, denominator) = (numerator / Large, denominator / Large);
            }
        }

        return numerator / denominator;
    }

    /// <summary>ln Gamma(k) - (k - 1/2) ln k + k - ln(2 pi)/2: Stirling's series (DLMF 5.11.1), from k + 8 on by the recurrence of Gamma.</summary>
    private static double StirlingRemainder(double k)
    {
        const double Enough = 8; // the term left out is below 2e-14 from here on
        if (k >= Enough)
        {
            double inverse = 1 / k, z = inverse * inverse;
            return inverse * (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * (691.0 / 360360))))));
        }

        double product = k * (k + 1) * (k + 2) * (k + 3) * ((k + 4) * (k + 5) * (k + 6) * (k + 7)), shifted = k + Enough;
        return (shifted - 0.5) * Math.Log(shifted) - Enough + StirlingRemainder(shifted) - Math.Log(product) - (k - 0.5) * Math.Log(k);
    }
}
