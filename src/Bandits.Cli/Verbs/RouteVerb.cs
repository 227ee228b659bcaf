using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Storage;

namespace Bandits.Cli.Verbs;

/// <summary><c>route</c>: which arm should handle the next task.</summary>
internal static class RouteVerb
{
    private static readonly RoutingChoices Choices = new();

    private static readonly Option<string> Role = Text("--role", "Role to fill: planner, implementer, code_reviewer, ...", "R", isRequired: true);
    private static readonly Option<string> Area = Text("--area", "Task area.", "A", isRequired: true);
    private static readonly Option<string> Risk = Text("--risk", "Task risk.", "K", isRequired: true);
    private static readonly Option<string> Complexity = Text("--complexity", "Task complexity.", "C", isRequired: false);
    private static readonly Option<string[]> Capability = Many("--capability", "Capability the arm must have; may be given several times.", "C");
    private static readonly Option<string[]> ExcludeProvider = Many("--exclude-provider", "Provider that may not be chosen; may be given several times.", "P");
    private static readonly Option<string[]> ExcludeArm = Many("--exclude-arm", "Arm that may not be chosen; may be given several times.", "ID");
    private static readonly Option<double?> MaxCost = new("--max-cost") { Description = "Ceiling on the expected cost, USD.", HelpName = "USD" };
    private static readonly Option<int> MinContext = new("--min-context") { Description = "Smallest context window that will do, tokens.", HelpName = "N" };
    private static readonly Option<bool> Explain = new("--explain") { Description = "Show every arm's estimate, spread, cost term and probability." };

    private static readonly Option<long?> Seed = new("--seed")
    {
        Description = "For tests and replays: the same seed on the same state of the store decides alike. Without it randomness is fresh.",
        HelpName = "N",
    };

    public static Command Create()
    {
        var verb = new Command("route", "Decide which arm should handle a task; hand its token back with: bandits record.");
        Option[] options = [Role, Area, Risk, Complexity, Capability, ExcludeProvider, ExcludeArm, MaxCost, MinContext, Explain, Seed];
        foreach (Option option in options) verb.Add(option);
        Choices.AddTo(verb);
        verb.AnswerWith(parsed =>
        {
            StoreDirectory store = StoreDirectory.Of(parsed);
            if (!Directory.Exists(store.Path)) throw new UserErrorException($"There is no store '{store.Path}'; start one with: bandits arms --set FILE, or: bandits import FILE");
            using StoreLock held = store.Lock();
            using StoredRouter stored = StoredRouter.Open(store, held, Choices.ToOptions(parsed), Choices.HistoryWeight(parsed), parsed.GetValue(Seed));
            RouteAnswer answer = Decide(stored.Router, RequestOf(stored.Router, parsed), parsed.GetValue(Explain));
            stored.Flush();
            return answer;
        });
        return verb;
    }

    /// <summary>Explains, then decides: the explanation is of the beliefs that the decision was made on.</summary>
    internal static RouteAnswer Decide(BanditRouter router, in Request request, bool explains)
    {
        Explanation explanation = router.Explain(request);
        if (!router.TryDecide(request, out Decision decision))
            throw new UserErrorException($"No arm is eligible: {Reasons.Of(explanation)}");
        return new RouteAnswer(router.ArmAt(decision.Arm), decision, router.TokenOf(decision), explanation, router.Dimensions, explains);
    }

    private static Request RequestOf(BanditRouter router, ParseResult parsed)
    {
        string[] capabilities = parsed.GetValue(Capability) ?? [], providers = parsed.GetValue(ExcludeProvider) ?? [], arms = parsed.GetValue(ExcludeArm) ?? [];
        return new Request(router.SegmentOf(parsed.GetValue(Role), parsed.GetValue(Area), parsed.GetValue(Risk), parsed.GetValue(Complexity)))
        {
            TimeTicks = TimeProvider.System.GetUtcNow().UtcTicks,
            RequiredCapabilities = router.Capabilities(capabilities),
            ExcludedProviders = router.Providers(providers),
            ExcludedArms = Array.ConvertAll(arms, router.IndexOf),
            MaxCostUsd = parsed.GetValue(MaxCost),
            MinContextWindow = parsed.GetValue(MinContext),
        };
    }

    private static Option<string> Text(string name, string description, string helpName, bool isRequired) =>
        new(name) { Description = description, HelpName = helpName, Required = isRequired };

    private static Option<string[]> Many(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.OneOrMore };
}
