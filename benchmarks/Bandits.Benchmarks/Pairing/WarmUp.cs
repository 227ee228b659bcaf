using System.Diagnostics;
using System.Runtime;

namespace Bandits.Benchmarks.Pairing;

/// <summary>Runs both sides until the JIT has nothing left to compile: every method that is called often has then reached tier 1.</summary>
internal static class WarmUp
{
    /// <summary>A method is queued for tier 1 at its 30th call, once instrumented and once more without; a Run counts as one call.</summary>
    private const int LeastRuns = 64;

    public static void Of(Contest contest, Effort effort)
    {
        long start = Stopwatch.GetTimestamp(), quietSince = start;
        long compiled = JitInfo.GetCompiledMethodCount();
        for (int run = 0; ; run++)
        {
            contest.Subject.Prepare();
            contest.Baseline?.Prepare();
            contest.Subject.Run();
            contest.Baseline?.Run();
            long now = JitInfo.GetCompiledMethodCount();
            if (now != compiled) (compiled, quietSince) = (now, Stopwatch.GetTimestamp());
            if (run >= LeastRuns && Stopwatch.GetElapsedTime(quietSince).TotalMilliseconds >= effort.QuietMilliseconds) return;
            if (Stopwatch.GetElapsedTime(start).TotalSeconds >= effort.MostWarmUpSeconds) return;
        }
    }
}
