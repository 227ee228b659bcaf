namespace Bandits.Benchmarks.Inputs;

/// <summary>The order of the keys within each record of a log.</summary>
internal enum KeyOrder
{
    /// <summary>The order in which the original writes them.</summary>
    AsWritten,

    /// <summary>Another order for every record.</summary>
    Shuffled,
}
