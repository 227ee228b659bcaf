using System.Runtime.InteropServices;
using Bandits.Concurrency;
using Bandits.Tests.Support;

namespace Bandits.Tests.Reliability;

/// <summary>A state is copied while others change what it consists of.</summary>
public sealed class CaptureTests
{
    [Fact]
    public async Task Every_arm_that_a_captured_cell_or_slot_names_is_captured_too()
    {
        BanditRouter router = Given.Router(o => (o.LedgerCapacity, o.Strategy) = (1 << 12, Strategy.AdaptiveDrift));
        SegmentKey[] segments = [.. Enumerable.Range(0, 40).Select(n => router.SegmentOf("role-" + n))];
        using var over = new CancellationTokenSource();
        Task adding = Task.Run(() =>
        {
            for (int i = 0; i < 400 && !over.IsCancellationRequested; i++)
            {
                int arm = router.AddArm(new Arm { Id = "late-" + i });
                foreach (SegmentKey segment in segments) router.Record(router.Force(segment, arm), new Outcome { Kind = OutcomeKind.Success });
            }
        });
        while (!adding.IsCompleted)
        {
            RouterState state = router.CaptureState();
            Assert.All(state.Segments, segment => Assert.InRange(segment.Own.Length / Evidence.WordCount, 0, state.Arms.Length));
            foreach (DecisionLedger.Slot slot in MemoryMarshal.Cast<long, DecisionLedger.Slot>(state.Ledger)) Assert.InRange(slot.Arm, 0, state.Arms.Length - 1);
        }

        await over.CancelAsync();
        await adding;
    }
}
