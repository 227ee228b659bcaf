using System.IO.Compression;
using System.Text.Json;

namespace Bandits.Regret.Environments;

/// <summary>What one model really made of a set of tasks; a round takes one task, the same for every arm.</summary>
internal sealed class RealLaw(double[] quality, double[] costUsd, double valueUsd, bool hasCost) : Law
{
    public override double Mean { get; } = valueUsd * quality.Average() - (hasCost ? costUsd.Average() : 0);

    public override double MeanCostUsd { get; } = hasCost ? costUsd.Average() : 0;

    public override void Draw(ulong key, int round, int arm, out double grade, out double cost)
    {
        int task = (int)(new Draws(key, round, Draws.SharedLane).NextUnit() * quality.Length);
        grade = quality[task];
        cost = hasCost ? costUsd[task] : 0;
    }
}

/// <summary><c>outcomes:SET</c>: real outcomes of real models on every task, drawn with replacement.</summary>
internal sealed class RealOutcomes
{
    public const string Name = "outcomes";

    private const string FileName = "data.jsonl.gz";

    private RealOutcomes(string[] arms, string[] areas, (int Area, double[] Quality, double[] CostUsd)[] tasks) => (Arms, Areas, Tasks) = (arms, areas, tasks);

    /// <summary>The models that have answered every task.</summary>
    public string[] Arms { get; }

    public string[] Areas { get; }

    /// <summary>Every task's area, and quality and cost by arm; a cost that the source lacks is NaN.</summary>
    public (int Area, double[] Quality, double[] CostUsd)[] Tasks { get; }

    /// <summary>Where the set would be found, first match first: what ships, then what lies beside the repository.</summary>
    public static string? PathOf(string set)
    {
        if (RepositoryRoot() is not { } root || set.AsSpan().ContainsAny('/', '\\') || set.Contains("..", StringComparison.Ordinal)) return null;
        string[] places = [Path.Combine(root, "benchmarks", "data", set, FileName), Path.Combine(root, "..", "shared", "data", set, FileName)];
        return Array.Find(places, File.Exists);
    }

    public static RealOutcomes Load(string set)
    {
        string path = PathOf(set) ?? throw new UsageException(
            $"real outcomes '{set}' are absent: neither benchmarks/data/{set}/{FileName} nor ../shared/data/{set}/{FileName} exists.");
        var models = new List<string>();
        var byTask = new Dictionary<string, (string Area, Dictionary<string, (double Quality, double CostUsd)> Outcomes)>(StringComparer.Ordinal);
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (text.ReadLine() is { } line)
        {
            using JsonDocument row = JsonDocument.Parse(line);
            JsonElement r = row.RootElement;
            string task = r.GetProperty("task_id").GetString()!, model = r.GetProperty("model").GetString()!;
            if (!models.Contains(model)) models.Add(model);
            if (!byTask.TryGetValue(task, out var known)) byTask.Add(task, known = (r.GetProperty("area").GetString() ?? "", []));
            JsonElement cost = r.GetProperty("cost_usd");
            known.Outcomes[model] = (r.GetProperty("reward").GetDouble(), cost.ValueKind == JsonValueKind.Number ? cost.GetDouble() : double.NaN);
        }

        string[] arms = [.. models.Where(model => byTask.Values.All(task => task.Outcomes.ContainsKey(model)))];
        string[] areas = [.. byTask.Values.Select(static task => task.Area).Distinct()];
        return new RealOutcomes(arms, areas, [.. byTask.Values.Select(task => (
            Array.IndexOf(areas, task.Area),
            Array.ConvertAll(arms, arm => task.Outcomes[arm].Quality),
            Array.ConvertAll(arms, arm => task.Outcomes[arm].CostUsd)))]);
    }

    /// <summary>The laws by segment and arm, and each segment's share of the traffic.</summary>
    public (Law[] Laws, double[] Shares) Laws(bool byArea, double? valueUsd)
    {
        int segments = byArea ? Areas.Length : 1;
        var laws = new Law[segments * Arms.Length];
        var shares = new double[segments];
        for (int segment = 0; segment < segments; segment++)
        {
            var tasks = Array.FindAll(Tasks, task => !byArea || task.Area == segment);
            shares[segment] = (double)tasks.Length / Tasks.Length;
            for (int arm = 0; arm < Arms.Length; arm++)
            {
                int a = arm;
                double[] costs = Array.ConvertAll(tasks, task => task.CostUsd[a]);
                if (valueUsd is not null && Array.Exists(costs, double.IsNaN))
                    throw new UsageException($"value={valueUsd}: arm '{Arms[arm]}' has tasks without a cost, so utility cannot be counted.");
                laws[segment * Arms.Length + arm] = new RealLaw(Array.ConvertAll(tasks, task => task.Quality[a]), costs, valueUsd ?? 1, valueUsd is not null);
            }
        }

        return (laws, shares);
    }

    private static string? RepositoryRoot()
    {
        foreach (string start in (string[])[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "Bandits.sln"))) return folder.FullName;
        return null;
    }
}
