using System.Runtime.CompilerServices;

namespace Bandits.History;

/// <summary>
/// The identities of all records: 16 bytes a slot, 54 to 75 % of the slots in use, so 21 to 30 bytes for each record and no object apart from one array.
/// </summary>
/// <remarks>
/// Open addressing with linear probing. The first slot is the high half of (hash x capacity) / 2^64, which keeps hash order: growing walks
/// both arrays from front to back instead of jumping. While it grows, the old array and the new one exist together.
/// </remarks>
internal sealed class IdentitySet
{
    private const int SmallestCapacity = 8;

    // Full at 75 %, grown by 1.4 to 53.6 % in use: at most 16 / 0.536 = 29.9 bytes a record.
    private const double LargestLoad = 0.75, Growth = 1.4;

    private UInt128[] _slots = new UInt128[SmallestCapacity];
    private int _limit = (int)(SmallestCapacity * LargestLoad);

    public int Count { get; private set; }

    /// <summary>Bytes held by the slots.</summary>
    public long Bytes => (long)_slots.Length * Unsafe.SizeOf<UInt128>();

    /// <summary>Has the first slot of an identity fetched from memory while other work is done before <see cref="Add"/>.</summary>
    public void Prefetch(UInt128 identity) => Memory.Prefetch(in _slots[Home(identity, _slots.Length)]);

    /// <summary>Adds an identity; false when it is already there.</summary>
    public bool Add(UInt128 identity)
    {
        if (identity == UInt128.Zero) identity = UInt128.One; // zero marks a free slot
        UInt128[] slots = _slots;
        int i = Home(identity, slots.Length);
        while (slots[i] != UInt128.Zero)
        {
            if (slots[i] == identity) return false;
            if (++i == slots.Length) i = 0;
        }

        slots[i] = identity;
        if (++Count > _limit) Grow();
        return true;
    }

    private void Grow()
    {
        UInt128[] old = _slots;
        int capacity = checked((int)Math.Ceiling(old.Length * Growth));
        var slots = new UInt128[capacity];
        foreach (UInt128 identity in old)
        {
            if (identity == UInt128.Zero) continue;
            int i = Home(identity, capacity);
            while (slots[i] != UInt128.Zero)
            {
                if (++i == capacity) i = 0;
            }

            slots[i] = identity;
        }

        _slots = slots;
        _limit = (int)(capacity * LargestLoad);
    }

    private static int Home(UInt128 identity, int capacity) => (int)Math.BigMul((ulong)(identity >> 64), (ulong)capacity, out _);
}
