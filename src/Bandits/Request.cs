using Bandits.Numerics;

namespace Bandits;

/// <summary>A question to the router: which arm for this segment, under these constraints.</summary>
/// <remarks>Constraints decide who may be chosen; they never enter the utility. <c>default</c> asks for the root segment without constraints.</remarks>
public readonly record struct Request
{
    /// <summary>A request for <paramref name="segment"/> without constraints.</summary>
    public Request(SegmentKey segment) => Segment = segment;

    /// <summary>Segment to decide for, from <see cref="BanditRouter.SegmentOf(ReadOnlySpan{string})"/>.</summary>
    public SegmentKey Segment { get; init; }

    /// <summary>Time of the request, UTC ticks from the caller's clock; 0 for that of <see cref="BanditRouter.SetClock"/>, and where that was never called, for leaving availability out of account.</summary>
    public long TimeTicks { get; init; }

    /// <summary>Id to use for the decision; <see cref="DecisionId.None"/> (default) lets the router count. A caller who supplies ids supplies them all, ascending.</summary>
    public DecisionId Id { get; init; }

    /// <summary>Attempt number under one task, 0 for the first; in [0, 65535].</summary>
    public int Attempt { get; init; }

    /// <summary>Id of the first decision of the task, for a further attempt; written down in the journal.</summary>
    public DecisionId Root { get; init; }

    /// <summary>
    /// Whether this attempt is made because another arm's answer was not good enough. It then sees only hard tasks, so it is evidence of cells of its own, which
    /// borrow from the segment's and lend nothing. Leave it false after an arm was unavailable: that says nothing of the task.
    /// </summary>
    public bool IsAfterFailure { get; init; }

    /// <summary>The session this request belongs to, for instance from <see cref="SessionOf"/>; 0 (default) for none. Within a session and segment the arm stays,
    /// see <see cref="RouterOptions.SwitchCostUsd"/>.</summary>
    public ulong Session { get; init; }

    /// <summary>Capabilities the arm must have, from <see cref="BanditRouter.Capabilities(ReadOnlySpan{string})"/>.</summary>
    public CapabilitySet RequiredCapabilities { get; init; }

    /// <summary>Providers that may not be chosen, from <see cref="BanditRouter.Providers(ReadOnlySpan{string})"/>: a reviewer from another provider than the author.</summary>
    public ProviderSet ExcludedProviders { get; init; }

    /// <summary>Dense indices of arms that may not be chosen, from <see cref="BanditRouter.IndexOf"/>.</summary>
    public ReadOnlyMemory<int> ExcludedArms { get; init; }

    /// <summary>Ceiling on the arm's expected cost in this segment, USD, zero or more; null for none.</summary>
    public double? MaxCostUsd { get; init; }

    /// <summary>The tenant whose spending this counts as, for instance from <see cref="TenantOf"/>; 0 (default) for none. Looked at by caps that are <see cref="SpendCap.PerTenant"/>.</summary>
    public ulong Tenant { get; init; }

    /// <summary>The most that this call can cost, whichever arm it goes to, USD, in [0, 1e6]: reserved under <see cref="RouterOptions.SpendCaps"/> until its cost is known. Null: where tokens are given
    /// (<see cref="ReserveInputTokens"/>) what they cost, else what the arm is expected to cost.</summary>
    public double? ReserveUsd { get; init; }

    /// <summary>
    /// The most input tokens of this call, 0 or more. With <see cref="ReserveOutputTokens"/> and list prices they say the most that it can cost with each arm, and that is reserved, or <see cref="ReserveUsd"/> if that is
    /// less: a cheap arm may then have room under a cap where a dear one has none. Both 0: not stated. Arms without list prices reserve as if it were not.
    /// </summary>
    public int ReserveInputTokens { get; init; }

    /// <summary>The most output tokens of this call, 0 or more; see <see cref="ReserveInputTokens"/>.</summary>
    public int ReserveOutputTokens { get; init; }

    /// <summary>Smallest context window that will do, tokens, zero or more.</summary>
    public int MinContextWindow { get; init; }

    /// <summary>Numbers that describe the task: none, or exactly <see cref="RouterOptions.FeatureCount"/> finite ones. They are copied, enter the decision where the router has a <see cref="RouterOptions.Model"/>, and come back by
    /// <see cref="BanditRouter.TryGetFeatures"/> when the outcome is known.</summary>
    public ReadOnlyMemory<float> Features { get; init; }

    /// <summary>A session's number from its name: the same in every process and version, never 0. Source: FNV-1a over UTF-16 code units (Fowler, Noll, Vo), mixed.</summary>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public static ulong SessionOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ulong hash = 0xcbf29ce484222325; // offset basis and prime of the 64-bit hash
        foreach (char unit in name) hash = (((hash ^ (byte)unit) * 0x100000001b3) ^ (byte)(unit >> 8)) * 0x100000001b3;
        hash = RandomStream.Mix(hash);
        return hash != 0 ? hash : 1;
    }

    /// <summary>A tenant's number from its name, by the rule of <see cref="SessionOf"/>: the same in every process and version, never 0.</summary>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public static ulong TenantOf(string name) => SessionOf(name);

    /// <summary>Whether it says anything of what to reserve.</summary>
    internal bool HasReserve => ReserveUsd is not null || (ReserveInputTokens | ReserveOutputTokens) != 0;

    internal bool IsUnconstrained => Session == 0 && !IsAfterFailure && IsForAllArms;

    /// <summary>Whether it leaves every arm in that takes part.</summary>
    internal bool IsForAllArms => RequiredCapabilities.Mask == 0 && ExcludedProviders.Mask == 0 && ExcludedArms.IsEmpty && MaxCostUsd is null && MinContextWindow <= 0;
}

/// <summary>A set of capabilities, as issued by a router.</summary>
public readonly record struct CapabilitySet
{
    internal CapabilitySet(ulong mask) => Mask = mask;

    internal ulong Mask { get; }
}

/// <summary>A set of providers, as issued by a router.</summary>
public readonly record struct ProviderSet
{
    internal ProviderSet(ulong mask) => Mask = mask;

    internal ulong Mask { get; }
}
