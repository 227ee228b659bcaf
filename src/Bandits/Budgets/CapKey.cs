using Bandits.Numerics;

namespace Bandits.Budgets;

/// <summary>What a cap is known by in accounts, snapshots and journals: 62 bits from its name and provider, then whether it is per tenant, then whether its window is a day.</summary>
internal static class CapKey
{
    private const ulong Day = 1;
    private const ulong PerTenant = 2;

    public static ulong Of(SpendCap cap)
    {
        ulong provider = cap.Provider is null ? 0 : RandomStream.Mix(Request.SessionOf(cap.Provider));
        ulong key = RandomStream.Mix(Request.SessionOf(cap.Name) ^ provider) & ~(Day | PerTenant);
        return key | (cap.Window == SpendWindow.Day ? Day : 0) | (cap.PerTenant ? PerTenant : 0);
    }

    /// <summary>Whether each tenant has an account.</summary>
    public static bool IsPerTenant(ulong key) => (key & PerTenant) != 0;

    /// <summary>Length of the window, ticks.</summary>
    public static long LengthOf(ulong key) => (key & Day) != 0 ? TimeSpan.TicksPerDay : TimeSpan.TicksPerHour;

    /// <summary>The account of a tenant at a time.</summary>
    public static AccountKey AccountOf(ulong key, ulong tenant, long time) => new(key, IsPerTenant(key) ? tenant : 0, time - time % LengthOf(key));
}

/// <summary>One account: a cap, a tenant (0 where all share it) and the beginning of a window, UTC ticks.</summary>
internal readonly record struct AccountKey(ulong Cap, ulong Tenant, long Start);
