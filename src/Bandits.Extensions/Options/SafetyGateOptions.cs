namespace Bandits.Extensions;

/// <summary>The safety gate in configuration; see <see cref="SafetyGate"/>.</summary>
public sealed class SafetyGateOptions
{
    /// <inheritdoc cref="SafetyGate.BaselineArmId"/>
    public string BaselineArmId { get; set; } = "";

    /// <inheritdoc cref="SafetyGate.Fraction"/>
    public double Fraction { get; set; } = double.NaN;

    /// <inheritdoc cref="SafetyGate.Delta"/>
    public double? Delta { get; set; }

    /// <inheritdoc cref="SafetyGate.Scope"/>
    public string? Scope { get; set; }

    internal SafetyGate ToGate()
    {
        var gate = new SafetyGate { BaselineArmId = BaselineArmId, Fraction = Fraction, Scope = Scope };
        return Delta is { } delta ? gate with { Delta = delta } : gate;
    }
}
