using Bandits.Concurrency;

namespace Bandits.Tests.Concurrency;

public sealed class SequenceLockTests
{
    private SequenceLock _gate;
    private readonly long[] _words = new long[32];

    [Fact]
    public async Task A_read_that_is_confirmed_saw_no_half_of_a_write()
    {
        const int Writers = 2, Writes = 100_000, Reads = 20_000;
        using var over = new CancellationTokenSource();
        Task<int> reader = Task.Run(() => ReadConfirmed(Reads, over.Token));
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => Write(Writes))));
        await over.CancelAsync();
        Assert.True(await reader > 0);
        Assert.All(_words, word => Assert.Equal(Writers * Writes, word)); // writers excluded each other
    }

    [Fact]
    public void A_second_writer_does_not_get_in()
    {
        _gate.Enter();
        Assert.False(_gate.TryEnter());
        _gate.Exit();
        Assert.True(_gate.TryEnter());
        _gate.Exit();
    }

    [Fact]
    public void A_write_in_between_is_noticed()
    {
        int sequence = _gate.BeginRead();
        Assert.True(_gate.IsUnchanged(sequence));
        _gate.Enter();
        _gate.Exit();
        Assert.False(_gate.IsUnchanged(sequence));
    }

    private void Write(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _gate.Enter();
            foreach (ref long word in _words.AsSpan()) word++;
            _gate.Exit();
        }
    }

    private int ReadConfirmed(int most, CancellationToken over)
    {
        Span<long> copy = stackalloc long[32];
        int confirmed = 0;
        while (confirmed < most && !over.IsCancellationRequested)
        {
            int sequence = _gate.BeginRead();
            _words.CopyTo(copy);
            if (!_gate.IsUnchanged(sequence)) continue;
            confirmed++;
            foreach (long word in copy) Assert.Equal(copy[0], word);
        }

        return confirmed;
    }
}
