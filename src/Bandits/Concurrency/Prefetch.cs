using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Bandits.Concurrency;

/// <summary>Tells the processor that an address will be needed. A hint: nothing happens where there is no such instruction, and no address is wrong.</summary>
internal static unsafe class Prefetch
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void At(nint address)
    {
        if (Sse.IsSupported) Sse.Prefetch0((void*)address);
    }
}
