using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>What the ledger takes for each decision it can hold: the difference of two routers' sizes over the difference of their ledgers'.</summary>
internal sealed class OpenDecisionRow : Row
{
    private const int Many = 1 << 20;
    private const int Few = 1 << 16;

    public override Finding Measure(Effort effort) => new()
    {
        Name = Name,
        Bytes = Math.Round((double)(Allocated(Many) - Allocated(Few)) / (Many - Few), 2), // arrays themselves take a few bytes
        BytesGoal = Goal.AtMost(64),
        Note = "features, where they are kept, cost 4 bytes each and 32 for their guard",
    };

    private static long Allocated(int capacity)
    {
        var options = new RouterOptions { LedgerCapacity = capacity };
        long before = GC.GetAllocatedBytesForCurrentThread();
        var router = new BanditRouter(options);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(router);
        return bytes;
    }
}
