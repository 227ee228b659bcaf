using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>One line of the table: what is measured, and how.</summary>
internal abstract class Row
{
    /// <summary>What is measured, in the reader's words.</summary>
    public required string Name { get; init; }

    public abstract Finding Measure(Effort effort);
}
