using Bandits.Benchmarks;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Benchmarks.Report;
using Bandits.Benchmarks.Rows;
using BenchmarkDotNet.Running;

if (args is ["--bdn", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(RunOptions).Assembly).Run(args[1..]);
    return 0;
}

if (RunOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(RunOptions.Usage);
    return 2;
}

int cores = Environment.ProcessorCount;
Machine machine = Machine.Describe(OneCore.TryPin(), cores, options.Page);
Effort effort = options.IsQuick ? Effort.Quick : Effort.Full;
var findings = new List<Finding>();
using (var histories = new Histories())
{
    TerminalTable.Open(Console.Out);
    foreach (Row row in Catalogue.All(histories))
    {
        if (options.Filter is { } text && !row.Name.Contains(text, StringComparison.OrdinalIgnoreCase)) continue;
        Finding finding = row.Measure(effort);
        findings.Add(finding);
        TerminalTable.Add(Console.Out, finding);
    }
}

if (findings.Count == 0)
{
    Console.Error.WriteLine($"No row's name contains '{options.Filter}'.");
    return 2;
}

if (options.Page is { } page)
{
    using var writer = new StreamWriter(page) { NewLine = "\n" };
    PerformancePage.Write(writer, machine, TimeProvider.System.GetUtcNow(), effort, findings);
}

return findings.Exists(static finding => finding.MeetsBytes == false) ? 1 : 0;
