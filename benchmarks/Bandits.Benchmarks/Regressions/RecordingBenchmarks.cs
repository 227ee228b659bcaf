using Bandits.Benchmarks.Pairing;
using Bandits.Benchmarks.Rows;
using BenchmarkDotNet.Attributes;

namespace Bandits.Benchmarks.Regressions;

/// <summary>Recording, per outcome.</summary>
[MemoryDiagnoser]
public class RecordingBenchmarks
{
    private Contest _update = null!;
    private Contest _record = null!;

    /// <summary>Lays out cells and a router.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _update = RecordingRows.Update();
        _record = RecordingRows.WholeCall();
    }

    /// <summary>A decision has one outcome: every iteration needs new ones.</summary>
    [IterationSetup(Target = nameof(Record))]
    public void Decide() => _record.Subject.Prepare();

    /// <summary>The integer update without synchronisation.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Inputs.Traffic.Draws)]
    public long PlainUpdate() => _update.Baseline!.Run();

    /// <summary>The same, consistent for concurrent readers.</summary>
    [Benchmark(OperationsPerInvoke = Inputs.Traffic.Draws)]
    public long GuardedUpdate() => _update.Subject.Run();

    /// <summary>Checked, quantised and added, without identity.</summary>
    [Benchmark(OperationsPerInvoke = Operations.Record.Batch)]
    public long PlainRecord() => _record.Baseline!.Run();

    /// <summary>The whole public call.</summary>
    [Benchmark(OperationsPerInvoke = Operations.Record.Batch)]
    public long Record() => _record.Subject.Run();
}
