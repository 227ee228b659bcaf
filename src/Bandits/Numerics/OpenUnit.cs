using System.Runtime.CompilerServices;

namespace Bandits.Numerics;

/// <summary>Uniform numbers that are neither 0 nor 1, for what takes a logarithm.</summary>
internal static class OpenUnit
{
    private const double Step = 1.0 / (1L << 53);

    /// <summary>A uniform number in (0, 1): an odd multiple of 2^-53, symmetric about a half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double NextOpenUnit(this ref RandomStream stream) => ((long)(stream.NextUInt64() >> 11) | 1) * Step;
}
