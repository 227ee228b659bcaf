namespace Bandits.Extensions;

/// <summary>A row of the baseline table in configuration; see <see cref="BaselineRule"/>.</summary>
public sealed class BaselineRuleOptions
{
    /// <inheritdoc cref="BaselineRule.Pattern"/>
    public string Pattern { get; set; } = "";

    /// <inheritdoc cref="BaselineRule.Capability"/>
    public string? Capability { get; set; }

    /// <inheritdoc cref="BaselineRule.Tier"/>
    public ArmTier? Tier { get; set; }

    internal static List<BaselineRule> ToRules(IList<BaselineRuleOptions> rows, List<string> faults)
    {
        var rules = new List<BaselineRule>();
        foreach (BaselineRuleOptions? row in rows)
        {
            try
            {
                rules.Add(new BaselineRule(row?.Pattern ?? "", row?.Capability, row?.Tier));
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                faults.Add($"{nameof(BanditsOptions.BaselineRules)}: {e.Message}");
            }
        }

        return rules;
    }
}
