using Bandits.Benchmarks.Inputs;
using Bandits.History;
using BenchmarkDotNet.Attributes;

namespace Bandits.Benchmarks.Regressions;

/// <summary>Questions asked of a history, per question.</summary>
[MemoryDiagnoser]
public class AnalyticsBenchmarks
{
    private const string Model = "claude-sonnet-4-5-20250929";
    private GrownHistory _history = null!;

    /// <summary>Records behind the answers.</summary>
    [Params(10_000, 1_000_000)]
    public int Records { get; set; }

    /// <summary>Imports them.</summary>
    [GlobalSetup]
    public void SetUp() => _history = new GrownHistory(Records);

    /// <summary>Deletes them.</summary>
    [GlobalCleanup]
    public void CleanUp() => _history.Dispose();

    /// <summary>Overall statistics.</summary>
    [Benchmark]
    public object Statistics() => _history.Analytics.Statistics();

    /// <summary>One model in any role.</summary>
    [Benchmark]
    public object? ModelPerformance() => _history.Analytics.ModelPerformance(Model);

    /// <summary>One segment.</summary>
    [Benchmark]
    public object? TaskPattern() => _history.Analytics.TaskPattern("core", "low");

    /// <summary>Implementers of one segment by success rate.</summary>
    [Benchmark]
    public object Rank() => _history.Analytics.Rank("core", "low", HistoryRole.Implementer);

    /// <summary>All providers.</summary>
    [Benchmark]
    public object Providers() => _history.Analytics.Providers();

    /// <summary>All savings opportunities.</summary>
    [Benchmark]
    public object Savings() => _history.Analytics.Savings();

    /// <summary>Read from the log.</summary>
    [Benchmark]
    public object Recent() => _history.Store.Recent(20);
}
