using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Storage;

namespace Bandits.Cli.Verbs;

/// <summary><c>store join OTHER...</c>: learns what other stores have learnt.</summary>
internal static class StoreJoinVerb
{
    public static Command Create()
    {
        var others = new Argument<string[]>("OTHER") { Description = "Directories of the other stores; they are not changed.", Arity = ArgumentArity.OneOrMore };
        var weight = new Option<double>("--weight") { Description = "Weight of their outcomes against own ones, 0 to 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var verb = new Command("join", "Learn what other stores have learnt, each origin once; joining again takes only what is new.") { others, weight };
        verb.AnswerWith(parsed =>
        {
            StoreDirectory store = StoreDirectory.Existing(parsed);
            double w = parsed.GetValue(weight);
            if (!(w >= 0 && w <= 1)) throw new UserErrorException($"--weight is {Figures.Number(w)}; the allowed range is [0, 1].");
            using StoreLock held = store.Lock();
            using StoredRouter stored = StoredRouter.Open(store, held, store.LastOptions(), historyWeight: null, seed: null);
            try
            {
                return new JoinAnswer([.. parsed.GetValue(others)!.Select(other => (other, stored.Store.Join(other, w)))]);
            }
            catch (InvalidOperationException e)
            {
                throw new UserErrorException(e.Message);
            }
        });
        return verb;
    }
}
