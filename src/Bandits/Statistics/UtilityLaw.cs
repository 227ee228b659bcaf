using Bandits.Numerics;
using MathNet.Numerics;

namespace Bandits.Statistics;

/// <summary>The families that <see cref="UtilityLaw"/> knows.</summary>
internal enum LawKind : byte
{
    /// <summary>All probability in one place.</summary>
    Point,

    /// <summary>Affine Beta.</summary>
    Beta,

    /// <summary>Student, location and scale.</summary>
    Student,

    /// <summary>Normal.</summary>
    Normal,

    /// <summary>Gumbel of maxima, location and scale.</summary>
    Gumbel,
}

/// <summary>The law of one arm's utility or index as <see cref="BestArmProbability"/> integrates it: density, lower tail, how far a panel may reach.</summary>
/// <remarks>
/// <code>
/// Source      densities: Johnson, Kotz, Balakrishnan (1994, 1995), Continuous Univariate Distributions; ln Gamma by Stirling's series, DLMF 5.11.1
/// Rule        Beta: f(y) = f(mu) (q/mu)^(a-1) (r/(1-mu))^(b-1),  q = (y - low)/scale,  r = 1 - q,  mu = a/(a+b),
///             f(mu) = sqrt(a b/(2 pi n)) e^(d(n) - d(a) - d(b)) / (scale mu (1-mu)),  d(x) = ln Gamma(x) - [(x-1/2) ln x - x + ln(2 pi)/2],  n = a + b
///             action D(y), about -ln of the tail beyond y:  n kl(mu, q);  (nu/2) ln(1 + z^2/nu);  z^2/2;  x - 1 + e^-x
///             floor: the law of max(utility, floor), an atom at the floor
/// Symbols     first, second -> a, b; nu, 0;  y -> distance from the reference that all laws share, USD
/// Cost        density at 16 nodes two vector logarithms and an exponential for every four
/// Departures  everything is taken relative to f(mu), so that masses of 1e9 lose no digits;  degrees from 1e9 are the normal law
/// Guarantee   relative error of the density below 1e-9 plus a few roundings times the mass: 1e-7 at mass 1e9
/// </code>
/// </remarks>
internal partial struct UtilityLaw
{
    /// <summary>Exponents up to this that are whole numbers make polynomials, which a panel holds exactly.</summary>
    private const double MostPolynomial = 6;

    /// <summary>An upper end where the density vanishes faster than this power may lie inside a panel: 16^-6 is left of the kink.</summary>
    private const double MostHardExponent = 5;

    private const double NormalDegrees = 1e9;
    private const double LogTwoPi = 1.8378770664093454836;

    /// <summary>Last change of a continued fraction, of which the rest is about as much.</summary>
    private const double FractionPrecision = 1e-9;

    /// <summary>From here on five terms of Stirling's series leave less than 1e-9.</summary>
    private const double LeastForStirling = 4;

    private double _a;
    private double _b;
    private double _centre;
    private double _perLow;
    private double _perHigh;
    private double _peak;
    private double _curvature;
    private bool _isLeftSmooth;
    private bool _isRightSmooth;

    public LawKind Kind;

    /// <summary>Lower end of the support; minus infinity where there is none. USD, then relative to the reference.</summary>
    public double Low;

    /// <summary>Upper end; infinity where there is none.</summary>
    public double High;

    /// <summary>Where utility is cut off from below; minus infinity for nowhere.</summary>
    public double Floor;

    /// <summary>Location and scale: low end and width of an affine Beta.</summary>
    public double Location;
    public double Scale;
    public double First;
    public double Second;

    /// <summary>How many arms have exactly this law.</summary>
    public int Count;

    /// <summary>P(utility &lt;= where the integration is).</summary>
    public double Below;

    /// <summary>Density at the last node.</summary>
    public double Density;

    /// <summary>Mean times P, of the part below where the integration is.</summary>
    public double MeanBelow;

    /// <summary>Probability of being the best, one arm's.</summary>
    public double Best;

    /// <summary>The law of a belief's utility.</summary>
    public static UtilityLaw Of(in Belief belief)
    {
        if (belief.Scale == 0) return Point(belief.Shift);
        if (belief.IsBeta) return Unbounded(LawKind.Beta, belief.Shift, belief.Scale, belief.Alpha, belief.Beta);
        double location = belief.UtilityOf(belief.QualityMean), spread = belief.Scale * belief.Spread;
        if (belief.Degrees >= NormalDegrees) return Normal(location, spread);
        return spread > 0 ? Unbounded(LawKind.Student, location, spread, belief.Degrees) : Point(location);
    }

