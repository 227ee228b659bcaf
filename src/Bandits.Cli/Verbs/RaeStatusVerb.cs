using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Rae;

namespace Bandits.Cli.Verbs;

/// <summary><c>rae status</c>: how the exchange stands, also while another process runs it.</summary>
internal static class RaeStatusVerb
{
    public static Command Create()
    {
        var verb = new Command("status", "How the exchange stands: sent, waiting, refused, and whether the server is well. Changes nothing.");
        verb.AnswerWith((parsed, cancellationToken) => RaeServerChoices.TellAsync<Answer>(async () =>
        {
            StoreDirectory store = StoreDirectory.Existing(parsed);
            RaeOptions options = RaeServerChoices.Given(parsed);
            bool? isHealthy = null;
            if (options.Endpoint is not null)
            {
                using var client = new RaeClient(options);
                isHealthy = await client.IsHealthyAsync(cancellationToken);
            }

            return new RaeStatusAnswer(RaeExchange.ReadStatus(options, store.Path), options.Endpoint, isHealthy);
        }));
        return verb;
    }
}
