using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Cli.Verbs;
using Bandits.History;
using Bandits.Storage;

namespace Bandits.Cli.Demo;

/// <summary>One step of the walk: the command a user would type, and its answer.</summary>
internal sealed record WalkStep(string Name, string Typed, Answer Answer);

/// <summary>The shipped history in a temporary store, asked what a user would ask.</summary>
internal static class HistoryWalk
{
    private const string Area = "mmlu";
    private const string Risk = "medium";
    private const double LeastSavingsUsd = 0.001;
    private const int Seed = 1;

    public static IReadOnlyList<WalkStep> Run(ShippedOutcomes outcomes)
    {
        var store = new StoreDirectory(Directory.CreateTempSubdirectory("bandits-demo-").FullName);
        try
        {
            return Walk(store, outcomes);
        }
        finally
        {
            Directory.Delete(store.Path, recursive: true);
        }
    }

    private static List<WalkStep> Walk(StoreDirectory store, ShippedOutcomes outcomes)
    {
        using HistoryStore history = HistoryStore.Open(store.Path);
        long start = TimeProvider.System.GetTimestamp();
        using Stream shipped = ShippedOutcomes.History();
        ImportAccount account = history.Import(shipped, new ImportOptions { SourceName = "pareto-val.uniform.jsonl.gz" });
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        store.Arms.Write([.. outcomes.Models.Select(arm => new DescribedArm(arm))]);
        HistoryAnalytics asked = history.Analytics;
        var options = new RouterOptions { ReferenceCostUsd = ReplayReport.ReferenceCostUsd };
        using StoreLock held = store.Lock();
        using StoredRouter stored = StoredRouter.Open(store, held, options, RoutingChoices.DefaultHistoryWeight, Seed);
        BanditRouter router = stored.Router;
        var request = new Request(router.SegmentOf("implementer", Area, Risk, "medium"));
        return
        [
            new("import", "bandits import pareto-val.uniform.jsonl.gz", new ImportAnswer([account], history.History.RecordCount, seconds)),
            new("summary", "bandits summary", new SummaryAnswer(asked.Statistics())),
            new("rankings", $"bandits rankings {Area} {Risk}", new RankingsAnswer(RankingMetric.SuccessRate, asked.Rank(Area, Risk, HistoryRole.Implementer))),
            new("optimize", "bandits optimize --min-savings 0.001", new SavingsAnswer(asked.Savings(LeastSavingsUsd))),
            new(
                "route",
                $"bandits route --role implementer --area {Area} --risk {Risk} --complexity medium --reference-cost 0.5 --explain",
                RouteVerb.Decide(router, request, explains: true)),
        ];
    }
}
