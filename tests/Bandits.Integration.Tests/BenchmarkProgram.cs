using System.Diagnostics;
using Bandits.Tests;

namespace Bandits.Integration.Tests;

/// <summary>One of the programs under <c>benchmarks</c>, of the same configuration as these tests.</summary>
internal sealed class BenchmarkProgram(string name)
{
    private const int MostSeconds = 60;

    private readonly string _path = Find(name);

    public Run Play(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(_path);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(MostSeconds)), $"{name} did not end within {MostSeconds} s.");
        return new Run(process.ExitCode, output.Result, error.Result);
    }

    private static string Find(string name)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Repository.Root, "benchmarks", name, "bin", framework.Parent!.Name, framework.Name, $"{name}.dll");
    }
}
