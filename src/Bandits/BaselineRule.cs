namespace Bandits;

/// <summary>One row of the baseline table: segments that match the pattern go to the cheapest eligible arm with this capability and tier.</summary>
/// <remarks>Rows are tried in order; a row without an eligible match passes on to the next; after the last one the cheapest eligible arm is taken.
/// Cheapest is by list price of a typical call, output included (where a price is unknown, by the cost expected from evidence); exact ties share.</remarks>
public sealed record BaselineRule
{
    /// <summary>Creates a row.</summary>
    /// <param name="pattern">Space-separated <c>dimension=value|value</c> conditions, all of which must hold; empty matches every segment.</param>
    /// <param name="capability">Capability the arm must have, or null for any.</param>
    /// <param name="tier">Tier the arm must have, or null for any.</param>
    /// <exception cref="FormatException">The pattern cannot be read.</exception>
    public BaselineRule(string pattern, string? capability = null, ArmTier? tier = null)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var conditions = new List<(string, string[])>();
        foreach (string part in pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == part.Length - 1)
                throw new FormatException($"Baseline pattern '{pattern}': '{part}' is not of the form dimension=value|value.");
            conditions.Add((part[..equals], part[(equals + 1)..].Split('|', StringSplitOptions.RemoveEmptyEntries)));
        }

        (Pattern, Capability, Tier, Conditions) = (pattern, capability, tier, [.. conditions]);
    }

    /// <summary>The pattern as given.</summary>
    public string Pattern { get; }

    /// <summary>Capability the arm must have, or null for any.</summary>
    public string? Capability { get; }

    /// <summary>Tier the arm must have, or null for any.</summary>
    public ArmTier? Tier { get; }

    internal (string Dimension, string[] Values)[] Conditions { get; }

    /// <summary>The default table, for the dimensions role, area, risk and complexity and the roles planner, plan_reviewer, implementer, code_reviewer.</summary>
    public static IReadOnlyList<BaselineRule> Defaults { get; } =
    [
        new("role=planner risk=high area=core|math", "complex_reasoning", ArmTier.Advanced),
        new("role=planner risk=high", "planning", ArmTier.Standard),
        new("role=planner risk=medium", "planning", ArmTier.Standard),
        new("role=planner risk=low area=docs|comments", "docs", ArmTier.Fast),
        new("role=planner", "planning"),
        new("role=plan_reviewer risk=high", "review", ArmTier.Advanced),
        new("role=plan_reviewer", "review"),
        new("role=implementer risk=high", "code", ArmTier.Advanced),
        new("role=implementer complexity=large", "code", ArmTier.Advanced),
        new("role=implementer area=docs|comments", "docs", ArmTier.Fast),
        new("role=implementer risk=low area=tests", "code", ArmTier.Fast),
        new("role=implementer", "code", ArmTier.Standard),
        new("role=implementer", "code"),
        new("role=code_reviewer risk=high", "review", ArmTier.Advanced),
        new("role=code_reviewer", "review"),
    ];
}
