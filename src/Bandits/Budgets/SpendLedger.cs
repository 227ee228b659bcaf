using System.Numerics;
using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Budgets;

/// <summary>Keeps the accounts of the spend caps, and beside the decision ledger a ring of what each decision has booked, so that its outcome can settle it.</summary>
/// <remarks>
/// <para>One gate for all: a decision's caps are checked, its arm drawn and its reservation booked in one stay inside, so that threads together do not pass a cap. Nobody's policy runs in there, unless it chooses several arms
/// at once without saying probabilities.</para>
/// <para>A booking says what it amounts to now, so settling it twice, or again while a journal is replayed, changes nothing. An outcome settles before its entry is appended, and a decision is booked before its own: so a copy made after a position was noted,
/// and the entries from there on, lose nothing and count nothing twice.</para>
/// </remarks>
internal sealed class SpendLedger
{
    public const int WordsPerBooking = 7;

    /// <summary>In the place of a charge: the reservation stands.</summary>
    private const long Stands = -1;

    private const int MostKeys = 64;
    private readonly Slot[] _slots;
    private readonly int _mask;
    private readonly SpendAccounts _accounts = new();
    private SequenceLock _gate;
    private ulong[] _keys = [];
    private int _used;

    /// <param name="capacity">That of the decision ledger, a power of two.</param>
    public SpendLedger(int capacity)
    {
        _slots = new Slot[capacity];
        _mask = capacity - 1;
    }

    public void Enter() => _gate.Enter();

    public void Leave() => _gate.Exit();

    /// <summary>Inside: what caps have left for a tenant at a time, nano-USD. Returns the tenant whose accounts these are.</summary>
    public ulong ReadRoom(CapSet caps, ulong tenant, long time, Span<long> room)
    {
        tenant = _accounts.Admit(caps.Keys, tenant, time);
        for (int cap = 0; cap < caps.Count; cap++) room[cap] = caps.NanoUsd[cap] - _accounts.SpentOf(CapKey.AccountOf(caps.Keys[cap], tenant, time));
        return tenant;
    }

    /// <summary>Inside: books a decision's reservation, unless it has one. One so late that its place belongs to a later decision is spent and never settled.</summary>
    /// <param name="id">The decision.</param>
    /// <param name="caps">Keys of the caps that hold for its arm.</param>
    /// <param name="tenant">As <see cref="ReadRoom"/> returned it.</param>
    /// <param name="time">Of the request, UTC ticks.</param>
    /// <param name="reserved">Nano-USD.</param>
    public void Book(DecisionId id, ReadOnlySpan<ulong> caps, ulong tenant, long time, long reserved)
    {
        int place = (int)id.Sequence & _mask;
        ref Slot slot = ref _slots[place];
        if (slot.Id == id) return;
        foreach (ulong cap in caps) _accounts.Book(CapKey.AccountOf(cap, tenant, time), reserved);
        if (slot.Id.Sequence > id.Sequence) return;
        ulong bits = 0;
        foreach (ulong cap in caps) bits |= 1UL << BitOf(cap, caps);
        slot = new Slot { Id = id, Tenant = tenant, Time = time, Reserved = reserved, Charged = Stands, Caps = bits };
        _used = Math.Max(_used, place + 1);
    }

    /// <summary>Books a replayed decision.</summary>
    public void Rebook(DecisionId id, ReadOnlySpan<ulong> caps, ulong tenant, long time, long reserved)
    {
        Enter();
        Book(id, caps, _accounts.Admit(caps, tenant, time), time, reserved);
        Leave();
    }

    /// <summary>Puts what is known of a decision in the place of its reservation, or of what was known before.</summary>
    public void Settle(DecisionId id, in Contribution known)
    {
        ref Slot slot = ref _slots[(int)id.Sequence & _mask];
        long charged = SpendController.ChargeOf(Stands, known);
        Enter();
        if (slot.Id == id && slot.Charged != charged)
        {
            long spent = -slot.Amount, reserved = -slot.Standing;
            slot.Charged = charged;
            (spent, reserved) = (spent + slot.Amount, reserved + slot.Standing);
            for (ulong caps = slot.Caps; caps != 0; caps &= caps - 1)
                _accounts.Change(CapKey.AccountOf(_keys[BitOperations.TrailingZeroCount(caps)], slot.Tenant, slot.Time), spent, reserved);
        }

        Leave();
    }

    /// <summary>What a decision reserved, and under which caps; false when it has no booking here.</summary>
    public bool TryGetBooking(DecisionId id, Span<ulong> keys, out int count, out long reserved)
    {
        ref Slot slot = ref _slots[(int)id.Sequence & _mask];
        Enter();
        bool isBooked = slot.Id == id;
        (count, reserved) = (0, slot.Reserved);
        for (ulong caps = isBooked ? slot.Caps : 0; caps != 0 && count < keys.Length; caps &= caps - 1) keys[count++] = _keys[BitOperations.TrailingZeroCount(caps)];
        Leave();
        return isBooked;
    }

