namespace Bandits.Extensions;

/// <summary>Change detection in configuration; see <see cref="DriftDetection"/>. What is left out has its default.</summary>
public sealed class DriftOptions
{
    /// <inheritdoc cref="DriftDetection.Detector"/>
    public ChangeDetector? Detector { get; set; }

    /// <inheritdoc cref="DriftDetection.Scope"/>
    public RestartScope? Scope { get; set; }

    /// <inheritdoc cref="DriftDetection.Components"/>
    public OutcomeComponents? Components { get; set; }

    /// <inheritdoc cref="DriftDetection.FalseAlarm"/>
    public double? FalseAlarm { get; set; }

    /// <inheritdoc cref="DriftDetection.Spends"/>
    public bool? Spends { get; set; }

    /// <inheritdoc cref="DriftDetection.Stride"/>
    public int? Stride { get; set; }

    /// <inheritdoc cref="DriftDetection.Candidates"/>
    public int? Candidates { get; set; }

    /// <inheritdoc cref="DriftDetection.SmallestChange"/>
    public double? SmallestChange { get; set; }

    /// <inheritdoc cref="DriftDetection.Maturity"/>
    public int? Maturity { get; set; }

    internal DriftDetection ToDetection()
    {
        var detection = new DriftDetection();
        return new DriftDetection
        {
            Detector = Detector ?? detection.Detector,
            Scope = Scope ?? detection.Scope,
            Components = Components ?? detection.Components,
            FalseAlarm = FalseAlarm ?? detection.FalseAlarm,
            Spends = Spends ?? detection.Spends,
            Stride = Stride ?? detection.Stride,
            Candidates = Candidates ?? detection.Candidates,
            SmallestChange = SmallestChange ?? detection.SmallestChange,
            Maturity = Maturity ?? detection.Maturity,
        };
    }
}
