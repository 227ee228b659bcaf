using System.Runtime.Intrinsics;
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

/// <summary>The law of one arm's utility or index as <see cref="BestArmProbability"/> integrates it: density, lower tail, and how far a panel may reach.</summary>
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
/// Guarantee   relative error of the density below 1e-12 times the mass or 1e-12, whichever is more, over 16 digits: 1e-7 at mass 1e9
/// </code>
/// </remarks>
internal struct UtilityLaw
{
    /// <summary>Exponents up to this that are whole numbers make polynomials, which a panel holds exactly.</summary>
    private const double MostPolynomial = 6;

    /// <summary>An upper end where the density vanishes faster than this power may lie inside a panel: 16^-6 is left of the kink.</summary>
    private const double MostHardExponent = 5;

    /// <summary>
    /// Most that the logarithm of a density may change over a panel: 7 standard deviations about a mean. This and the next three tuned on the cases of the tests,
    /// which then err by 3e-6 at most; with 60 they err by 5e-4.
    /// </summary>
    private const double MostChange = 24;

    /// <summary>The same where the density rises: other arms may weigh most where it is least.</summary>
    private const double MostRise = 16;

    /// <summary>Most length over the distance to a branch point behind the panel.</summary>
    private const double MostGrowth = 8;

    /// <summary>Most length over the distance to a branch point ahead: the same panel from the other side, 8/(1 + 8).</summary>
    private const double MostApproach = 0.89;

    /// <summary>Most length over the distance to the complex branch points of a Student density.</summary>
    private const double MostStudentReach = 1.6;

    /// <summary>The same on the way to the centre, 1.6/(1 + 1.6).</summary>
    private const double MostStudentApproach = 0.6;

    /// <summary>The Gumbel density has saddle points pi scales off the real line.</summary>
    private const double MostGumbelReach = 3;
    private const double NormalDegrees = 1e9;
    private const double LogTwoPi = 1.8378770664093454836;

