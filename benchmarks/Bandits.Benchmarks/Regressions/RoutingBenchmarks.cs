using Bandits.Benchmarks.Baselines;
using Bandits.Benchmarks.Inputs;
using BenchmarkDotNet.Attributes;

namespace Bandits.Benchmarks.Regressions;

/// <summary>Deciding, per decision.</summary>
[MemoryDiagnoser]
public class RoutingBenchmarks
{
    private const int Seed = 1;
    private Operations.Route _route = null!;
    private Operations.RouteConstrained _constrained = null!;
    private Operations.RouteAndRecord _turn = null!;
    private DictionaryLookup _dictionary = null!;

    /// <summary>The strategy in force.</summary>
    [ParamsAllValues]
    public Strategy Strategy { get; set; }

    /// <summary>Lays out routers that have learnt.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var traffic = new Traffic(Strategy, Seed);
        _route = new Operations.Route(traffic);
        _constrained = new Operations.RouteConstrained(traffic);
        _turn = new Operations.RouteAndRecord(new Traffic(Strategy, Seed));
        ulong[] keys = SpreadKeys.Of(Traffic.Segments, Seed);
        _dictionary = new DictionaryLookup(keys, SpreadKeys.InOrder(keys, traffic.Numbers));
    }

    /// <summary>The denominator.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Traffic.Draws)]
    public long Dictionary() => _dictionary.Run();

    /// <summary>Nothing is recorded in between.</summary>
    [Benchmark(OperationsPerInvoke = Traffic.Draws)]
    public long Route() => _route.Run();

    /// <summary>Four constraints.</summary>
    [Benchmark(OperationsPerInvoke = Operations.RouteConstrained.Batch)]
    public long RouteConstrained() => _constrained.Run();

    /// <summary>Decide and record in turns.</summary>
    [Benchmark(OperationsPerInvoke = Operations.RouteAndRecord.Batch)]
    public long RouteAndRecord() => _turn.Run();
}
