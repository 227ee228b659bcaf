using System.Runtime.CompilerServices;

namespace Bandits.Concurrency;

/// <summary>Gives out the sequences of decisions: one after the other, and in blocks while threads get in each other's way.</summary>
/// <remarks>
/// One counter that every decision raises is the one thing that threads deciding for different segments share, and a line of memory that wanders between cores costs more than a
/// decision. So when a thread's raise fails, because another came between, threads from then on take blocks of numbers; when one thread has taken many in a row, the blocks end. Nothing fails
/// in serial use, on however many threads: there the numbers are consecutive, and decisions the same bit for bit. Numbers of a block that its thread does not use are never used.
/// </remarks>
internal sealed class SequenceSource
{
    private const int MostBlock = 256;

    /// <summary>Blocks that one thread takes, and no other in between, after which numbers are given out one by one again.</summary>
    private const int CalmBlocks = 64;

    /// <summary>Of this source: a thread that uses several routers in turn keeps a block of each.</summary>
    private readonly ThreadLocal<Held> _held = new(static () => new Held());
    private readonly long _mostAge;
    private readonly long _block;
    private bool _isContended;
    private int _calm;
    private int _taker;
    private int _epoch;

    /// <param name="capacity">Capacity of the ledger: a block is at most a 64th of it, and a number older than a quarter of it is not used any more.</param>
    public SequenceSource(int capacity) => (_block, _mostAge) = (Math.Clamp(capacity / 64, 1, MostBlock), capacity / 4);

    /// <summary>The next number; <paramref name="latest"/> was raised to it, or beyond, by an interlocked operation before this returns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next(ref long latest)
    {
        if (!_isContended)
        {
            long seen = latest;
            if (Interlocked.CompareExchange(ref latest, seen + 1, seen) == seen) return (ulong)(seen + 1);
        }

        return NextOfBlock(ref latest);
    }

    /// <summary>Ends all blocks: numbers given out from now on are above the counter as it stands now.</summary>
    public void EndBlocks() => Interlocked.Increment(ref _epoch);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong NextOfBlock(ref long latest)
    {
        Held held = _held.Value!;
        if (held.Next < held.End && held.Epoch == Volatile.Read(ref _epoch) && Volatile.Read(ref latest) - held.Next < _mostAge) return (ulong)++held.Next;

        int epoch = Volatile.Read(ref _epoch);
        long seen = Volatile.Read(ref latest);
        while (true)
        {
            long before = Interlocked.CompareExchange(ref latest, seen + _block, seen);
            if (before == seen) break;
            seen = before;
        }

        int taker = Environment.CurrentManagedThreadId;
        if (!_isContended || taker != _taker) (_isContended, _taker, _calm) = (true, taker, 0);
        else if (++_calm > CalmBlocks) EndContention();

        (held.Next, held.End, held.Epoch) = (seen + 1, seen + _block, epoch);
        return (ulong)(seen + 1);
    }

    /// <summary>What is left of blocks would be below the numbers that come now, also for the same thread.</summary>
    private void EndContention()
    {
        EndBlocks();
        _isContended = false;
    }

    private sealed class Held
    {
        public long Next;
        public long End;
        public int Epoch;
    }
}
