using System.Collections.Concurrent;
using Bandits.Concurrency;

namespace Bandits.Tests.Concurrency;

/// <summary>Sequences are unique under any number of threads, and consecutive where none disturbs another.</summary>
public sealed class SequenceSourceTests
{
    private long _latest;

    [Fact]
    public async Task In_serial_use_they_are_consecutive_on_whatever_thread()
    {
        var source = new SequenceSource(65536);
        for (ulong i = 1; i <= 200; i++) Assert.Equal(i, await Task.Run(() => source.Next(ref _latest)));
        Assert.Equal(200, _latest);
    }

    [Fact]
    public async Task Threads_at_once_never_get_the_same_and_calm_brings_order_back()
    {
        var source = new SequenceSource(1 << 20);
        var all = new ConcurrentBag<ulong[]>();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
        {
            ulong[] mine = new ulong[50_000];
            for (int i = 0; i < mine.Length; i++) mine[i] = source.Next(ref _latest);
            Assert.True(mine.AsSpan().SequenceEqual([.. mine.Order()]), "A thread's numbers do not rise.");
            all.Add(mine);
        })));
        Assert.Equal(300_000, all.SelectMany(mine => mine).Distinct().Count());
        Assert.InRange(_latest, 300_000, 450_000);
        for (int i = 0; i < 100_000; i++) source.Next(ref _latest);
        ulong last = source.Next(ref _latest);
        Assert.Equal(last + 1, source.Next(ref _latest));
        Assert.Equal(last + 1, (ulong)_latest);
    }

    /// <summary>Threads that use two routers in turn do not throw away a block at every step.</summary>
    [Fact]
    public async Task Two_sources_in_turn_use_their_blocks()
    {
        SequenceSource one = new(1 << 20), other = new(1 << 20);
        long latestOther = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 50_000; i++)
            {
                one.Next(ref _latest);
                other.Next(ref latestOther);
            }
        })));
        Assert.InRange(_latest, 200_000, 300_000);
        Assert.InRange(latestOther, 200_000, 300_000);
    }

    [Fact]
    public async Task After_blocks_are_ended_every_number_is_above_those_before()
    {
        var source = new SequenceSource(1 << 20);
        long mark = 0;
        for (int round = 0; round < 50; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                for (int i = 0; i < 500; i++) Assert.True(source.Next(ref _latest) > (ulong)Volatile.Read(ref mark));
            })));
            source.EndBlocks();
            Volatile.Write(ref mark, Volatile.Read(ref _latest));
        }
    }

    [Fact]
    public async Task A_small_ledger_is_not_emptied_by_blocks()
    {
        var source = new SequenceSource(16);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++) source.Next(ref _latest);
        })));
        Assert.Equal(80_000, _latest);
    }
}
