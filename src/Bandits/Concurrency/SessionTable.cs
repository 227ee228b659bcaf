using System.Runtime.InteropServices;
using Bandits.Numerics;

namespace Bandits.Concurrency;

/// <summary>Which arm each session keeps in each segment: a bounded table of fixed 32-byte slots.</summary>
/// <remarks>
/// Four slots that stand together hold the sessions of one hash, the latest used first; a fifth overwrites the one that was not used for longest, and that
/// session starts anew at its next request. So with a table a sixteenth full, fewer than one session in a hundred thousand loses its arm to others. Each four
/// are guarded by one sequence lock, held for a few dozen instructions; nothing is allocated. A session's requests are expected one after another: of two
/// that start it at the same time, the later one's arm stays.
/// </remarks>
internal sealed class SessionTable
{
    public const int WordsPerSlot = 4;
    private const int Ways = 4;
    private readonly Slot[] _slots;
    private readonly ulong _mask;

    public SessionTable(int capacity)
    {
        _slots = new Slot[capacity];
        _mask = (ulong)(capacity / Ways - 1);
    }

    /// <summary>The arm that a session keeps in a segment, and how it was drawn.</summary>
    public bool TryGet(ulong session, ulong segment, out SessionArm kept)
    {
        Span<Slot> slots = SlotsOf(session, segment);
        ref SequenceLock gate = ref slots[0].Gate;
        gate.Enter();
        int at = Find(slots, session, segment);
        kept = at < 0 ? default : slots[at].Kept;
        if (at > 0) MoveToFront(slots, at);
        gate.Exit();
        return at >= 0;
    }

    /// <summary>As <see cref="TryGet"/>, and leaves no trace.</summary>
    public bool TryPeek(ulong session, ulong segment, out SessionArm kept)
    {
        Span<Slot> slots = SlotsOf(session, segment);
        while (true)
        {
            int sequence = slots[0].Gate.BeginRead();
            int at = Find(slots, session, segment);
            kept = at < 0 ? default : slots[at].Kept;
            if (slots[0].Gate.IsUnchanged(sequence)) return at >= 0;
        }
    }

    /// <summary>Starts a session in a segment, or starts it again.</summary>
    public void Put(ulong session, ulong segment, in SessionArm kept)
    {
        Span<Slot> slots = SlotsOf(session, segment);
        ref SequenceLock gate = ref slots[0].Gate;
        gate.Enter();
        int at = Find(slots, session, segment);
        MoveToFront(slots, at < 0 ? Ways - 1 : at);
        slots[0].Session = session;
        slots[0].Segment = segment;
        slots[0].Kept = kept;
        gate.Exit();
    }

    /// <summary>Copies all slots in use; four words each.</summary>
    public long[] Capture()
    {
        var words = new List<long>();
        Span<Slot> copy = stackalloc Slot[Ways];
        for (int first = 0; first < _slots.Length; first += Ways)
        {
            _slots[first].Gate.Enter();
            _slots.AsSpan(first, Ways).CopyTo(copy);
            _slots[first].Gate.Exit();
            copy[0].Gate = default;
            foreach (ref Slot slot in copy)
                if (slot.Session != 0) words.AddRange(MemoryMarshal.Cast<Slot, long>(new ReadOnlySpan<Slot>(in slot)));
        }

        return [.. words];
    }

    /// <summary>Puts captured slots back, the latest used last so that it comes to the front; those that cannot be valid are left out and counted.</summary>
    public int Restore(ReadOnlySpan<long> words, int arms)
    {
        int dropped = 0;
        ReadOnlySpan<Slot> saved = MemoryMarshal.Cast<long, Slot>(words[..(words.Length - words.Length % WordsPerSlot)]);
        for (int i = saved.Length - 1; i >= 0; i--)
        {
            SessionArm kept = saved[i].Kept;
            if (saved[i].Session == 0 || kept.Arm >= arms || (kept.Traits & DecisionTraits.AfterFailure) != 0 || !(double.IsNaN(kept.Propensity) || kept.Propensity is > 0 and <= 1)) dropped++;
            else Put(saved[i].Session, saved[i].Segment, kept);
        }

        return dropped;
    }

    private Span<Slot> SlotsOf(ulong session, ulong segment) =>
        _slots.AsSpan((int)(RandomStream.Mix(session + RandomStream.Mix(segment)) & _mask) * Ways, Ways);

    private static int Find(ReadOnlySpan<Slot> slots, ulong session, ulong segment)
    {
        for (int i = 0; i < slots.Length; i++)
            if (slots[i].Session == session && slots[i].Segment == segment) return i;
        return -1;
    }

    /// <summary>Inside the gate, which stays where it is.</summary>
    private static void MoveToFront(Span<Slot> slots, int at)
    {
        Slot moved = slots[at];
        for (; at > 0; at--) slots[at].CopyContent(slots[at - 1]);
        slots[0].CopyContent(moved);
    }

    /// <summary>32 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 32)]
    private struct Slot
    {
        public ulong Session;
        public ulong Segment;
        public double Propensity;

        /// <summary>Used in the first of four slots only.</summary>
        public SequenceLock Gate;

        public ushort Arm;
        public DecisionTraits Traits;

        public SessionArm Kept
        {
            readonly get => new(Arm, Propensity, Traits);
            set => (Arm, Propensity, Traits) = ((ushort)value.Arm, value.Propensity, value.Traits);
        }

        public void CopyContent(in Slot other)
        {
            Session = other.Session;
            Segment = other.Segment;
            Kept = other.Kept;
        }
    }
}

/// <summary>The arm a session keeps.</summary>
/// <param name="Arm">Dense index.</param>
/// <param name="Propensity">Probability with which it was drawn when the session started; NaN when that was not computed.</param>
/// <param name="Traits">Why it came out so then.</param>
internal readonly record struct SessionArm(int Arm, double Propensity, DecisionTraits Traits);
