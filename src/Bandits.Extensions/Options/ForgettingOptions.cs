namespace Bandits.Extensions;

/// <summary>Forgetting in configuration: by a discount or by a window; see <see cref="Forgetting"/>. Without either nothing fades.</summary>
public sealed class ForgettingOptions
{
    /// <summary>What an outcome still weighs after one more outcome of its segment, in (0, 1].</summary>
    /// <value>null: no discount</value>
    public double? Discount { get; set; }

    /// <summary>Latest outcomes of the segment that count, in [1, 65536].</summary>
    /// <value>null: no window</value>
    public int? Window { get; set; }

    internal Forgetting ToForgetting(List<string> faults)
    {
        try
        {
            if (Discount is not null && Window is not null) faults.Add($"Forgetting has Discount {Discount} and Window {Window}; it takes one of them.");
            return Discount is { } gamma ? Forgetting.Discount(gamma) : Window is { } outcomes ? Forgetting.Window(outcomes) : Forgetting.None;
        }
        catch (ArgumentOutOfRangeException e)
        {
            faults.Add($"Forgetting: {e.Message}");
            return Forgetting.None;
        }
    }
}
