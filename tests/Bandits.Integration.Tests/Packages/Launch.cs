using System.Diagnostics;
using Bandits.Tests;

namespace Bandits.Integration.Tests.Packages;

/// <summary>Starts programs that build, and does not wait for ever.</summary>
internal static class Launch
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4); // a pack takes half a minute; the machine may be busy with other tests

    /// <summary>The SDK's command. Build servers would outlive it and hold its output open.</summary>
    public static Run Dotnet(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Program("dotnet", Repository.Root, environment, arguments);

    public static Run Program(string program, string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (string inherited in start.Environment.Keys.Where(OfTheTestRun).ToArray()) start.Environment.Remove(inherited);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!Task.WhenAll(output, error, process.WaitForExitAsync()).Wait(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Patience.TotalSeconds} s.");
        }

        return new Run(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>What `dotnet test` tells its own build and test host is not meant for another build.</summary>
    private static bool OfTheTestRun(string variable) =>
        variable.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase);
}
