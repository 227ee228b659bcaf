using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bandits.Concurrency;
using Bandits.Numerics;
using Bandits.Reliability.Disk;
using Bandits.Storage;
using Bandits.Storage.Journal;
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

    /// <summary>It would be taken for the decision that gets its number, and that one's outcome be refused.</summary>
    [Fact]
    public void A_slot_of_a_decision_to_come_is_dropped()
    {
        BanditRouter original = Given.Router();
        original.Force(original.SegmentOf("planner"), 0);
        RouterState state = original.CaptureState();
        foreach (ref DecisionLedger.Slot slot in MemoryMarshal.Cast<long, DecisionLedger.Slot>(state.Ledger.AsSpan())) slot.Sequence = 2;
        BanditRouter router = BanditRouter.Restore(Given.Options(), state, out IReadOnlyList<string> faults);
        Assert.Contains("open decision", Assert.Single(faults), StringComparison.Ordinal);
        Decision decision = router.Force(router.SegmentOf("other"), 1);
        Assert.Equal(2UL, decision.Id.Sequence);
        Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
    }

    [Fact]
    public void The_last_opening_there_is_is_followed_by_one_that_can_be_saved()
    {
        RouterState state = Given.Router().CaptureState();
        state.Openings[^1] = new OpeningState(99, 0, 0, long.MaxValue);
        BanditRouter router = BanditRouter.Restore(Given.Options(), state, out _);
        RouterState again = RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(router.CaptureState()));
        Assert.Equal(long.MaxValue, again.Openings[^1].Number);
    }

    /// <summary>A few bytes for each of many segments, in a router of many arms.</summary>
    [Fact]
    public void A_state_cannot_ask_for_more_cells_than_are_allowed()
    {
        Arm[] arms = Given.Twins(2000);
        BanditRouter original = Given.Router(o => (o.Dimensions, o.ImmediateRollUp) = (["area"], true), arms);
        for (int i = 0; i < 40; i++) original.Feed(original.SegmentOf("area-" + i), 0, new Outcome { Kind = OutcomeKind.Success });
        original.Join("elsewhere", 1, 0.5, [.. Enumerable.Range(0, 40).Select(i => new JoinedEvidence(new[] { "area-" + i }, "arm-0", Given.Evidence(1, 1)))]);
        RouterState state = original.CaptureState();
        long before = GC.GetAllocatedBytesForCurrentThread();
        BanditRouter small = BanditRouter.Restore(Given.Options(o => (o.Dimensions, o.MaxRestoredCells) = (["area"], 1024), arms), state, out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20); // as many cells as are used, not as there are arms
        Assert.Equal(40, small.EvidenceOf(0).Total);

        long[] farthest = new long[2000 * Evidence.WordCount]; // evidence of the last arm in every segment
        Given.Words(Given.Evidence(1, 0)).CopyTo(farthest, 1999 * Evidence.WordCount);
        foreach (SegmentState segment in state.Segments) segment.Joined[0] = farthest;
        Assert.Contains(
            nameof(RouterOptions.MaxRestoredCells),
            Assert.Throws<InsufficientMemoryException>(() => BanditRouter.Restore(Given.Options(o => (o.Dimensions, o.MaxRestoredCells) = (["area"], 1024), arms), state, out _)).Message,
            StringComparison.Ordinal);
        small.Feed(small.SegmentOf("area-0"), 1999, new Outcome { Kind = OutcomeKind.Success }); // what comes later is not held to it
        Assert.Equal(1, small.EvidenceOf(small.SegmentOf("area-0"), 1999).Total);
    }

    /// <summary>Every sixteen bytes a frame of a megabyte that names its own place and is none.</summary>
    [Fact]
    public void Frames_in_frames_do_not_keep_a_reader_for_ever()
    {
        const int Bytes = 24 << 20;
        byte[] file = new byte[JournalSegment.HeaderBytes + Bytes];
        new JournalSegment(0, 1).WriteTo(file);
        for (int at = 0; at + Frame.HeaderBytes <= Bytes - Frame.MostPayload; at += Frame.HeaderBytes)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(JournalSegment.HeaderBytes + at), Frame.MostPayload);
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(JournalSegment.HeaderBytes + at + 8), at);
        }

        var disk = new FaultyDisk();
        disk.Put("/store/" + JournalSegment.NameOf(0), file);
        Recovery read = Recovery.Read("/store", Given.Options(), disk.Mount()); // a million and a half candidates: hours, were all of them looked at
        Assert.Equal((0, 1), (read.Report.Entries, read.Report.Damage.Count));
    }

    [Fact]
    public void A_policy_that_throws_stops_nobody()
    {
        BanditRouter router = Given.Router(o => o.Policy = new Thrower());
        SegmentKey segment = router.SegmentOf("planner");
        Decision decision = router.Force(segment, 1);
        Assert.IsType<NotSupportedException>(Assert.Throws<InvalidOperationException>(() => router.Record(decision, new Outcome { Kind = OutcomeKind.Success })).InnerException);
        Assert.Equal(1, router.EvidenceOf(segment, 1).Total);
        Assert.Equal(Recorded.AlreadyKnown, router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
        Assert.True(router.TryDecide(new Request(segment), out decision));
        Assert.Throws<InvalidOperationException>(() => router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
    }

    private sealed class Thrower : IStatefulPolicy
    {
        public PolicyTraits Traits => default;

        public int HeaderLength => 1;

        public int ArmLength => 1;

        public int Choose(in Choices choices, ref RandomStream random) => 0;

        public bool TryGetPmf(in Choices choices, Span<double> pmf) => false;

        public void Learn(Span<double> state, in Feedback feedback) => throw new NotSupportedException("injected");

        public bool TryRetract(Span<double> state, in Feedback feedback) => throw new NotSupportedException("injected");
    }
}
