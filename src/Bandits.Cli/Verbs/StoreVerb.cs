using System.CommandLine;

namespace Bandits.Cli.Verbs;

/// <summary><c>store</c>: the care of a store.</summary>
internal static class StoreVerb
{
    public static Command Create() => new("store", "Look after a store: what is in it, whether it is whole, what others have learnt.")
    {
        StoreVerifyVerb.Create(), StoreInspectVerb.Create(), StoreRepairVerb.Create(), StoreCompactVerb.Create(), StoreJoinVerb.Create(),
    };
}
