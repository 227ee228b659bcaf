namespace Bandits.Extensions;

/// <summary>A spend cap in configuration; see <see cref="SpendCap"/>.</summary>
public sealed class SpendCapOptions
{
    /// <inheritdoc cref="SpendCap.Name"/>
    public string Name { get; set; } = "";

    /// <inheritdoc cref="SpendCap.Usd"/>
    public double Usd { get; set; }

    /// <inheritdoc cref="SpendCap.Window"/>
    public SpendWindow Window { get; set; }

    /// <inheritdoc cref="SpendCap.PerTenant"/>
    public bool PerTenant { get; set; }

    /// <inheritdoc cref="SpendCap.Provider"/>
    public string? Provider { get; set; }

    internal static SpendCap[] ToCaps(IList<SpendCapOptions> rows)
    {
        var caps = new SpendCap[rows.Count];
        for (int i = 0; i < caps.Length; i++)
        {
            SpendCapOptions row = rows[i] ?? new SpendCapOptions();
            caps[i] = new SpendCap { Name = row.Name, Usd = row.Usd, Window = row.Window, PerTenant = row.PerTenant, Provider = row.Provider };
        }

        return caps;
    }
}
