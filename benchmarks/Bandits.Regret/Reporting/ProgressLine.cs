using Spectre.Console;

namespace Bandits.Regret.Reporting;

/// <summary>How far the trials have come, on standard error and only while a person watches it.</summary>
internal static class ProgressLine
{
    /// <summary>Runs <paramref name="work"/>, which reports (what is under way, done, of how many).</summary>
    public static void Show(Action<Action<string, int, int>?> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) ? AnsiSupport.Detect : AnsiSupport.No,
            Out = new AnsiConsoleOutput(Console.Error),
        });
        if (Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive)
        {
            work(null);
            return;
        }

        console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                work((what, done, total) =>
                {
                    if (!tasks.TryGetValue(what, out ProgressTask? task))
                        tasks.Add(what, task = progress.AddTask(Markup.Escape(what), maxValue: Math.Max(1, total)));
                    task.Value = done;
                });
            });
    }
}
