using System.Globalization;

namespace Bandits.Reliability;

/// <summary>What a suite did when it found nothing broken.</summary>
/// <param name="Name">Name of the suite, as <c>--only</c> takes it.</param>
/// <param name="Shows">What it shows.</param>
/// <param name="Leaves">What it leaves open.</param>
/// <param name="Figures">What was counted, in the order it is printed.</param>
/// <param name="Took">How long it took.</param>
public sealed record SuiteReport(string Name, string Shows, string Leaves, IReadOnlyList<(string What, string Figure)> Figures, TimeSpan Took)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{Name}: {string.Join(", ", Figures.Take(4).Select(f => $"{f.Figure} {f.What}"))}; {Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s";

    /// <summary>A count as it is printed.</summary>
    public static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
