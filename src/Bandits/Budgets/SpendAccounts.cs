using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bandits.Budgets;

/// <summary>What was spent under each cap, by tenant and window. Not thread-safe; the ledger guards it.</summary>
/// <remarks>Whenever the number of accounts has doubled, those are dropped whose window is over for longer than it lasted. Beyond the most there may be, further tenants share the accounts of those without one.</remarks>
internal sealed class SpendAccounts(int most = SpendAccounts.Most)
{
    /// <summary>Most accounts.</summary>
    public const int Most = 1 << 20;

    public const int WordsPerAccount = 5;
    private const int FirstPruned = 1024;
    private readonly Dictionary<AccountKey, Sums> _accounts = [];
    private int _pruneAt = Math.Min(FirstPruned, most);
    private int _patience;
    private long _latest;

    public int Count => _accounts.Count;

    public Dictionary<AccountKey, Sums> All => _accounts;

    /// <summary>Spent under a cap, reservations included, nano-USD.</summary>
    public long SpentOf(in AccountKey account) => _accounts.TryGetValue(account, out Sums sums) ? sums.Spent : 0;

    /// <summary>The tenant whose accounts a booking goes to: 0 in the place of one that there is no room for.</summary>
    public ulong Admit(ReadOnlySpan<ulong> caps, ulong tenant, long time)
    {
        _latest = _latest == 0 ? time : Math.Max(_latest, Math.Min(time, _latest + TimeSpan.TicksPerHour)); // one request with a time far off does not end the windows of the others
        if (_accounts.Count >= _pruneAt && --_patience < 0) Prune(_latest);
        if (tenant == 0 || _accounts.Count + caps.Length <= most) return tenant;
        foreach (ulong cap in caps)
            if (CapKey.IsPerTenant(cap) && !_accounts.ContainsKey(CapKey.AccountOf(cap, tenant, time))) return 0;
        return tenant;
    }

    /// <summary>Adds a booking, opening the account if need be.</summary>
    public void Book(in AccountKey account, long reserved)
    {
        ref Sums sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_accounts, account, out _);
        sums.Add(reserved, reserved);
    }

    /// <summary>Changes what a booking amounts to; nothing where the account is no longer kept.</summary>
    public void Change(in AccountKey account, long spent, long reserved)
    {
        ref Sums sums = ref CollectionsMarshal.GetValueRefOrNullRef(_accounts, account);
        if (!Unsafe.IsNullRef(ref sums)) sums.Add(spent, reserved);
    }

    /// <summary>Copies all accounts; five words each.</summary>
    public long[] Capture()
    {
        var words = new long[_accounts.Count * WordsPerAccount];
        int at = 0;
        foreach ((AccountKey account, Sums sums) in _accounts)
        {
            (words[at], words[at + 1], words[at + 2], words[at + 3], words[at + 4]) = ((long)account.Cap, (long)account.Tenant, account.Start, sums.Spent, sums.Reserved);
            at += WordsPerAccount;
        }

        return words;
    }

    /// <summary>Puts captured accounts back; those that cannot be right are left out and counted.</summary>
    public int Restore(ReadOnlySpan<long> words)
    {
        int dropped = words.Length % WordsPerAccount == 0 ? 0 : 1;
        for (; words.Length >= WordsPerAccount; words = words[WordsPerAccount..])
        {
            var account = new AccountKey((ulong)words[0], (ulong)words[1], words[2]);
            bool isSound = words[2] >= 0 && (ulong)words[2] <= Outcome.MaxTimeTicks && CapKey.AccountOf(account.Cap, account.Tenant, account.Start) == account && words[4] >= 0 && words[3] >= words[4];
            if (isSound && _accounts.Count < most && _accounts.TryAdd(account, new Sums { Spent = words[3], Reserved = words[4] })) continue;
            dropped++;
        }

        return dropped;
    }

    private void Prune(long now)
    {
        foreach (AccountKey account in _accounts.Keys)
        {
            long length = CapKey.LengthOf(account.Cap);
            if (account.Start <= now - 2 * length) _accounts.Remove(account);
        }

        _pruneAt = Math.Clamp(2 * _accounts.Count, Math.Min(FirstPruned, most), most);
        _patience = _accounts.Count < _pruneAt ? 0 : most / 16; // full: not at every request
    }

    /// <summary>Nano-USD.</summary>
    internal struct Sums
    {
        /// <summary>Costs that are known, and what is reserved in the place of those that are not.</summary>
        public long Spent;

        /// <summary>The part of it that is reserved.</summary>
        public long Reserved;

        /// <summary>Stays where it is rather than overflow, at nine thousand million dollars.</summary>
        public void Add(long spent, long reserved)
        {
            Spent = spent > long.MaxValue - Spent ? long.MaxValue : Math.Max(0, Spent + spent);
            Reserved = reserved > long.MaxValue - Reserved ? long.MaxValue : Math.Max(0, Reserved + reserved);
        }
    }
}
