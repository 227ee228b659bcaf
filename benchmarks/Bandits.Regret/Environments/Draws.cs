using System.Runtime.CompilerServices;

namespace Bandits.Regret.Environments;

/// <summary>
/// The random numbers of an environment: a counter-based stream keyed by (seed, round, lane), so that every policy of one seed meets the same rewards.
/// </summary>
/// <remarks>
/// The laboratory's own generator, not the library's: what is tested does not supply the test. Source: Steele, Lea and Flood (2014), Fast splittable
/// pseudorandom number generators; mixer: Stafford's variant 13.
/// </remarks>
internal struct Draws
{
    /// <summary>Lane of what all arms of a round share, such as the task.</summary>
    public const int SharedLane = -1;

    /// <summary>Lane of the round's segment.</summary>
    public const int SegmentLane = -2;

    /// <summary>Lane of what happens to the outcome on its way back.</summary>
    public const int DeliveryLane = -3;

    private const ulong GoldenGamma = 0x9e3779b97f4a7c15;
    private const ulong RoundStep = 0xd1342543de82ef95;
    private const ulong LaneStep = 0xaf251af3b0f025b5;
    private const ulong EnvironmentPurpose = 0x452821e638d01377; // digits of pi: sets environments apart from routers
    private const ulong RouterPurpose = 0xbe5466cf34e90c6c;

    private ulong _state;

    public Draws(ulong key, int round, int lane) => _state = Mix(key + (ulong)round * RoundStep + unchecked((ulong)lane) * LaneStep);

    /// <summary>Key of the environment's streams of one seed.</summary>
    public static ulong KeyOf(int seed) => Mix(Mix((ulong)seed + GoldenGamma) + EnvironmentPurpose);

    /// <summary>Seed of the router that plays one seed.</summary>
    public static ulong RouterSeedOf(int seed) => Mix(Mix((ulong)seed + GoldenGamma) + RouterPurpose);

    /// <summary>A uniform number in [0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double NextUnit() => (long)(Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>A uniform number in (0, 1].</summary>
    public double NextPositive() => 1 - NextUnit();

    /// <summary>A standard normal number, by Box and Muller (1958).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(NextPositive())) * Math.Cos(2 * Math.PI * NextUnit());

    /// <summary>A gamma number of unit scale, by Marsaglia and Tsang (2000); shapes below 1 by their boost.</summary>
    public double NextGamma(double shape)
    {
        if (shape < 1) return NextGamma(shape + 1) * Math.Pow(NextPositive(), 1 / shape);
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = NextNormal(), v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(NextPositive()) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return d * v;
        }
    }

    /// <summary>A beta number, from two gamma numbers; a half where both vanish.</summary>
    public double NextBeta(double alpha, double beta)
    {
        double a = NextGamma(alpha), b = NextGamma(beta);
        return a + b > 0 ? a / (a + b) : 0.5;
    }

    private ulong Next() => Mix(_state += GoldenGamma);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
