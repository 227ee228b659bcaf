namespace Bandits.Statistics;

/// <summary>
/// Hands on the outcomes of a segment in the order of their decisions, for detectors: failures return faster than successes, and in order of arrival look
/// like a change.
/// </summary>
/// <remarks>
/// <code>
/// Source      own rule; in-order release behind a bounded window, as in a TCP receiver's reordering buffer (RFC 9293, 3.10.7.4)
/// Rule        the oldest decision waits for its outcome; outcomes of later ones wait behind it; when M wait, the oldest is given up
/// Update      Open at the decision, Fill at its outcome, then TryTake until it says no
/// Symbols     M -> capacity -> a power of two -> 64 decisions;   sequence -> the decision's, ascending
/// Cost        Open O(1) when sequences ascend, Fill O(log M), TryTake O(1), 0 B; 8 (5 + 7 M) bytes
/// Departures  none
/// Guarantee   what is taken ascends in sequence and is taken once; a lost outcome holds others back for at most M decisions. Outcomes that take longer than M
///             decisions are lost to the detectors: where only successes do, what is seen is still too dark
/// </code>
/// State: oldest entry, number of entries, last sequence taken (two halves) and whether any was; then M entries of sequence (two halves), arm, what is known,
/// quality, cost, latency. All 0 is the empty queue. Sequences need 64 bits, so each is two numbers below 2^32.
/// </remarks>
internal sealed class MaturityQueue
{
    public const int DefaultCapacity = 64;

    private const int Header = 5;
    private const int EntryLength = 7;
    private const int Filled = 1;
    private const int CostKnown = 2;
    private const int LatencyKnown = 4;

    private readonly int _capacity;

    /// <summary>Sets up the queue.</summary>
    /// <param name="capacity">M, a power of two in [1, 65536].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is out of its range.</exception>
    public MaturityQueue(int capacity = DefaultCapacity)
    {
        if (capacity is < 1 or > 1 << 16 || !int.IsPow2(capacity)) Throw.OutOfRange(nameof(capacity), capacity, "a power of two in [1, 65536] decisions");
        _capacity = capacity;
    }

    /// <summary>Numbers of the state.</summary>
    public int StateLength => Header + EntryLength * _capacity;

    /// <summary>
    /// Enters a decision; when the queue is full the oldest is given up, upon which others may be ready to take. A sequence that is already known or not above
    /// the last one taken is ignored, one out of order (decided on another thread) finds its place. False when ignored.
    /// </summary>
    public bool Open(Span<double> state, ulong sequence, int arm)
    {
        if (!IsSound(state)) state.Clear();
        if (state[4] != 0 && sequence <= Halves.Whole(state[2], state[3])) return false;
        int count = (int)state[1], at = count;
        while (at > 0 && SequenceAt(state, at - 1) >= sequence) at--;
        if (at < count && SequenceAt(state, at) == sequence) return false;
        if (count == _capacity)
        {
            if (at == 0) return false; // older than all of a full queue: it is the one to give up
            DropOldest(state);
            (count, at) = (count - 1, at - 1);
        }

        for (int i = count; i > at; i--) EntryAt(state, i - 1).CopyTo(EntryAt(state, i));
        Span<double> entry = EntryAt(state, at);
        entry.Clear();
        (entry[0], entry[1], entry[2]) = (Halves.High(sequence), Halves.Low(sequence), arm);
        state[1] = count + 1;
        return true;
    }

    /// <summary>Notes the outcome of a decision; a later one replaces it until it is taken. False when the decision is not waiting here.</summary>
    public bool Fill(Span<double> state, ulong sequence, in GradedOutcome outcome)
    {
        if (!IsSound(state)) return false;
        int low = 0, high = (int)state[1];
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (SequenceAt(state, middle) < sequence) low = middle + 1;
            else high = middle;
        }

        if (low == (int)state[1] || SequenceAt(state, low) != sequence) return false;
        Span<double> entry = EntryAt(state, low);
        entry[3] = Filled | (outcome.HasCost ? CostKnown : 0) | (outcome.HasLatency ? LatencyKnown : 0);
        (entry[4], entry[5], entry[6]) = (outcome.Quality, outcome.CostUsd, outcome.LatencySeconds);
        return true;
    }

    /// <summary>Takes the oldest outcome if nothing older is waited for.</summary>
    public bool TryTake(Span<double> state, out GradedOutcome outcome)
    {
        outcome = default;
        if (!IsSound(state) || state[1] == 0) return false;
        Span<double> entry = EntryAt(state, 0);
        int known = (int)entry[3];
        if ((known & Filled) == 0) return false;
        outcome = new GradedOutcome((int)entry[2], entry[4])
        {
            HasCost = (known & CostKnown) != 0,
            CostUsd = entry[5],
            HasLatency = (known & LatencyKnown) != 0,
            LatencySeconds = entry[6],
        };
        (state[2], state[3], state[4]) = (entry[0], entry[1], 1);
        DropOldest(state);
        return true;
    }

    /// <summary>Sequence of the outcome taken last; 0 before the first.</summary>
    public static ulong LastTaken(ReadOnlySpan<double> state) => state[4] != 0 ? Halves.Whole(state[2], state[3]) : 0;

    private Span<double> EntryAt(Span<double> state, int at) => state.Slice(Header + EntryLength * (((int)state[0] + at) & (_capacity - 1)), EntryLength);

    private ulong SequenceAt(Span<double> state, int at)
    {
        Span<double> entry = EntryAt(state, at);
        return Halves.Whole(entry[0], entry[1]);
    }

    private void DropOldest(Span<double> state)
    {
        state[0] = ((int)state[0] + 1) & (_capacity - 1);
        state[1]--;
    }

    private bool IsSound(ReadOnlySpan<double> state) => state[0] >= 0 && state[0] < _capacity && state[1] >= 0 && state[1] <= _capacity;
}