    public static UtilityLaw Point(double at) => new() { Kind = LawKind.Point, Location = at, Floor = at };

    public static UtilityLaw Normal(double mean, double deviation) =>
        deviation > 0 ? Unbounded(LawKind.Normal, mean, deviation) : Point(mean);

    public static UtilityLaw Gumbel(double location, double scale) =>
        scale > 0 ? Unbounded(LawKind.Gumbel, location, scale) : Point(location);

    /// <summary>Least utility that has probability: the support's lower end, or the floor.</summary>
    public readonly double Bottom => Math.Max(Floor, Kind == LawKind.Beta ? Location : double.NegativeInfinity);

    /// <summary>Whether panels must end at the upper end of the support.</summary>
    public readonly bool HasHardEnd => Kind == LawKind.Beta && _b - 1 <= MostHardExponent;

    /// <summary>Exponent of the density at the lower end, plus 1.</summary>
    public readonly double LowCount => _a;

    /// <summary>Exponent of the density at the upper end, plus 1.</summary>
    public readonly double HighCount => _b;

    /// <summary>Whether the centre is about the median and e^-action about the tail.</summary>
    public readonly bool IsRegular => Kind != LawKind.Point && double.IsNegativeInfinity(Floor) && (Kind != LawKind.Beta || (_a >= 1 && _b >= 1));

    /// <summary>Where the action is 0, relative to the reference.</summary>
    public readonly double Centre => _centre;

    /// <summary>An order that depends on the laws alone; 0 for laws exactly alike.</summary>
    public static int Compare(in UtilityLaw x, in UtilityLaw y)
    {
        if (x.Location != y.Location) return x.Location < y.Location ? -1 : 1;
        if (x.First != y.First) return x.First < y.First ? -1 : 1;
        if (x.Second != y.Second) return x.Second < y.Second ? -1 : 1;
        if (x.Scale != y.Scale) return x.Scale < y.Scale ? -1 : 1;
        if (x.Floor != y.Floor) return x.Floor < y.Floor ? -1 : 1;
        return (int)x.Kind - (int)y.Kind; // CompareTo would box
    }

    /// <summary>Ends, centre and floor become relative to <paramref name="reference"/>.</summary>
    public void Place(double reference)
    {
        double location = Location - reference;
        (Low, High, _centre, Floor) = (double.NegativeInfinity, double.PositiveInfinity, location, Floor - reference);
        if (Kind != LawKind.Beta) return;
        (_a, _b) = (First, Second);
        double perMass = 1 / (_a + _b);
        (Low, High, _centre) = (location, location + Scale, location + Scale * (_a * perMass));
        (_perLow, _perHigh) = (1 / (Scale * (_a * perMass)), 1 / (Scale * (_b * perMass)));
    }

    /// <summary>Computes what a density needs that does not depend on the place.</summary>
    public void Normalize()
    {
        switch (Kind)
        {
            case LawKind.Beta:
                double n = _a + _b;
                _peak = Math.Sqrt(n / _a * (n / _b) * n / (2 * Math.PI)) * Math.Exp(Remainder(n) - Remainder(_a) - Remainder(_b)) / Scale;
                _curvature = 1 / (Width * Width);
                _isLeftSmooth = _a - 1 <= MostPolynomial && Math.Floor(_a) == _a;
                _isRightSmooth = _b - 1 <= MostPolynomial && Math.Floor(_b) == _b;
                break;
            case LawKind.Student:
                double half = First / 2;
                _peak = Math.Exp(half * NearOne.Log1p(0.5 / half) + Remainder(half + 0.5) - Remainder(half) - 0.5 - 0.5 * LogTwoPi) / Scale;
                break;
            case LawKind.Normal:
                _peak = Math.Exp(-0.5 * LogTwoPi) / Scale;
                break;
            case LawKind.Gumbel:
                _peak = 1 / Scale;
                break;
        }
    }

    /// <summary>D, not negative; infinite outside the support.</summary>
    public readonly double Action(double y)
    {
        double z = (y - _centre) / Scale;
        switch (Kind)
        {
            case LawKind.Beta:
                double q = (y - Low) * _perLow, r = (High - y) * _perHigh;
                return q > 0 && r > 0 ? Math.Max(0, -_a * Math.Log(q) - _b * Math.Log(r)) : double.PositiveInfinity;
            case LawKind.Student: return First / 2 * Math.Log(1 + z * z / First);
            case LawKind.Normal: return z * z / 2;
            case LawKind.Gumbel: return Math.Max(0, z - 1 + Math.Exp(-z));
            default: return y == _centre ? 0 : double.PositiveInfinity;
        }
    }

