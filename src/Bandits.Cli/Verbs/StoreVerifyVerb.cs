using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Storage;

namespace Bandits.Cli.Verbs;

/// <summary><c>store verify</c>: whether every byte of a store is as it was written.</summary>
internal static class StoreVerifyVerb
{
    public static Command Create()
    {
        var verb = new Command("verify", $"Read all of the store and say, file by file, whether it is whole; exit code {ExitCode.Damaged} when it is not. Changes nothing.");
        verb.AnswerWith(parsed =>
        {
            StoreDirectory store = StoreDirectory.Existing(parsed);
            return new VerifyAnswer(store.Path, StoreReport.Read(store.Path));
        });
        return verb;
    }
}
