using System.Runtime.InteropServices;

namespace Bandits.Integration.Tests.Packages;

/// <summary>The command as a dotnet tool.</summary>
[Collection("packages")]
public sealed class ToolTests(Packed packed)
{
    [Fact]
    public void The_tool_installs_from_its_package_and_works()
    {
        string folder = Directory.CreateTempSubdirectory("bandits-tool-").FullName;
        try
        {
            // The package alone must do: no other source is asked, and nothing reaches the user's folder of packages.
            var environment = new Dictionary<string, string>
            {
                ["NUGET_PACKAGES"] = Path.Combine(folder, "nuget"),
                ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
                ["BANDITS_DIR"] = Path.Combine(folder, "store"),
            };
            Launch.Dotnet(environment, "tool", "install", "Bandits.Cli", "--tool-path", folder, "--source", packed.Folder, "--version", packed.Version).Ok();

            Run Bandits(params string[] arguments) => Launch.Program(Path.Combine(folder, OperatingSystem.IsWindows() ? "bandits.exe" : "bandits"), folder, environment, arguments).Ok();
            Assert.Equal(packed.Version, Bandits("--version").Output.Trim().Split('+')[0]);
            Bandits("import", CommandLine.Records);
            Assert.True(Bandits("summary", "--format", "json").Json.GetProperty("total_tasks").GetInt32() > 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