    /// <summary>-dD/dy, positive below the centre.</summary>
    public readonly double ActionSlope(double y)
    {
        double z = (y - _centre) / Scale;
        return Kind switch
        {
            LawKind.Beta => _a / (y - Low) - _b / (High - y),
            LawKind.Student => -z / (1 + z * z / First) / Scale,
            LawKind.Normal => -z / Scale,
            LawKind.Gumbel => (Math.Exp(-z) - 1) / Scale,
            _ => 0,
        };
    }

    /// <summary>A length to try first when looking for where the action is large.</summary>
    public readonly double Width => Kind switch
    {
        LawKind.Beta => Scale * Math.Sqrt(_a * _b / (_a + _b)) / (_a + _b),
        LawKind.Point => 0,
        _ => Scale,
    };

    /// <summary>P(utility &lt;= y), to relative precision below the centre.</summary>
    /// <param name="y">Where.</param>
    /// <param name="density">There.</param>
    public readonly double BelowAt(double y, double density)
    {
        double z = (y - _centre) / Scale;
        switch (Kind)
        {
            case LawKind.Beta:
                double q = (y - Low) / Scale, r = (High - y) / Scale;
                if (q <= 0) return 0;
                if (r <= 0) return 1;
                double front = density * Scale * q * r;
                if (q < (_a + 1) / (_a + _b + 2)) return front == 0 ? 0 : front * IncompleteBeta.Fraction(_a, _b, q, FractionPrecision) / _a;
                return front == 0 ? 1 : 1 - front * IncompleteBeta.Fraction(_b, _a, r, FractionPrecision) / _b;
            case LawKind.Student:
                double square = z * z, tail = 0.5 * new IncompleteBeta(First / 2, 0.5).At(First / (First + square), square / (First + square));
                return z < 0 ? tail : 1 - tail;
            case LawKind.Normal: return 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));
            case LawKind.Gumbel: return Math.Exp(-Math.Exp(-z));
            default: return y >= _centre ? 1 : 0;
        }
    }

    /// <summary>E[utility; utility &lt;= y], relative to the reference; of a Student law of more than one degree.</summary>
    public readonly double MeanBelowAt(double y)
    {
        double density = DensityAt(y), below = BelowAt(y, density), z = (y - _centre) / Scale;
        return Kind switch
        {
            LawKind.Point => below * _centre,
            LawKind.Beta when y <= Low => 0,
            LawKind.Beta when y >= High => _centre,
            LawKind.Beta => Low * below + (_centre - Low) * (below - density * (y - Low) * (High - y) / (Scale * _a)),
            _ when double.IsPositiveInfinity(y) => _centre,
            LawKind.Student => _centre * below - Scale * Scale * (First + z * z) / (First - 1) * density,
            _ => _centre * below - Scale * Scale * density,
        };
    }

    /// <summary>Density at one place.</summary>
    public readonly double DensityAt(double y)
    {
        double z = (y - _centre) / Scale;
        switch (Kind)
        {
            case LawKind.Beta:
                double q = (y - Low) * _perLow, r = (High - y) * _perHigh;
                return q > 0 && r > 0 ? _peak * Math.Exp((_a - 1) * Math.Log(q) + (_b - 1) * Math.Log(r)) : 0;
            case LawKind.Student: return _peak * Math.Exp(-(First + 1) / 2 * Math.Log(1 + z * z / First));
            case LawKind.Normal: return _peak * Math.Exp(-z * z / 2);
            case LawKind.Gumbel: return _peak * Math.Exp(-z - Math.Exp(-z));
            default: return 0;
        }
    }

    private static UtilityLaw Unbounded(LawKind kind, double location, double scale, double first = 0, double second = 0) =>
        new() { Kind = kind, Location = location, Scale = scale, First = first, Second = second, Floor = double.NegativeInfinity };

    /// <summary>d(x): what Stirling's formula leaves of ln Gamma.</summary>
    private static double Remainder(double x)
    {
        double raised = 0;
        while (x < LeastForStirling)
        {
            raised += (x + 0.5) * NearOne.Log1p(1 / x) - 1;
            x++;
        }

        double inverse = 1 / x, square = inverse * inverse;
        return raised + inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square * (1.0 / 1188)))));
    }
}
