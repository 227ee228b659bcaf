using System.Runtime.CompilerServices;

namespace Bandits.Concurrency;

/// <summary>A sequence lock: one writer at a time, readers never write and retry when a writer came between.</summary>
/// <remarks>
/// Odd while a writer is inside. Readers may see torn values inside the section and must use nothing of it before
/// <see cref="IsUnchanged"/> says true. Source: Boehm (2012), Can seqlocks get along with programming language memory models?, MSPC,
/// section 4; the second read of the sequence stands behind a read barrier.
/// </remarks>
internal struct SequenceLock
{
    private int _sequence;

    /// <summary>Grows with every write; even when nobody is writing.</summary>
    public readonly int Sequence => Volatile.Read(in _sequence);

    /// <summary>Waits for a moment without a writer and returns the sequence to check against.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int BeginRead()
    {
        int sequence = Volatile.Read(in _sequence);
        return (sequence & 1) == 0 ? sequence : WaitForWriter();
    }

    /// <summary>True when nothing was written since <paramref name="sequence"/> was read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsUnchanged(int sequence)
    {
        Volatile.ReadBarrier();
        return _sequence == sequence;
    }

    /// <summary>Enters as the only writer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter()
    {
        int sequence = _sequence;
        if ((sequence & 1) != 0 || Interlocked.CompareExchange(ref _sequence, sequence + 1, sequence) != sequence) EnterContended();
    }

    /// <summary>Enters unless another writer is inside.</summary>
    public bool TryEnter()
    {
        int sequence = _sequence;
        return (sequence & 1) == 0 && Interlocked.CompareExchange(ref _sequence, sequence + 1, sequence) == sequence;
    }

    /// <summary>Leaves; readers see the writes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit() => Volatile.Write(ref _sequence, _sequence + 1);

    private void EnterContended()
    {
        var spin = default(SpinWait);
        while (!TryEnter()) spin.SpinOnce(sleep1Threshold: -1);
    }

    private readonly int WaitForWriter()
    {
        var spin = default(SpinWait);
        while (true)
        {
            int sequence = Volatile.Read(in _sequence);
            if ((sequence & 1) == 0) return sequence;
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
