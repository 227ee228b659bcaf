using Bandits.History;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>How far an import has come, on standard error while a person watches it.</summary>
internal static class ImportProgressBar
{
    public static ImportAccount Show(string source, Func<Action<ImportProgress>?, ImportAccount> import)
    {
        if (!Terminal.IsErrorWatched) return import(null);
        ImportAccount? account = null;
        Terminal.Error.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(progress =>
            {
                ProgressTask task = progress.AddTask(Markup.Escape(source));
                long start = TimeProvider.System.GetTimestamp();
                account = import(at =>
                {
                    double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
                    task.IsIndeterminate = at.SourceLength is null;
                    task.MaxValue = Math.Max(1, at.SourceLength ?? 1);
                    task.Value = at.SourceBytes;
                    task.Description = Markup.Escape($"{source}  {Figures.Count(at.Records)} records, {Figures.Count(Math.Round(at.Records / Math.Max(seconds, 1e-3)))}/s");
                });
                task.Value = task.MaxValue;
            });
        return account!;
    }
}
