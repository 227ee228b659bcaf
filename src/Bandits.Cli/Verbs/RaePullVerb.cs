using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Rae;
using Bandits.Storage;

namespace Bandits.Cli.Verbs;

/// <summary><c>rae pull</c>: joins what other instances have exported.</summary>
internal static class RaePullVerb
{
    public static Command Create()
    {
        var weight = new Option<double>("--weight") { Description = "Weight of their outcomes against own ones, 0 to 1.", HelpName = "N", DefaultValueFactory = _ => new RaeOptions().ForeignWeight };
        var verb = new Command("pull", "Learn what other instances have exported, each once; pulling again takes only what is new.") { weight };
        verb.AnswerWith((parsed, cancellationToken) => RaeServerChoices.TellAsync<Answer>(async () =>
        {
            StoreDirectory store = StoreDirectory.Existing(parsed);
            RaeOptions options = RaeServerChoices.Of(parsed);
            options.ForeignWeight = parsed.GetValue(weight);
            using StoreLock held = store.Lock();
            using StoredRouter stored = StoredRouter.Open(store, held, store.LastOptions(), historyWeight: null, seed: null);
            await using RaeExchange exchange = RaeExchange.Open(options, store.Path);
            return new RaePullAnswer(await exchange.PullAsync(stored.Store, cancellationToken));
        }));
        return verb;
    }
}
