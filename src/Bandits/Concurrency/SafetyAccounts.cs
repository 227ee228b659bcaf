namespace Bandits.Concurrency;

/// <summary>The accounts of the safety gate by scope: the number of a value in the gate's dimension, or 0 where the whole router is the scope.</summary>
internal sealed class SafetyAccounts
{
    private readonly Lock _growing = new();
    private SafetyAccount?[] _accounts = [];

    /// <summary>The account of a scope, or null before its first decision.</summary>
    public SafetyAccount? Find(int scope)
    {
        SafetyAccount?[] accounts = Volatile.Read(ref _accounts);
        return scope < accounts.Length ? Volatile.Read(ref accounts[scope]) : null;
    }

    /// <summary>The account of a scope, begun if need be; decisions up to <paramref name="since"/> are not in it.</summary>
    public SafetyAccount Of(int scope, long since, int arms)
    {
        if (Find(scope) is { } known) return known;
        lock (_growing)
        {
            if (Find(scope) is { } found) return found;
            return Add(scope, new SafetyAccount(since, arms));
        }
    }

    /// <summary>Copies all accounts, by scope.</summary>
    public SafetyState[] Capture()
    {
        var states = new List<SafetyState>();
        SafetyAccount?[] accounts = Volatile.Read(ref _accounts);
        for (int scope = 0; scope < accounts.Length; scope++)
            if (Find(scope) is { } account) states.Add(account.Capture(scope));
        return [.. states];
    }

    /// <summary>Puts captured accounts back; those that cannot be right are left out and counted.</summary>
    public int Restore(ReadOnlySpan<SafetyState> saved, int scopes, int arms)
    {
        int dropped = 0;
        foreach (SafetyState state in saved)
        {
            if ((uint)state.Scope < (uint)scopes && Find(state.Scope) is null && SafetyAccount.Restore(state, arms) is { } account) Add(state.Scope, account);
            else dropped++;
        }

        return dropped;
    }

    private SafetyAccount Add(int scope, SafetyAccount account)
    {
        SafetyAccount?[] accounts = _accounts;
        if (scope >= accounts.Length) Array.Resize(ref accounts, Math.Max(scope + 1, 2 * accounts.Length));
        Volatile.Write(ref accounts[scope], account);
        Volatile.Write(ref _accounts, accounts);
        return account;
    }
}
