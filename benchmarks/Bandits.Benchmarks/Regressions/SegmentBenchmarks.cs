using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Benchmarks.Rows;
using BenchmarkDotNet.Attributes;

namespace Bandits.Benchmarks.Regressions;

/// <summary>Finding a segment, per lookup.</summary>
[MemoryDiagnoser]
public class SegmentBenchmarks
{
    private Contest _contest = null!;

    /// <summary>Lays out both tables.</summary>
    [GlobalSetup]
    public void SetUp() => _contest = SegmentRows.SpreadDictionary();

    /// <summary>The denominator.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Traffic.Draws)]
    public long Dictionary() => _contest.Baseline!.Run();

    /// <summary>The segment map.</summary>
    [Benchmark(OperationsPerInvoke = Traffic.Draws)]
    public long Find() => _contest.Subject.Run();
}
