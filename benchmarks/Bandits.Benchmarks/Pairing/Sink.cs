using System.Runtime.CompilerServices;

namespace Bandits.Benchmarks.Pairing;

/// <summary>Where results go that nobody reads.</summary>
internal static class Sink
{
    private static long s_taken;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Take(long result) => s_taken ^= result;
}
