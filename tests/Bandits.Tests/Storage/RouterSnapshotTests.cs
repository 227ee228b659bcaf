using System.Buffers.Binary;
using Bandits.Numerics;
using Bandits.Storage;

namespace Bandits.Tests.Storage;

public class RouterSnapshotTests
{
    private const int HeaderBytes = 28;

    [Fact]
    public void A_state_read_back_has_the_same_bytes()
    {
        byte[] bytes = SampleStates.Bytes();
        Assert.Equal(bytes, RouterSnapshot.ToBytes(RouterSnapshot.FromBytes(bytes)));
    }

    [Fact]
    public void Every_part_of_a_state_comes_back()
    {
        RouterState before = SampleStates.Router().CaptureState(), after = RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(before));
        Assert.Equal(before.Dimensions, after.Dimensions);
        Assert.Equal(before.Values, after.Values);
        Assert.Equal(before.Arms.Select(Described), after.Arms.Select(Described));
        Assert.Equal(before.Status, after.Status);
        Assert.Equal(before.Sequence, after.Sequence);
        Assert.Equal(before.Origins, after.Origins);
        Assert.Equal(before.Masses, after.Masses);
        Assert.Equal(before.Exploration, after.Exploration);
        Assert.Equal(before.Availability, after.Availability);
        Assert.NotEmpty(before.Availability);
        Assert.Equal(before.Ledger, after.Ledger);
        Assert.NotEmpty(before.Ledger);
        Assert.Equal(before.Segments.Length, after.Segments.Length);
        foreach ((SegmentState x, SegmentState y) in before.Segments.Zip(after.Segments))
        {
            Assert.Equal(x.Key, y.Key);
            Assert.Equal(x.Own, y.Own);
            Assert.Equal(x.Rolled, y.Rolled);
            Assert.Equal(x.Progress, y.Progress);
            Assert.Equal(x.Joined, y.Joined);
            Assert.Equal(x.Exploration, y.Exploration);
        }

