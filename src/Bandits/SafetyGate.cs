namespace Bandits;

/// <summary>
/// A promise about quality while the router learns: in a scope, with probability at least 1 - <see cref="Delta"/> and at every moment, the expected quality
/// of all its decisions so far is at least (1 - <see cref="Fraction"/>) times what the baseline arm would have had. Immutable.
/// </summary>
/// <remarks>
/// Quality in [0, 1] is what counts, whatever the objective. An arm that could break the promise even so little as its confidence bounds allow is not drawn;
/// its probability goes to the baseline arm, and the decision says so (<see cref="DecisionTraits.Gated"/>). Where the baseline arm is not eligible the gate
/// does not apply, and the decision says that (<see cref="DecisionTraits.Ungated"/>) and is left out of the account. A decision that has no grade yet, or
/// never gets one, counts as quality 0, except the baseline arm's own, which are what they are compared with. The promise assumes that within a scope an
/// arm's quality does not change, neither over time nor from segment to segment: choose the scope so. A detected change restarts the account, and the promise
/// then holds from there. Each node keeps its own account; every decision under a gate is planned anew.
/// Source: Wu, Shariff, Lattimore, Szepesvari (2016), Conservative bandits, ICML.
/// </remarks>
public sealed record SafetyGate
{
    /// <summary>Id of the baseline arm, one of <see cref="RouterOptions.Arms"/>.</summary>
    public required string BaselineArmId { get; init; }

    /// <summary>The share of the baseline's quality that learning may cost, alpha, in (0, 1).</summary>
    public required double Fraction { get; init; }

    /// <summary>Probability with which the promise may fail, in (0, 1).</summary>
    /// <value>0.05</value>
    public double Delta { get; init; } = 0.05;

    /// <summary>Name of the dimension each of whose values is a scope of its own; null for one scope, the whole router.</summary>
    /// <value>null</value>
    public string? Scope { get; init; }

    internal void Validate(ICollection<string> faults, HashSet<string> armIds, HashSet<string> dimensions)
    {
        if (BaselineArmId is null || !armIds.Contains(BaselineArmId))
            faults.Add($"SafetyGate: BaselineArmId is '{BaselineArmId}'; it needs the id of one of the arms.");
        if (!(Fraction > 0 && Fraction < 1)) faults.Add(Fault.Range("SafetyGate: Fraction", Fraction, "(0, 1)"));
        if (!(Delta > 0 && Delta < 1)) faults.Add(Fault.Range("SafetyGate: Delta", Delta, "(0, 1)"));
        if (Scope is not null && !dimensions.Contains(Scope))
            faults.Add($"SafetyGate: Scope is '{Scope}'; the dimensions are {string.Join(", ", dimensions)}.");
    }
}
