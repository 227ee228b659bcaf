using System.Runtime.InteropServices;
using Bandits.Concurrency;
using Bandits.Tests.Support;

namespace Bandits.Tests.Reliability;

/// <summary>Numbers at the edge of what may be supplied or stored do not keep a router from expiring.</summary>
public sealed class HostileStateTests
{
    [Fact]
    public void The_last_sequence_there_is_expires()
    {
        BanditRouter router = Given.Router();
        Assert.True(router.TryDecide(new Request(router.SegmentOf("planner")) { Id = new DecisionId(1, long.MaxValue) }, out _));
        Assert.Equal(1, router.Expire(1000, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(Strategy.Learning)]
    [InlineData(Strategy.AdaptiveDrift)]
    public void A_slot_that_names_any_other_node_neither_throws_nor_hangs(Strategy strategy)
    {
        BanditRouter original = Given.Router(o => o.Strategy = strategy);
        for (int i = 0; i < 6; i++) Assert.True(original.TryDecide(new Request(original.SegmentOf("role-" + i % 2, "area-" + i % 3)) { IsAfterFailure = i == 5, Attempt = i / 5 }, out _));
        for (int node = 0; node < original.Nodes.Length; node++)
        {
            RouterState state = original.CaptureState();
            foreach (ref DecisionLedger.Slot slot in MemoryMarshal.Cast<long, DecisionLedger.Slot>(state.Ledger.AsSpan())) slot.Segment = node;
            BanditRouter router = BanditRouter.Restore(Given.Options(o => o.Strategy = strategy), state, out _);
            router.Expire(1000, TimeSpan.Zero);
            Assert.True(router.TryDecide(new Request(router.SegmentOf("role-0", "area-0")), out Decision decision));
            Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
        }
    }
}
