namespace Bandits.Tests.Support;

/// <summary>Counts what work allocates.</summary>
internal static class Allocations
{
    private const int Runs = 4;

    /// <summary>
    /// The fewest bytes that a run of the work allocates on this thread, of up to four runs: the first may make working memory and compile, and a
    /// collection that another thread starts meanwhile books the unused rest of this thread's buffer (up to 8 KB).
    /// </summary>
    /// <param name="work">What is run; it gets the number of the run, from 0 on.</param>
    public static long Of(Action<int> work)
    {
        long least = long.MaxValue;
        for (int run = 0; run < Runs && least > 0; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work(run);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
