namespace Bandits;

/// <summary>Where the spend caps in force stand, at one moment; from <see cref="BanditRouter.ReadCaps"/>.</summary>
public sealed class CapReport
{
    internal CapReport(IReadOnlyList<CapAccount> accounts)
    {
        Accounts = accounts;
        foreach (CapAccount account in accounts) OvershootUsd += account.OvershootUsd;
    }

    /// <summary>The accounts that are kept, in the order of caps, windows and tenants: of each window that anything was spent in, for at least as long again as it lasted.</summary>
    public IReadOnlyList<CapAccount> Accounts { get; }

    /// <summary>By how much they were passed in all, USD. What nested caps were passed by together counts in each of them.</summary>
    public double OvershootUsd { get; }
}

/// <summary>What was spent under one cap, by one tenant if the cap is per tenant, in one window.</summary>
/// <param name="Cap">Name of the cap.</param>
/// <param name="Tenant">Number of the tenant; 0 where all share the account, or had none.</param>
/// <param name="WindowTicks">Beginning of the window, UTC ticks.</param>
/// <param name="SpentUsd">Costs that are known, and reservations of calls whose cost is not, USD.</param>
/// <param name="ReservedUsd">The part of <paramref name="SpentUsd"/> that is reserved, USD.</param>
/// <param name="CapUsd">The most that may be spent, USD.</param>
public readonly record struct CapAccount(string Cap, ulong Tenant, long WindowTicks, double SpentUsd, double ReservedUsd, double CapUsd)
{
    /// <summary>By how much the cap was passed: calls cost more than was reserved for them, or a last resort was used; USD, 0 or more.</summary>
    public double OvershootUsd => Math.Max(0, SpentUsd - CapUsd);
}
