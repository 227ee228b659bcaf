using Bandits.Cli.Rendering;
using Bandits.History;

namespace Bandits.Cli.Stores;

/// <summary>What a history teaches a router: evidence per (role, area, risk, complexity, model) under the origin "history".</summary>
internal static class HistoryLessons
{
    private const string UnknownProvider = "unknown";
    private const string OtherProvider = "(other)";
    private const int MostProviders = 63;
    private const int MostIdLength = 200;

    /// <summary>The arms with the history's models added; a model that nobody described has its provider and nothing else.</summary>
    public static List<DescribedArm> WithModels(IReadOnlyList<DescribedArm> arms, IReadOnlyList<HistoryEvidence> rows)
    {
        var all = new List<DescribedArm>(arms);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var providers = new HashSet<string>(StringComparer.Ordinal);
        foreach (DescribedArm arm in arms)
        {
            ids.Add(arm.Arm.Id);
            providers.Add(arm.Arm.Provider);
        }

        foreach (HistoryEvidence row in rows)
        {
            if (!CanBeArm(row.Model) || !ids.Add(row.Model)) continue;
            string provider = ProviderOf(row.Model, rows);
            if (providers.Count >= MostProviders && !providers.Contains(provider)) provider = OtherProvider;
            providers.Add(provider);
            all.Add(new DescribedArm(new Arm { Id = row.Model, Provider = provider }));
        }

        return all;
    }

    /// <summary>Teaches the router what the whole history says; learning again from the same records changes nothing.</summary>
    public static Joined Teach(BanditRouter router, HistoryStore history, double weight)
    {
        foreach (OriginState origin in router.Origins)
            if (origin.Name == StoredRouter.HistoryOrigin && origin.Sequence > history.History.RecordCount)
                Terminal.Note($"The router has learnt from {origin.Sequence} records, but the store holds {history.History.RecordCount}; it keeps what it has learnt. To learn anew, begin another store.");
        return router.Join(StoredRouter.HistoryOrigin, history.History.RecordCount, weight, Cells(history.History.Evidence()));
    }

    private static IEnumerable<JoinedEvidence> Cells(IReadOnlyList<HistoryEvidence> rows)
    {
        foreach (HistoryEvidence row in rows)
            if (CanBeArm(row.Model)) yield return new JoinedEvidence(new string?[] { row.Role, row.Area, row.Risk, row.Complexity }, row.Model, row.Evidence);
    }

    /// <summary>"(other)" is where a history counts names beyond its bounds.</summary>
    private static bool CanBeArm(string model) => model.Length is > 0 and <= MostIdLength && model != "(other)";

    private static string ProviderOf(string model, IReadOnlyList<HistoryEvidence> rows)
    {
        foreach (HistoryEvidence row in rows)
            if (row.Model == model && !string.IsNullOrEmpty(row.Provider)) return row.Provider;
        return UnknownProvider;
    }
}
