using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Rae;

namespace Bandits.Cli.Verbs;

/// <summary><c>rae push</c>: puts what was learnt since the last push into the outbox and sends it. Reads the store beside a process that writes it.</summary>
internal static class RaePushVerb
{
    private static readonly RaeOptions Defaults = new();

    public static Command Create()
    {
        var full = new Option<bool>("--full") { Description = "Tell of everything again, not only of what changed." };
        var records = new Option<int>("--records") { Description = "Records of single decisions a minute, at most; 0 for none.", HelpName = "N", DefaultValueFactory = _ => Defaults.RecordsPerMinute };
        var creates = new Option<int>("--creates") { Description = "Requests a minute, at most.", HelpName = "N", DefaultValueFactory = _ => Defaults.CreatesPerMinute };
        var verb = new Command("push", "Send what was learnt since the last push. What the server does not take stays in the outbox.") { full, records, creates };
        verb.AnswerWith((parsed, cancellationToken) => RaeServerChoices.TellAsync<Answer>(async () =>
        {
            StoreDirectory store = StoreDirectory.Existing(parsed);
            RaeOptions options = RaeServerChoices.Of(parsed);
            (options.RecordsPerMinute, options.CreatesPerMinute) = (parsed.GetValue(records), parsed.GetValue(creates));
            await using RaeExchange exchange = RaeExchange.Open(options, store.Path);
            await exchange.CollectAsync(parsed.GetValue(full), cancellationToken);
            return new RaePushAnswer(await exchange.PushAsync(cancellationToken), exchange.Status);
        }));
        return verb;
    }
}
