using System.Diagnostics;
using System.Text.Json;

namespace Bandits.Integration.Tests;

/// <summary>What a run of the command left: exit code, standard output, standard error.</summary>
public sealed record Run(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public string Text(string field) => Json.GetProperty(field).GetString()!;

    /// <summary>The run, if it ended with code 0.</summary>
    public Run Ok()
    {
        Assert.True(Code == 0, $"exit code {Code}: {Error}{Output}");
        return this;
    }

    /// <summary>Asserts the user's error: code 1, one line on standard error, no stack trace, nothing on standard output.</summary>
    public void IsUserError(string says)
    {
        Assert.Equal(1, Code);
        Assert.Contains(says, Error, StringComparison.Ordinal);
        Assert.StartsWith("bandits: ", Error, StringComparison.Ordinal);
        Assert.Single(Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.Empty(Output);
    }
}

/// <summary>The real command on a store in a directory of its own.</summary>
public sealed class CommandLine : IDisposable
{
    private static readonly string Program = Find();

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("bandits-run-").FullName;

    public string Store => Path.Combine(Directory, "store");

    /// <summary>Variables of the command's environment.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public static string Records => Path.Combine(SharedFiles, "execution_records.jsonl");

    public static JsonElement Expected { get; } = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedFiles, "expected.json"))).RootElement;

    private static string SharedFiles => Path.Combine(Root, "benchmarks", "data", "seed-parity");

    private static string Root
    {
        get
        {
            string? at = AppContext.BaseDirectory;
            while (at is not null && !File.Exists(Path.Combine(at, "Bandits.sln"))) at = Path.GetDirectoryName(at);
            Assert.NotNull(at);
            return at;
        }
    }

    public string PathOf(string name) => Path.Combine(Directory, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>A second store with the same files.</summary>
    public string CopyStore(string name)
    {
        string copy = PathOf(name);
        System.IO.Directory.CreateDirectory(copy);
        foreach (string file in System.IO.Directory.GetFiles(Store)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>All that the store says it has learnt.</summary>
    public string Learnt() => Json("learning").Ok().Output;

    public Run Json(params string[] arguments) => Run([.. arguments, "--format", "json"]);

    public Run Run(params string[] arguments) => RunWith(null, null, arguments);

    public Run RunWith(string? store, Stream? input, params string[] arguments)
    {
        using Process process = Start(store ?? Store, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        input?.CopyTo(process.StandardInput.BaseStream);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(60_000), "The command did not end within 60 s.");
        return new Run(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>A process that holds the store's lock, waiting for a history on standard input, until it is killed.</summary>
    public Process Hold()
    {
        Process process = Start(Store, ["import", "-"]);
        DateTime end = DateTime.UtcNow.AddSeconds(30);
        while (!File.Exists(Path.Combine(Store, "records.jsonl")))
        {
            Assert.True(DateTime.UtcNow < end, "The import did not start within 30 s.");
            Thread.Sleep(20);
        }

        return process;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    /// <summary>A process on the store, which the caller ends.</summary>
    public Process Start(params string[] arguments) => Start(Store, arguments);

    /// <summary>Where it was built: beside the tests it lacks what their shared framework brings.</summary>
    private static string Find()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Root, "src", "Bandits.Cli", "bin", framework.Parent!.Name, framework.Name, "Bandits.Cli.dll");
    }

    private Process Start(string store, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Program);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["BANDITS_DIR"] = store;
        start.Environment["DOTNET_TieredPGO"] = "0"; // short runs start sooner
        foreach ((string name, string value) in Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
