using System.Runtime.CompilerServices;
using Bandits.Concurrency;

namespace Bandits.Tests.Concurrency;

public sealed class FeatureArenaTests
{
    [Fact]
    public void A_decision_costs_four_bytes_a_feature_and_forty_eight()
    {
        Assert.Equal(48, Unsafe.SizeOf<FeatureArena.Slot>());
        long before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(new FeatureArena(1 << 16, 5));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, (1 << 16) * 68, (1 << 16) * 68 + 9_000); // and the rest of a buffer
    }

    [Fact]
    public void A_decision_that_comes_a_ring_too_late_leaves_the_later_one_alone()
    {
        var arena = new FeatureArena(16, 2);
        Decision early = new() { Id = new DecisionId(1, 3) }, late = new() { Id = new DecisionId(1, 19) };
        var numbers = new float[2];
        arena.Put(late, [1, 2], default);
        arena.Put(early, [3, 4], default);
        Assert.False(arena.TryGet(early, numbers));
        Assert.True(arena.TryGet(late, numbers));
        Assert.Equal([1, 2], numbers);
    }

    /// <summary>Everything that names a decision counts: two routers may have the same incarnation.</summary>
    [Fact]
    public void Only_the_very_decision_gets_the_numbers()
    {
        var arena = new FeatureArena(16, 2);
        var own = new Decision { Id = new DecisionId(1, 3), Segment = new SegmentKey(7), Arm = 2 };
        arena.Put(own, [1, 2], default);
        Assert.True(arena.TryGet(own, new float[2]));
        Assert.All(
            (Decision[])[own with { Id = new DecisionId(2, 3) }, own with { Id = new DecisionId(1, 19) }, own with { Segment = new SegmentKey(8) }, own with { Arm = 1 }],
            other => Assert.False(arena.TryGet(other, new float[2])));
    }

    /// <summary>Two writers take turns in one slot, and a reader asks for what was written last.</summary>
    [Fact]
    public async Task Under_a_race_nobody_gets_the_numbers_of_another_decision()
    {
        const int Features = 4096, Ring = 16, Reads = 50_000;
        var arena = new FeatureArena(Ring, Features);
        long turn = 0, written = 0;
        using var over = new CancellationTokenSource();
        Task[] writers = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(Write, TaskCreationOptions.LongRunning))];
        int found = await Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
        await over.CancelAsync();
        await Task.WhenAll(writers);
        Assert.Equal(Reads, found);
        Assert.True(arena.TryGet(At(turn), new float[Features]), "An earlier decision pushed out the last.");

        void Write()
        {
            var numbers = new float[Features];
            while (!over.IsCancellationRequested)
            {
                long mine = Interlocked.Increment(ref turn);
                Array.Fill(numbers, mine);
                arena.Put(At(mine), numbers, default);
                Volatile.Write(ref written, mine);
            }
        }

        int Read()
        {
            var numbers = new float[Features];
            int found = 0;
            for (int attempt = 0; attempt < 10_000_000 && found < Reads; attempt++)
            {
                long wanted = Volatile.Read(ref written);
                if (wanted == 0 || !arena.TryGet(At(wanted), numbers)) continue;
                if (numbers.AsSpan().ContainsAnyExcept(wanted)) return -1;
                found++;
            }

            return found;
        }

        static Decision At(long turn) => new() { Id = new DecisionId(1, (ulong)turn * Ring) };
    }
}
