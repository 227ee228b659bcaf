using System.Numerics;
using Bandits.Statistics;

namespace Bandits.Budgets;

/// <summary>The caps in force, and which of them hold for which arm. Immutable.</summary>
internal sealed class CapSet
{
    /// <summary>Most caps of a router.</summary>
    public const int Most = 32;

    private readonly SpendCap[] _caps;
    private readonly string? _lastResortId;
    private readonly ulong[] _ofArm;

    private CapSet(SpendCap[] caps, string? lastResortId, ArmCatalog catalog)
    {
        (_caps, _lastResortId) = (caps, lastResortId);
        Keys = Array.ConvertAll(caps, CapKey.Of);
        NanoUsd = Array.ConvertAll(caps, cap => FixedPoint.NanoUsd(cap.Usd));
        LastResort = lastResortId is not null && catalog.TryIndexOf(lastResortId, out int arm) ? arm : -1;
        _ofArm = new ulong[catalog.Count];
        for (int i = 0; i < _ofArm.Length; i++)
            for (int cap = 0; cap < caps.Length; cap++)
                if (caps[cap].Provider is not { } provider || provider == catalog.Arms[i].Provider) _ofArm[i] |= 1UL << cap;
    }

    /// <summary>Number of caps.</summary>
    public int Count => _caps.Length;

    /// <summary>By cap: its <see cref="CapKey"/>.</summary>
    public ulong[] Keys { get; }

    /// <summary>By cap: what may be spent in a window.</summary>
    public long[] NanoUsd { get; }

    /// <summary>Dense index of the arm that is chosen when caps leave none; -1 for none.</summary>
    public int LastResort { get; }

    /// <summary>Null where there are no caps.</summary>
    public static CapSet? Of(RouterOptions options, ArmCatalog catalog) => options.SpendCaps.Count == 0 ? null : new CapSet([.. options.SpendCaps], options.LastResortArmId, catalog);

    /// <summary>The same caps for other arms.</summary>
    public CapSet For(ArmCatalog catalog) => new(_caps, _lastResortId, catalog);

    public SpendCap CapAt(int cap) => _caps[cap];

    /// <summary>Whether all caps of an arm have room for a reservation.</summary>
    /// <param name="arm">Dense index.</param>
    /// <param name="reserved">What its call may cost, nano-USD.</param>
    /// <param name="room">By cap: what is left, nano-USD.</param>
    public bool HasRoom(int arm, long reserved, ReadOnlySpan<long> room)
    {
        if (reserved == 0) return true;
        for (ulong caps = _ofArm[arm]; caps != 0; caps &= caps - 1)
            if (reserved > room[BitOperations.TrailingZeroCount(caps)]) return false;
        return true;
    }

    /// <summary>Whether a cap holds for an arm.</summary>
    public bool Holds(int cap, int arm) => (_ofArm[arm] >> cap & 1) != 0;

    /// <summary>Writes the keys of an arm's caps; returns how many.</summary>
    public int KeysOf(int arm, Span<ulong> keys)
    {
        int count = 0;
        for (ulong caps = _ofArm[arm]; caps != 0; caps &= caps - 1) keys[count++] = Keys[BitOperations.TrailingZeroCount(caps)];
        return count;
    }

    /// <summary>What a call may cost, nano-USD: the stated maximum, by tokens and list prices where these are known, else what is expected.</summary>
    public static long Reservation(in Request request, Arm arm, double expectedUsd)
    {
        double usd = request.ReserveUsd ?? double.PositiveInfinity;
        if ((request.ReserveInputTokens | request.ReserveOutputTokens) != 0 && arm.ListCostUsd(request.ReserveInputTokens, request.ReserveOutputTokens) is { } priced) usd = Math.Min(usd, priced);
        if (double.IsPositiveInfinity(usd)) usd = expectedUsd;
        return usd > 0 ? FixedPoint.NanoUsd(Math.Min(usd, Outcome.MaxCostUsd)) : 0;
    }

    /// <summary>The caps' lines with "; " between them; of names, a backslash stands before what a line is made of, so that it can be read again.</summary>
    public override string ToString() => string.Join("; ", Array.ConvertAll(_caps, cap => (cap with { Name = Marked(cap.Name), Provider = cap.Provider is { } provider ? Marked(provider) : null }).ToString()));

    private static string Marked(string name) => name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
