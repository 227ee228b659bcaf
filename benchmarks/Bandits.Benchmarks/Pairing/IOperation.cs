namespace Bandits.Benchmarks.Pairing;

/// <summary>Something that is timed: a fixed number of equal operations in one call.</summary>
internal interface IOperation
{
    /// <summary>Operations in one <see cref="Run"/>.</summary>
    int Count { get; }

    /// <summary>Lays out what the next <see cref="Run"/> consumes. Neither timed nor counted.</summary>
    void Prepare()
    {
    }

    /// <summary>Does them. The result depends on every operation, so that none can be left out.</summary>
    long Run();
}
