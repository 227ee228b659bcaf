using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Storage;

namespace Bandits.Cli.Verbs;

/// <summary><c>record TOKEN</c>: what became of a decision.</summary>
internal static class RecordVerb
{
    private static readonly string[] Kinds = ["success", "failed", "partial", "human_review", "cancelled", "unavailable", "timeout"];

    private static readonly Argument<string> Token = new("TOKEN") { Description = "The decision, as route printed it." };

    private static readonly Option<string?> Kind = new("--outcome")
    {
        Description = "What became of it. May be left out where only cost or time come in later.",
        HelpName = string.Join('|', Kinds),
    };

    private static readonly Option<double?> Cost = new("--cost") { Description = "What it cost, USD.", HelpName = "USD" };
    private static readonly Option<double?> Seconds = new("--seconds") { Description = "How long it took; for a timeout, the limit.", HelpName = "S" };
    private static readonly Option<double?> Quality = new("--quality") { Description = "Graded quality, 0 to 1.", HelpName = "Q" };
    private static readonly Option<double?> RetryAfter = new("--retry-after") { Description = "Seconds for which the arm asked to be left alone; with unavailable.", HelpName = "S" };

    private static readonly Option<int> Revision = new("--revision")
    {
        Description = "0 first; a higher one takes back what a lower one said and counts instead.",
        HelpName = "N",
    };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong(Kinds);
        var verb = new Command("record", "Record what became of a decision; recording the same again changes nothing.")
        {
            Token, Kind, Cost, Seconds, Quality, RetryAfter, Revision,
        };
        verb.AnswerWith(parsed =>
        {
            StoreDirectory store = StoreDirectory.Of(parsed);
            if (!Directory.Exists(store.Path)) throw new UserErrorException($"There is no store '{store.Path}'; the decision was made elsewhere.");
            using StoreLock held = store.Lock();
            using StoredRouter stored = StoredRouter.Open(store, held, store.LastOptions(), historyWeight: null, seed: null);
            Decision decision = stored.Router.ParseToken(parsed.GetValue(Token)!.Trim());
            Recorded recorded = stored.Router.Record(decision, OutcomeOf(parsed, decision));
            return new RecordAnswer(recorded, stored.Router.ArmAt(decision.Arm), decision);
        });
        return verb;
    }

    private static Outcome OutcomeOf(ParseResult parsed, in Decision decision) => new()
    {
        Kind = parsed.GetValue(Kind) is { } word ? Enum.Parse<OutcomeKind>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true) : null,
        CostUsd = parsed.GetValue(Cost),
        Latency = Span(parsed.GetValue(Seconds), "--seconds"),
        Quality = parsed.GetValue(Quality),
        RetryAfter = Span(parsed.GetValue(RetryAfter), "--retry-after"),
        Revision = parsed.GetValue(Revision),
        Attempt = decision.Attempt,
        TimeTicks = TimeProvider.System.GetUtcNow().UtcTicks,
    };

    private static TimeSpan? Span(double? seconds, string name)
    {
        if (seconds is not { } s) return null;
        return s >= 0 && s <= Outcome.MaxLatency.TotalSeconds
            ? TimeSpan.FromSeconds(s)
            : throw new UserErrorException($"{name} is {s}; the allowed range is [0, {Outcome.MaxLatency.TotalSeconds}] seconds.");
    }
}