    /// <summary>The accounts of these caps.</summary>
    public List<CapAccount> Report(CapSet caps)
    {
        var found = new List<(int Cap, AccountKey Account, SpendAccounts.Sums Sums)>();
        Enter();
        try
        {
            foreach ((AccountKey account, SpendAccounts.Sums sums) in _accounts.All)
                if (Array.IndexOf(caps.Keys, account.Cap) is >= 0 and var cap) found.Add((cap, account, sums));
        }
        finally
        {
            Leave();
        }

        found.Sort(static (a, b) => (a.Cap, a.Account.Start, a.Account.Tenant).CompareTo((b.Cap, b.Account.Start, b.Account.Tenant)));
        return found.ConvertAll(account => new CapAccount(
            caps.CapAt(account.Cap).Name, account.Account.Tenant, account.Account.Start, FixedPoint.UsdFrom(account.Sums.Spent), FixedPoint.UsdFrom(account.Sums.Reserved), caps.CapAt(account.Cap).Usd));
    }

    /// <summary>Copies everything in one stay inside the gate, 56 bytes for each decision: accounts and bookings must agree.</summary>
    public CapState Capture()
    {
        var slots = new Slot[_slots.Length];
        long[] accounts;
        ulong[] keys;
        int used;
        Enter();
        try
        {
            used = _used;
            _slots.AsSpan(0, used).CopyTo(slots);
            accounts = _accounts.Capture();
            keys = _keys;
        }
        finally
        {
            Leave();
        }

        var words = new List<long>();
        foreach (ref readonly Slot slot in slots.AsSpan(0, used))
            if (!slot.Id.IsNone) words.AddRange((long)slot.Id.Incarnation, (long)slot.Id.Sequence, (long)slot.Tenant, slot.Time, slot.Reserved, slot.Charged, (long)slot.Caps);
        return new CapState { Keys = Array.ConvertAll(keys, key => (long)key), Accounts = accounts, Bookings = [.. words] };
    }

    /// <summary>Puts a copy back; accounts and bookings that cannot be right are left out and counted.</summary>
    public int Restore(CapState saved)
    {
        _keys = Array.ConvertAll(saved.Keys.Length <= MostKeys ? saved.Keys : saved.Keys[..MostKeys], key => (ulong)key);
        int dropped = _accounts.Restore(saved.Accounts);
        ReadOnlySpan<long> words = saved.Bookings;
        for (; words.Length >= WordsPerBooking; words = words[WordsPerBooking..])
        {
            var slot = new Slot { Id = new DecisionId((ulong)words[0], (ulong)words[1]), Tenant = (ulong)words[2], Time = words[3], Reserved = words[4], Charged = words[5], Caps = (ulong)words[6] };
            int place = (int)slot.Id.Sequence & _mask;
            bool isSound = slot.Id.Incarnation != 0 && slot.Id.Sequence is > 0 and <= long.MaxValue && slot.Time >= 0 && (ulong)slot.Time <= Outcome.MaxTimeTicks
                && slot.Reserved is >= 0 and <= MostNanoUsd && slot.Charged is >= Stands and <= MostNanoUsd && (_keys.Length == MostKeys || slot.Caps >> _keys.Length == 0);
            if (!isSound) dropped++;
            if (!isSound || _slots[place].Id.Sequence >= slot.Id.Sequence) continue;
            _slots[place] = slot;
            _used = Math.Max(_used, place + 1);
        }

        return dropped + (words.IsEmpty ? 0 : 1);
    }

    /// <summary>Most that a decision may cost or reserve.</summary>
    private const long MostNanoUsd = (long)(Outcome.MaxCostUsd * FixedPoint.NanoUsdPerUsd);

    /// <summary>The bit of a cap in bookings. When there is none left, one that is not among <paramref name="needed"/> is taken from its cap, whose bookings are then no longer settled.</summary>
    private int BitOf(ulong key, ReadOnlySpan<ulong> needed)
    {
        int bit = Array.IndexOf(_keys, key);
        if (bit >= 0) return bit;
        if (_keys.Length < MostKeys)
        {
            _keys = [.. _keys, key]; // a copy is being made of the former, perhaps
            return _keys.Length - 1;
        }

        bit = 0;
        while (needed.Contains(_keys[bit])) bit++; // there are fewer of these than bits
        _keys = [.. _keys];
        _keys[bit] = key;
        foreach (ref Slot slot in _slots.AsSpan(0, _used)) slot.Caps &= ~(1UL << bit);
        return bit;
    }

    /// <summary>56 bytes.</summary>
    private struct Slot
    {
        public DecisionId Id;
        public ulong Tenant;
        public long Time;
        public long Reserved;
        public long Charged;

        /// <summary>The caps booked under: the bit of a key is its place in <see cref="_keys"/>.</summary>
        public ulong Caps;

        public readonly long Amount => Charged == Stands ? Reserved : Charged;

        public readonly long Standing => Charged == Stands ? Reserved : 0;
    }
}
