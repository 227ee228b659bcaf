using Bandits.Benchmarks.Baselines;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using BenchmarkDotNet.Attributes;

namespace Bandits.Benchmarks.Regressions;

/// <summary>Importing, per record.</summary>
[MemoryDiagnoser]
public class ImportBenchmarks
{
    private const int Seed = 20260117;
    private LogFeed _feed = null!;
    private TokenPass _tokens = null!;

    /// <summary>Whether the keys are in the order in which the original writes them.</summary>
    [ParamsAllValues]
    public bool KeysShuffled { get; set; }

    /// <summary>Writes one chunk of log.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _feed = new LogFeed(Seed, KeysShuffled ? KeyOrder.Shuffled : KeyOrder.AsWritten);
        _feed.Advance();
        _tokens = new TokenPass(_feed);
    }

    /// <summary>The denominator.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = LogFeed.ChunkRecords)]
    public long Tokens() => _tokens.Run();

    /// <summary>Into a new history.</summary>
    [Benchmark(OperationsPerInvoke = LogFeed.ChunkRecords)]
    public long Import() => new Import(_feed).Run();
}
