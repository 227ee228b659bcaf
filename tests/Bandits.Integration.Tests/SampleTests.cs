using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bandits.Tests;

namespace Bandits.Integration.Tests;

/// <summary>The sample as a user runs it: a process, a socket, a store, tokens, health and telemetry.</summary>
public sealed partial class SampleTests : IDisposable
{
    private static readonly string Program = Path.Combine(
        Repository.Root, "docs", "samples", "RoutingApi", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "RoutingApi.dll");

    private readonly string _folder = Directory.CreateTempSubdirectory("bandits-sample-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly StringBuilder _output = new();
    private Process? _process;

    public void Dispose()
    {
        if (_process is { HasExited: false }) _process.Kill(entireProcessTree: true);
        _process?.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_learns_over_the_wire_keeps_what_it_learnt_and_shows_itself()
    {
        await Start();
        var chosen = new List<string>();
        string token = "";
        for (int i = 0; i < 400; i++)
        {
            JsonElement answer = await Post("tasks", new { role = "implementer", area = "core", difficulty = 6 });
            chosen.Add(answer.GetProperty("arm").GetString()!);
            token = answer.GetProperty("token").GetString()!;
            Assert.InRange(answer.GetProperty("propensity").GetDouble(), 1e-9, 1);
            JsonElement recorded = await Post($"outcomes/{token}", new { success = answer.GetProperty("text").GetString() == "right" });
            Assert.Equal("Applied", recorded.GetProperty("recorded").GetString());
        }

        // Difficulty 6 is beyond the small one and well within the medium one, which costs a tenth of the large one.
        Assert.True(chosen.TakeLast(200).Count(arm => arm == "south:medium") > 90, string.Join(' ', chosen.TakeLast(200).GroupBy(arm => arm).Select(g => $"{g.Key} {g.Count()}")));
        Assert.Equal("AlreadyKnown", (await Post($"outcomes/{token}", new { success = true })).GetProperty("recorded").GetString());
        Assert.Equal("Corrected", (await Post($"outcomes/{token}", new { success = true, quality = 0.5, revision = 1 })).GetProperty("recorded").GetString());

        using HttpResponseMessage foreign = await _http.PostAsJsonAsync(new Uri(_address!, "outcomes/AAAA"), new { success = true });
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
        using HttpResponseMessage wrong = await _http.PostAsJsonAsync(new Uri(_address!, $"outcomes/{token}"), new { success = true, quality = 7, revision = 2 });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("[0, 1]", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("Healthy", await _http.GetStringAsync(new Uri(_address!, "health")));
        string before = await _http.GetStringAsync(new Uri(_address!, "explain?role=implementer&area=core"));
        Assert.Contains("south:medium", before, StringComparison.Ordinal);

        // A decision waits while the program is restarted.
        token = (await Post("tasks", new { role = "implementer", area = "core", difficulty = 6 })).GetProperty("token").GetString()!;
        await Stop();
        string told;
        lock (_output) told = _output.ToString();
        foreach (string name in new[] { "bandits.decisions", "bandits.outcomes", "bandits.cost", "bandits.journal.lag", "bandits.decide.duration", "bandits.record" }) Assert.Contains(name, told, StringComparison.Ordinal);
        Assert.Contains("bandits.outcome.kind: success", told, StringComparison.Ordinal);

        await Start();
        Assert.Equal("Applied", (await Post($"outcomes/{token}", new { success = true })).GetProperty("recorded").GetString());
        Assert.Equal(Samples().Matches(before).Count, Samples().Matches(await _http.GetStringAsync(new Uri(_address!, "explain?role=implementer&area=core"))).Count);
        Assert.Equal(3, Samples().Matches(before).Count);
        await Stop();
    }

    private async Task Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        foreach (string argument in new[] { Program, "--urls", "http://127.0.0.1:0", "--contentRoot", Path.GetDirectoryName(Program)!, "--Telemetry", "console", "--Bandits:Directory", Path.Combine(_folder, "store") })
            start.ArgumentList.Add(argument);
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data, listening);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data, listening);
        _process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"The sample ended: {_output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        string address = await listening.Task.WaitAsync(TimeSpan.FromMinutes(1));
        _address = new Uri(address);
    }

    private Uri? _address;

    private void Hear(string? line, TaskCompletionSource<string> listening)
    {
        lock (_output) _output.AppendLine(line);
        if (line is not null && Address().Match(line) is { Success: true } match) listening.TrySetResult(match.Groups[1].Value);
    }

    /// <summary>Ends it as a supervisor does.</summary>
    private async Task Stop()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _process.ExitCode);
    }

    private async Task<JsonElement> Post(string path, object body)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(new Uri(_address!, path), body);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"\(n=\d")]
    private static partial Regex Samples();
}
