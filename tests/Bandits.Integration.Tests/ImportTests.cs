using System.Text.Json;

namespace Bandits.Integration.Tests;

public sealed class ImportTests : IDisposable
{
    private const string Good = """{"task_id":"t1","task_area":"api","task_risk":"low","implementer_model":"m1","implementer_provider":"p1","outcome":"success","total_cost_usd":0.5}""";
    private const string Other = """{"task_id":"t2","task_area":"api","task_risk":"low","implementer_model":"m2","outcome":"failed"}""";
    private const string Bad = """{"task_id":"t3","task_area":"api","task_risk":"low","implementer_model":"m1","outcome":"splendid"}""";
    private readonly CommandLine _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public void Importing_again_exporting_and_piping_bring_nothing_new()
    {
        IsAccount(_command.Json("import", CommandLine.Records).Ok(), read: 800, imported: 800, known: 0, rejected: 0);
        IsAccount(_command.Json("import", CommandLine.Records).Ok(), read: 800, imported: 0, known: 800, rejected: 0);
        string exported = _command.PathOf("exported.jsonl.gz");
        _command.Run("export", exported).Ok();
        IsAccount(_command.Json("import", exported).Ok(), read: 800, imported: 0, known: 800, rejected: 0);
        using FileStream piped = File.OpenRead(CommandLine.Records);
        IsAccount(_command.RunWith(null, piped, "import", "-", "--format", "json").Ok(), read: 800, imported: 0, known: 800, rejected: 0);
        Assert.Equal(800, _command.Json("summary").Json.GetProperty("total_tasks").GetInt32());
    }

    [Fact]
    public void A_pipe_and_a_file_can_be_imported_together()
    {
        using var input = new MemoryStream("""{"task_id":"t9","task_area":"a","task_risk":"low","implementer_model":"m","outcome":"success"}"""u8.ToArray());
        Run run = _command.RunWith(null, input, "import", "-", CommandLine.Records);
        Assert.Contains("801 read = 801 imported + 0 already known + 0 rejected", run.Ok().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejected_lines_are_named_and_copied_and_the_rest_is_imported()
    {
        string file = _command.Write("some.jsonl", $"{Good}\n{Bad}\n{Other}\n"), rejects = _command.PathOf("rejects.jsonl");
        Run run = _command.Json("import", file, "--rejects", rejects).Ok();
        IsAccount(run, read: 3, imported: 2, known: 0, rejected: 1);
        Assert.Contains($"{file}:2: outcome", run.Error, StringComparison.Ordinal);
        Assert.Equal(Bad + "\n", File.ReadAllText(rejects));
    }

    [Fact]
    public void Strict_stops_at_the_first_rejected_line_with_code_2()
    {
        Run run = _command.Run("import", _command.Write("some.jsonl", $"{Good}\n{Bad}\n{Other}\n"), "--strict");
        Assert.Equal(2, run.Code);
        Assert.Contains("some.jsonl:2: outcome", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Equal(1, _command.Json("summary").Ok().Json.GetProperty("total_tasks").GetInt32());
    }

    [Fact]
    public void A_strict_import_without_rejections_ends_with_code_0() =>
        _command.Run("import", _command.Write("some.jsonl", $"{Good}\n{Other}\n"), "--strict").Ok();

    [Fact]
    public void A_file_that_is_not_there_is_an_error_before_anything_is_imported()
    {
        string file = _command.Write("some.jsonl", $"{Good}\n");
        _command.Run("import", file, _command.PathOf("missing.jsonl")).IsUserError("missing.jsonl");
        Assert.False(Directory.Exists(_command.Store));
    }

    [Fact]
    public void Models_that_nobody_described_become_arms_with_their_provider_and_described_ones_stay()
    {
        _command.Run("arms", "--set", _command.Write("arms.json", """[{"id":"m1","provider":"mine","tier":"fast","input_usd_per_million_tokens":1.5}]""")).Ok();
        _command.Run("import", _command.Write("some.jsonl", $"{Good}\n{Other}\n")).Ok();
        JsonElement[] arms = [.. _command.Json("arms").Ok().Json.EnumerateArray()];
        Assert.Equal(["m1 mine fast", "m2 unknown standard"], arms.Select(a => $"{a.GetProperty("id")} {a.GetProperty("provider")} {a.GetProperty("tier")}"));
        Assert.Equal(1.5, arms[0].GetProperty("input_usd_per_million_tokens").GetDouble());
    }

    [Fact]
    public void Without_a_history_questions_are_refused()
    {
        foreach (string question in (string[])["summary", "optimize", "recent"]) _command.Run(question).IsUserError("holds no history");
    }

    private static void IsAccount(Run run, int read, int imported, int known, int rejected)
    {
        JsonElement account = run.Json;
        Assert.Equal(
            (read, imported, known, rejected),
            (account.GetProperty("read").GetInt32(), account.GetProperty("imported").GetInt32(), account.GetProperty("already_known").GetInt32(),
                account.GetProperty("rejected").GetInt32()));
    }
}