        static string Described(Arm arm) => $"{arm with { Capabilities = [] }} {string.Join(",", arm.Capabilities)}";
    }

    [Fact]
    public void A_restored_router_decides_as_the_saved_one_would_have()
    {
        BanditRouter saved = SampleStates.Router();
        BanditRouter restored = BanditRouter.Restore(SampleStates.Options(), RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(saved.CaptureState())),
            out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        for (ulong i = 1; i <= 2000; i++)
        {
            var id = new DecisionId(7, 1000 + i);
            Decision[] decisions = Array.ConvertAll((BanditRouter[])[saved, restored], router =>
            {
                var request = new Request(router.SegmentOf("planner", i % 2 == 0 ? "api" : "docs"))
                {
                    Id = id,
                    TimeTicks = SampleStates.MondayTicks + (long)i * TimeSpan.TicksPerMinute
                };
                Assert.True(router.TryDecide(request, out Decision decision));
                router.Record(decision, new Outcome { Kind = i % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success, CostUsd = 0.001 * (i % 9) });
                return decision;
            });
            Assert.Equal(decisions[0], decisions[1]);
        }
    }

    [Fact]
    public void The_golden_file_of_version_1_is_still_read()
    {
        byte[] golden = File.ReadAllBytes(GoldenFile());
        RouterState state = RouterSnapshot.FromBytes(golden);
        Assert.Equal(["role", "area"], state.Dimensions);
        Assert.Equal(["small", "größer", "old"], state.Arms.Select(arm => arm.Id));
        Assert.Equal([ArmStatus.Enabled, ArmStatus.Enabled, ArmStatus.Disabled], state.Status);
        Assert.Equal(32_000, state.Arms[0].ContextWindow);
        Assert.Null(state.Arms[1].ContextWindow);
        Assert.Equal(0.6, state.Arms[1].PriorQuality);
        Assert.Equal(40, state.Sequence);
        Assert.Equal([new OriginState("history", 2, 0.5)], state.Origins);
        byte[] again = RouterSnapshot.ToBytes(state);
        Assert.Equal(again, RouterSnapshot.ToBytes(RouterSnapshot.FromBytes(again)));

        BanditRouter router = BanditRouter.Restore(SampleStates.Options(8), state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Evidence imported = router.JoinedEvidenceOf("history", router.SegmentOf("planner", "api"), router.IndexOf("small"));
        Assert.Equal((2, 1.0, 0.03), (imported.QualityCount, imported.QualitySum, imported.CostSumUsd));
        Assert.Equal(32, Enumerable.Range(0, 3).Sum(arm => router.Segments().Sum(segment => router.EvidenceOf(segment, arm).Total)));
    }

    [Fact]
    public void The_golden_file_of_version_2_is_still_read()
    {
        byte[] golden = File.ReadAllBytes(GoldenFile("router-v2.snapshot"));
        RouterState state = RouterSnapshot.FromBytes(golden);
        byte[] again = RouterSnapshot.ToBytes(state);
        Assert.Equal(again, RouterSnapshot.ToBytes(RouterSnapshot.FromBytes(again)));
        BanditRouter router = BanditRouter.Restore(SampleStates.OrderedOptions(8), state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        SegmentKey segment = router.SegmentOf("planner", "api");
        Assert.Equal((1L, 81L), (router.RestartsOf(segment, 0), router.EvidenceOf(segment, 0).QualityCount + router.ClosedEvidenceOf(segment, 0).QualityCount));
    }

    [Fact]
    public void A_snapshot_cut_at_any_byte_is_refused()
    {
        byte[] bytes = SampleStates.Bytes();
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<SnapshotException>(() => RouterSnapshot.FromBytes(bytes.AsMemory(0, length)));
        Assert.Throws<SnapshotException>(() => RouterSnapshot.FromBytes(new byte[bytes.Length]));
        Assert.Throws<SnapshotException>(() => RouterSnapshot.FromBytes((byte[])[.. bytes, 0]));
    }

    [Fact]
    public void Of_20000_mutated_snapshots_every_one_is_refused()
    {
        byte[] bytes = SampleStates.Bytes();
        var random = new RandomStream(1, new DecisionId(1, 1), StreamPurpose.Policy);
        for (int i = 0; i < 20_000; i++)
        {
            int at = random.NextBelow(bytes.Length);
            var change = (byte)(1 + random.NextBelow(255));
            bytes[at] ^= change;
            Assert.Throws<SnapshotException>(() => RouterSnapshot.FromBytes(bytes));
            bytes[at] ^= change;
        }
    }

    [Fact]
    public void Of_20000_mutations_behind_a_right_checksum_every_one_is_refused_or_restores_to_a_router_that_decides()
    {
        byte[] bytes = SampleStates.Bytes();
        var random = new RandomStream(2, new DecisionId(1, 1), StreamPurpose.Policy);
        int refused = 0, restored = 0;
        for (int i = 0; i < 20_000; i++)
        {
            var mutated = (byte[])bytes.Clone();
            for (int changes = 1 + random.NextBelow(3); changes > 0; changes--) mutated[HeaderBytes + random.NextBelow(bytes.Length - HeaderBytes)] = (byte)random.NextBelow(256);
            RouterSnapshot.Seal(mutated);
            RouterState state;
            try
            {
                state = RouterSnapshot.FromBytes(mutated);
            }
            catch (SnapshotException)
            {
                refused++;
                continue;
            }

            BanditRouter router;
            try
            {
                router = BanditRouter.Restore(SampleStates.Options(), state, out _);
            }
            catch (ArgumentException)
            {
                refused++;
                continue;
            }

            restored++;
            router.TryDecide(new Request(router.SegmentOf("planner", "api")) { TimeTicks = SampleStates.MondayTicks }, out Decision decision);
            Assert.InRange(decision.Arm, -1, router.ArmCount - 1);
        }

        Assert.True(refused > 1000 && restored > 1000, $"{refused} refused, {restored} restored");
    }

    [Fact]
    public void A_length_that_the_bytes_cannot_hold_is_refused_before_anything_is_allocated()
    {
        byte[] bytes = new byte[HeaderBytes + 6];
        SampleStates.Bytes().AsSpan(0, HeaderBytes).CopyTo(bytes);
        bytes[HeaderBytes] = 0x9a; // ten fields, the first an array of 2^31 - 1 names
        bytes[HeaderBytes + 1] = 0xdd;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(HeaderBytes + 2), int.MaxValue);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), 6);
        RouterSnapshot.Seal(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        SnapshotException e = Assert.Throws<SnapshotException>(() => RouterSnapshot.FromBytes(bytes));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
        Assert.Equal(SnapshotFault.Damaged, e.Fault);
    }

    [Fact]
    public void A_future_version_is_named_as_such()
    {
        byte[] bytes = Future.Snapshot(SampleStates.Bytes(), RouterSnapshot.FormatVersion + 1);
        SnapshotException e = Assert.Throws<SnapshotException>(() => RouterSnapshot.FromBytes(bytes));
        Assert.Equal(SnapshotFault.FutureVersion, e.Fault);
        Assert.Contains($"version {RouterSnapshot.FormatVersion + 1}", e.Message, StringComparison.Ordinal);
        bytes[30] ^= 1;
        Assert.Equal(SnapshotFault.Damaged, Assert.Throws<SnapshotException>(() => RouterSnapshot.FromBytes(bytes)).Fault); // a flipped bit is no future
    }

    private static string GoldenFile(string name = "router-v1.snapshot") => Path.Combine(AppContext.BaseDirectory, "Storage", name);
}
