using System.CommandLine;
using Bandits.Cli.Rendering;

namespace Bandits.Cli.Verbs;

/// <summary><c>optimize</c>: where a cheaper model would do.</summary>
internal static class OptimizeVerb
{
    public static Command Create()
    {
        var savings = new Option<double>("--min-savings") { Description = "Least saving per task, USD.", HelpName = "USD", DefaultValueFactory = _ => 0.01 };
        Command verb = HistoryQuestion.Create("optimize", "Where a cheaper implementer would do about as well.", (parsed, history) =>
        {
            double least = parsed.GetValue(savings);
            if (!double.IsFinite(least)) throw new UserErrorException($"--min-savings is {least}; a finite number of USD is expected.");
            return new SavingsAnswer(history.Analytics.Savings(least));
        });
        verb.Add(savings);
        return verb;
    }
}
