namespace Bandits.Reliability.Fuzzing;

/// <summary>Something that reads what anybody may have written.</summary>
internal interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Bytes allocated while reading an input of so many bytes, at most.</summary>
    long MostAllocated(int bytes);

    /// <summary>The next hostile input.</summary>
    byte[] Next(Random random);

    /// <summary>Reads it, and decides afterwards. Anything thrown is a fault of the reader.</summary>
    Fed Feed(byte[] input, Random random);
}

/// <summary>What became of an input.</summary>
/// <param name="IsRefused">It was refused as the reader declares.</param>
/// <param name="Allocated">Bytes allocated while it was read.</param>
internal readonly record struct Fed(bool IsRefused, long Allocated);
