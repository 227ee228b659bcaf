using System.Globalization;

namespace Bandits;

/// <summary>The most that may be spent in an hour or a day: by everybody or by each tenant, on every arm or on those of one provider. Immutable.</summary>
/// <remarks>
/// <para>A decision reserves what its call may cost in every cap that applies to its arm, and an arm that one of them has no room for is not eligible (<see cref="Ineligibility.OverCap"/>): so caps nest, and decisions
/// go to cheaper arms, or those of another provider, before they are refused. Checking and reserving are one step, so threads together do not pass a cap either. The outcome's cost comes in the place of the
/// reservation; a failure that says no cost, and a decision of which nothing is ever heard, keep it; an arm that refused (<see cref="OutcomeKind.Unavailable"/>) gives it back.</para>
/// <para>Where requests state the most that their call can cost (<see cref="Request.ReserveUsd"/>, <see cref="Request.ReserveInputTokens"/>) and calls keep to it, a cap is never passed. Where they do not, the expected cost is
/// reserved, and a cap is passed by at most what the calls under way cost more than that; <see cref="BanditRouter.ReadCaps"/> reports by how much. A reservation of $0 always fits.</para>
/// <para>Windows are those of the UTC calendar, by the time of the request. A cap is known by everything but <see cref="Usd"/>: that may change while the router runs, and what was spent stays; one that differs
/// in anything else begins at $0.</para>
/// </remarks>
public sealed record SpendCap
{
    /// <summary>Name in reports, unique; 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The most that may be spent in one window, USD, in [1e-9, 1e9].</summary>
    public required double Usd { get; init; }

    /// <summary>The window that it holds for.</summary>
    /// <value><see cref="SpendWindow.Hour"/></value>
    public SpendWindow Window { get; init; }

    /// <summary>Whether each tenant (<see cref="Request.Tenant"/>) has an account of its own; else all share one. Requests without a tenant share one in any case.</summary>
    /// <value>false</value>
    public bool PerTenant { get; init; }

    /// <summary>Provider (<see cref="Arm.Provider"/>) whose arms it holds for; 1 to 200 characters, or null for all arms.</summary>
    /// <value>null</value>
    public string? Provider { get; init; }

    internal void Validate(List<string> faults)
    {
        if (Name is not { Length: >= 1 and <= 200 }) faults.Add($"SpendCap.Name has {Name?.Length ?? 0} characters; the allowed range is 1 to 200.");
        Fault.Check(faults, Usd is >= 1e-9 and <= 1e9, $"SpendCap '{Name}': Usd", Usd, "[1e-9, 1e9] USD");
        if (!Enum.IsDefined(Window)) faults.Add($"SpendCap '{Name}': Window is {(int)Window}; the allowed values are Hour, Day.");
        if (Provider is { Length: 0 or > 200 }) faults.Add($"SpendCap '{Name}': Provider has {Provider.Length} characters; the allowed range is 1 to 200, or null.");
    }

    /// <summary>What it says, in one line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}: {Usd} USD per {Window}{(PerTenant ? ", each tenant" : "")}{(Provider is null ? "" : $", provider {Provider}")}");
}
