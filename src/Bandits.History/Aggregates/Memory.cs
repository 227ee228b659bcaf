using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Bandits.History;

/// <summary>Hints to the processor. They change no result, and do nothing where there is no such instruction.</summary>
internal static class Memory
{
    public const int LineBytes = 64;

    /// <summary>Has the cache line of <paramref name="place"/> fetched. An address that the collector has just moved costs time, nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch<T>(ref readonly T place)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
    }

    /// <summary>Has every cache line of <paramref name="place"/> fetched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PrefetchAll<T>(ref readonly T place)
    {
        if (!Sse.IsSupported) return;
        byte* start = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in place));
        for (int offset = 0; offset < Unsafe.SizeOf<T>(); offset += LineBytes) Sse.Prefetch0(start + offset);
    }
}