    /// <summary>From here on five terms of Stirling's series leave less than 1e-12.</summary>
    private const double LeastForStirling = 7;

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
        if (belief.IsBeta) return new UtilityLaw { Kind = LawKind.Beta, Location = belief.Shift, Scale = belief.Scale, First = belief.Alpha, Second = belief.Beta, Floor = double.NegativeInfinity };
        double location = belief.UtilityOf(belief.QualityMean), spread = belief.Scale * belief.Spread;
        if (belief.Degrees >= NormalDegrees) return Normal(location, spread);
        return spread > 0 ? new UtilityLaw { Kind = LawKind.Student, Location = location, Scale = spread, First = belief.Degrees, Floor = double.NegativeInfinity } : Point(location);
    }

    public static UtilityLaw Point(double at) => new() { Kind = LawKind.Point, Location = at, Floor = at };

    public static UtilityLaw Normal(double mean, double deviation) =>
        deviation > 0 ? new() { Kind = LawKind.Normal, Location = mean, Scale = deviation, Floor = double.NegativeInfinity } : Point(mean);

    public static UtilityLaw Gumbel(double location, double scale) =>
        scale > 0 ? new() { Kind = LawKind.Gumbel, Location = location, Scale = scale, Floor = double.NegativeInfinity } : Point(location);

    /// <summary>Least utility that has probability: the support's lower end, or the floor.</summary>
    public readonly double Bottom => Math.Max(Floor, Kind == LawKind.Beta ? Location : double.NegativeInfinity);

    /// <summary>Whether panels must end at the upper end of the support.</summary>
    public readonly bool HasHardEnd => Kind == LawKind.Beta && _b - 1 <= MostHardExponent;

    /// <summary>Exponent of the density at the lower end, plus 1.</summary>
    public readonly double LowCount => _a;

    /// <summary>Exponent of the density at the upper end, plus 1.</summary>
    public readonly double HighCount => _b;

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
        return x.Kind.CompareTo(y.Kind);
    }

    /// <summary>Computes what does not depend on the place; ends and floor become relative to <paramref name="reference"/>.</summary>
    public void Prepare(double reference)
    {
        double location = Location - reference;
        (Low, High, _centre, Floor) = (double.NegativeInfinity, double.PositiveInfinity, location, Floor - reference);
        switch (Kind)
        {
            case LawKind.Beta:
                (_a, _b) = (First, Second);
                double n = _a + _b, mu = _a / n, nu = _b / n;
                (Low, High, _centre) = (location, location + Scale, location + Scale * mu);
                (_perLow, _perHigh) = (1 / (Scale * mu), 1 / (Scale * nu));
                _peak = Math.Sqrt(_a * nu / (2 * Math.PI)) * Math.Exp(Remainder(n) - Remainder(_a) - Remainder(_b)) / (Scale * mu * nu);
                _curvature = n * n * n / (_a * _b);
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
    public readonly double BelowAt(double y)
    {
        double z = (y - _centre) / Scale;
        switch (Kind)
        {
            case LawKind.Beta:
                double q = (y - Low) / Scale, r = (High - y) / Scale;
                if (q <= 0) return 0;
                if (r <= 0) return 1;
                double front = DensityAt(y) * Scale * q * r;
                if (q < (_a + 1) / (_a + _b + 2)) return front == 0 ? 0 : front * IncompleteBeta.Fraction(_a, _b, q) / _a;
                return front == 0 ? 1 : 1 - front * IncompleteBeta.Fraction(_b, _a, r) / _b;
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
        double below = BelowAt(y), z = (y - _centre) / Scale;
        return Kind switch
        {
            LawKind.Point => below * _centre,
            LawKind.Beta => y <= Low ? 0 : y >= High ? _centre : Low * below + (_centre - Low) * (below - DensityAt(y) * (y - Low) * (High - y) / (Scale * _a)),
            LawKind.Student => _centre * below - Scale * Scale * (First + z * z) / (First - 1) * DensityAt(y),
            _ => _centre * below - Scale * Scale * DensityAt(y),
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

    /// <summary>Density times length at each node of a panel; the nodes are given by their distances from an anchor.</summary>
    public readonly void Fill(double anchor, ReadOnlySpan<Vector256<double>> offsets, ReadOnlySpan<Vector256<double>> lengths, Span<Vector256<double>> values)
    {
        Vector256<double> peak = Vector256.Create(_peak), perScale = Vector256.Create(1 / Scale), zero = Vector256<double>.Zero;
        Vector256<double> fromCentre = Vector256.Create(anchor - _centre);
        values = values[..offsets.Length];
        lengths = lengths[..offsets.Length];
        switch (Kind)
        {
            case LawKind.Beta:
                Vector256<double> fromLow = Vector256.Create(anchor - Low), toHigh = Vector256.Create(High - anchor);
                Vector256<double> perLow = Vector256.Create(_perLow), perHigh = Vector256.Create(_perHigh), a1 = Vector256.Create(_a - 1), b1 = Vector256.Create(_b - 1);
                for (int i = 0; i < offsets.Length; i++)
                {
                    Vector256<double> q = (fromLow + offsets[i]) * perLow, r = (toHigh - offsets[i]) * perHigh, log = zero;
                    if (_a != 1) log += a1 * VectorMath.Log(q);
                    if (_b != 1) log += b1 * VectorMath.Log(r);
                    Vector256<double> density = peak * (_a != 1 || _b != 1 ? VectorMath.Exp(log) : Vector256<double>.One);
                    values[i] = lengths[i] * (density & Vector256.GreaterThan(q, zero) & Vector256.GreaterThan(r, zero));
                }

                break;
            case LawKind.Student:
                Vector256<double> exponent = Vector256.Create(-(First + 1) / 2), perDegree = Vector256.Create(1 / First);
                for (int i = 0; i < offsets.Length; i++)
                {
                    Vector256<double> z = (fromCentre + offsets[i]) * perScale;
                    values[i] = lengths[i] * peak * VectorMath.Exp(exponent * VectorMath.Log(Vector256<double>.One + z * z * perDegree));
                }

                break;
            case LawKind.Normal:
                for (int i = 0; i < offsets.Length; i++)
                {
                    Vector256<double> z = (fromCentre + offsets[i]) * perScale;
                    values[i] = lengths[i] * peak * VectorMath.Exp(z * z * Vector256.Create(-0.5));
                }

                break;
            case LawKind.Gumbel:
                for (int i = 0; i < offsets.Length; i++)
                {
                    Vector256<double> z = (fromCentre + offsets[i]) * perScale;
                    values[i] = lengths[i] * peak * VectorMath.Exp(zero - z - VectorMath.Exp(zero - z));
                }

                break;
            default:
                values.Clear();
                break;
        }
    }

    /// <summary>How long a panel from <paramref name="y"/> on may be, for polynomials to follow the density and its running integral.</summary>
    public readonly double Reach(double y)
    {
        double z = (y - _centre) / Scale;
        switch (Kind)
        {
            case LawKind.Beta: return BetaReach(y, HasHardEnd && !_isRightSmooth ? MostApproach : double.PositiveInfinity, _isRightSmooth ? 0 : _b - 1);
            case LawKind.Student:
                double square = First + z * z;
                double free = z < 0 ? Math.Max(MostStudentApproach * -z, MostStudentReach * Math.Sqrt(First)) : MostStudentReach * Math.Sqrt(square);
                return Scale * Math.Min(free, StepOf(-(First + 1) * z / square, (First + 1) / square));
            case LawKind.Normal: return Scale * StepOf(-z, 1);
            case LawKind.Gumbel:
                double steep = Math.Exp(-z);
                return Scale * Math.Min(MostGumbelReach, StepOf(steep - 1, steep));
            default: return double.PositiveInfinity;
        }
    }

    /// <summary>As <see cref="Reach"/>, of a panel that may end at the upper end of the support, for whose singularity it is made.</summary>
    public readonly double ReachToEnd(double y) => BetaReach(y, double.PositiveInfinity, HasHardEnd ? 0 : _b - 1);

    /// <param name="y">Where the panel starts.</param>
    /// <param name="mostApproach">Most length over the distance to the upper end.</param>
    /// <param name="highExponent">Exponent at the upper end, unless polynomials follow it anyway.</param>
    private readonly double BetaReach(double y, double mostApproach, double highExponent)
    {
        double q = (y - Low) / Scale, r = (High - y) / Scale, lowExponent = _isLeftSmooth || q <= 0 ? 0 : _a - 1;
        if (lowExponent == 0 && highExponent == 0) return double.PositiveInfinity;
        double low = lowExponent == 0 ? 0 : lowExponent / q, high = highExponent / r, curvature = Math.Abs(high) / r;
        if (lowExponent != 0) curvature += Math.Abs(low) / q;
        if (lowExponent != 0 && highExponent != 0 && y < _centre) curvature = Math.Max(curvature, _curvature);
        double reach = Math.Min(StepOf(low - high, curvature), mostApproach * r);
        return Scale * (lowExponent == 0 ? reach : Math.Min(reach, q * MostGrowth));
    }

    /// <summary>The step over which a logarithm of this slope and (downward) curvature rises or falls by no more than allowed.</summary>
    private static double StepOf(double slope, double curvature)
    {
        double square = slope * slope, rise = 2 * MostRise * curvature;
        if (slope <= 0) return 2 * MostChange / (Math.Sqrt(square + 2 * MostChange * curvature) - slope); // infinite where nothing changes
        return square > rise ? 2 * MostRise / (slope + Math.Sqrt(square - rise)) : Math.Sqrt(2 * MostChange / curvature);
    }

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
