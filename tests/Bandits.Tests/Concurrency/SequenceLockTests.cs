using Bandits.Concurrency;

namespace Bandits.Tests.Concurrency;

public sealed class SequenceLockTests
{
    private SequenceLock _gate;
    private readonly long[] _words = new long[32];

    [Fact]
    public async Task A_read_that_is_confirmed_saw_no_half_of_a_write()
    {
        using var over = new CancellationTokenSource();
        Task<long>[] writers = [Task.Run(() => Write(over.Token)), Task.Run(() => Write(over.Token))];
        int torn = await Task.Run(() => ReadConfirmed(20_000));
        await over.CancelAsync();
        long writes = (await Task.WhenAll(writers)).Sum();
        Assert.Equal(0, torn);
        Assert.All(_words, word => Assert.Equal(writes, word)); // writers excluded each other
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

    private long Write(CancellationToken over)
    {
        long times = 0;
        for (; !over.IsCancellationRequested; times++)
        {
            _gate.Enter();
            foreach (ref long word in _words.AsSpan()) word++;
            _gate.Exit();
            Thread.SpinWait(20);
        }

        return times;
    }

    private int ReadConfirmed(int times)
    {
        Span<long> copy = stackalloc long[32];
        int confirmed = 0, torn = 0;
        while (confirmed < times)
        {
            int sequence = _gate.BeginRead();
            _words.CopyTo(copy);
            if (!_gate.IsUnchanged(sequence)) continue;
            confirmed++;
            if (copy.ContainsAnyExcept(copy[0])) torn++;
        }

        return torn;
    }
}
