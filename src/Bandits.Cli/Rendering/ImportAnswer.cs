using System.Text.Json;
using Bandits.History;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>The closing account of an import.</summary>
internal sealed class ImportAnswer : Answer
{
    private readonly IReadOnlyList<ImportAccount> _accounts;
    private readonly long _records;
    private readonly double _seconds;

    public ImportAnswer(IReadOnlyList<ImportAccount> accounts, long records, double seconds) => (_accounts, _records, _seconds) = (accounts, records, seconds);

    public override int Code =>
        _accounts.Any(a => a.StoppedAtRejection) ? ExitCode.Rejected : _accounts.All(a => a.IsComplete) ? ExitCode.Done : ExitCode.UserError;

    private long Read => _accounts.Sum(a => a.Read);

    public override void WriteTable(IAnsiConsole console)
    {
        WriteFaults();
        if (_accounts.Count > 1)
            foreach (ImportAccount account in _accounts) console.Line($"{account.Source}: {Line(account.Read, account.Imported, account.AlreadyKnown, account.Rejected)}");
        console.Line(Line(Read, _accounts.Sum(a => a.Imported), _accounts.Sum(a => a.AlreadyKnown), _accounts.Sum(a => a.Rejected)));
        console.Line($"{Figures.Count(_records)} records in the store; {Figures.Count(Math.Round(Read / Math.Max(_seconds, 1e-3)))} lines/s.");
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        WriteFaults();
        json.WriteStartObject();
        Write(json, Read, _accounts.Sum(a => a.Imported), _accounts.Sum(a => a.AlreadyKnown), _accounts.Sum(a => a.Rejected));
        json.Field("records", _records);
        json.Field("seconds", _seconds);
        json.WriteStartArray("files");
        foreach (ImportAccount account in _accounts)
        {
            json.WriteStartObject();
            json.Field("file", account.Source);
            Write(json, account.Read, account.Imported, account.AlreadyKnown, account.Rejected);
            json.Field("complete", account.IsComplete);
            json.Field("fault", account.SourceFault);
            json.Field("first_rejections", [.. account.Rejections.Select(r => r.ToString())]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, long read, long imported, long alreadyKnown, long rejected)
    {
        json.Field("read", read);
        json.Field("imported", imported);
        json.Field("already_known", alreadyKnown);
        json.Field("rejected", rejected);
    }

    private static string Line(long read, long imported, long alreadyKnown, long rejected) =>
        $"{Figures.Count(read)} read = {Figures.Count(imported)} imported + {Figures.Count(alreadyKnown)} already known + {Figures.Count(rejected)} rejected";

    /// <summary>What went wrong, on standard error: the stopping line alone under --strict, else the first few.</summary>
    private void WriteFaults()
    {
        foreach (ImportAccount account in _accounts)
        {
            if (account.StoppedAtRejection)
            {
                Console.Error.WriteLine($"bandits: stopped at {account.Rejections[^1]}");
                continue;
            }

            foreach (RejectedLine line in account.Rejections) Console.Error.WriteLine($"rejected {line}");
            if (account.Rejected > account.Rejections.Count) Console.Error.WriteLine($"rejected {account.Rejected - account.Rejections.Count} more line(s) of {account.Source}");
            if (account.SourceFault is { } fault) Console.Error.WriteLine($"bandits: {account.Source} ended early: {fault}; what came before was imported.");
        }
    }
}
