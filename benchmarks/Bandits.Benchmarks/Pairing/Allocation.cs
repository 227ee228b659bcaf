namespace Bandits.Benchmarks.Pairing;

/// <summary>Bytes an operation allocates: counted by the runtime for this thread, exact, whatever else the machine does.</summary>
internal static class Allocation
{
    public static double PerOperation(IOperation operation, int runs)
    {
        long bytes = 0;
        for (int run = 0; run < runs; run++)
        {
            operation.Prepare();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Sink.Take(operation.Run());
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return (double)bytes / ((long)runs * operation.Count);
    }
}
