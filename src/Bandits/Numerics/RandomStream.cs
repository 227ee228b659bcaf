using System.Runtime.CompilerServices;

namespace Bandits.Numerics;

/// <summary>What a decision draws random numbers for; each purpose has its own independent stream.</summary>
public enum StreamPurpose : byte
{
    /// <summary>Drawing the arm from the probability mass function.</summary>
    Draw = 0,

    /// <summary>What a policy draws inside itself.</summary>
    Policy = 1,
}

/// <summary>The random numbers of one decision: a counter-based stream keyed by (seed, decision id, purpose).</summary>
/// <remarks>
/// <code>
/// Source      Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators, OOPSLA; mixer: Stafford's variant 13
/// Rule        draw n for purpose p of decision s is mix(k + s A + p B + n g),  n = 1, 2, ...;  g = 0x9e3779b97f4a7c15
/// Key         k = mix(mix(seed + g) + incarnation g)
/// Symbols     A, B -> odd multipliers (Steele and Vigna 2021, tables of spectrally good 64-bit multipliers)
/// Cost        one mix a draw; 8 bytes; nothing shared, no lock
/// Departures  the position is computed from the decision's id instead of by splitting, so any decision's stream can be had at any time
/// /// </code>
/// A plain mutable struct: pass it by reference.
/// </remarks>
public struct RandomStream
{
    private const ulong GoldenGamma = 0x9e3779b97f4a7c15;
    private const ulong SequenceStep = 0xd1342543de82ef95;
    private const ulong PurposeStep = 0xaf251af3b0f025b5;

    private ulong _state;

    /// <summary>Opens the stream of one decision.</summary>
    /// <param name="seed">Seed of the router.</param>
    /// <param name="id">Decision whose stream it is.</param>
    /// <param name="purpose">What the numbers are for.</param>
    public RandomStream(ulong seed, DecisionId id, StreamPurpose purpose)
        : this(KeyOf(seed, id.Incarnation), id.Sequence, purpose)
    {
    }

    internal RandomStream(ulong key, ulong sequence, StreamPurpose purpose) =>
        _state = key + sequence * SequenceStep + (ulong)purpose * PurposeStep;

    /// <summary>A stream that starts at a bare state; the reference generator's sequence for that seed.</summary>
    internal RandomStream(ulong state) => _state = state;

    internal static ulong KeyOf(ulong seed, ulong incarnation) => Mix(Mix(seed + GoldenGamma) + incarnation * GoldenGamma);

    /// <summary>64 uniform bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64() => Mix(_state += GoldenGamma);

    /// <summary>A uniform number in [0, 1), a multiple of 2^-53.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double NextUnit() => (long)(NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>A uniform integer in [0, <paramref name="bound"/>), without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int NextBelow(int bound)
    {
        if (bound <= 0) Throw.OutOfRange(nameof(bound), bound, "1 or more");
        ulong high = Math.BigMul(NextUInt64(), (ulong)bound, out ulong low);
        if (low < (ulong)bound)
        {
            ulong threshold = unchecked(0UL - (ulong)bound) % (ulong)bound;
            while (low < threshold) high = Math.BigMul(NextUInt64(), (ulong)bound, out low);
        }

        return (int)high;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
