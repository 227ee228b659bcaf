using System.IO.Compression;
using System.Text.Json;

namespace Bandits.Cli.Demo;

/// <summary>One task with what every arm made of it, by arm.</summary>
internal sealed record ReplayTask(string Area, double[] Quality, double[] CostUsd);

/// <summary>The real outcomes that ship with the tool: tasks that every one of the arms has answered, so any choice can be replayed.</summary>
internal sealed class ShippedOutcomes
{
    private ShippedOutcomes(IReadOnlyList<Arm> models, IReadOnlyList<Arm> arms, IReadOnlyList<ReplayTask> tasks) =>
        (Models, Arms, Tasks) = (models, arms, tasks);

    /// <summary>All models of the set.</summary>
    public IReadOnlyList<Arm> Models { get; }

    /// <summary>The models that answered every task, cheapest first.</summary>
    public IReadOnlyList<Arm> Arms { get; }

    public IReadOnlyList<ReplayTask> Tasks { get; }

    public static Stream History() => Open("history.jsonl.gz");

    public static ShippedOutcomes Load()
    {
        IReadOnlyList<Arm> models = ReadModels();
        var byTask = new Dictionary<string, (string Area, Dictionary<string, (double Quality, double CostUsd)> Outcomes)>(StringComparer.Ordinal);
        using var text = new StreamReader(new GZipStream(Open("outcomes.jsonl.gz"), CompressionMode.Decompress));
        while (text.ReadLine() is { } line)
        {
            using JsonDocument row = JsonDocument.Parse(line);
            JsonElement r = row.RootElement;
            string task = r.GetProperty("task_id").GetString()!;
            if (!byTask.TryGetValue(task, out var known)) byTask.Add(task, known = (r.GetProperty("area").GetString()!, []));
            known.Outcomes[r.GetProperty("model").GetString()!] = (r.GetProperty("reward").GetDouble(), r.GetProperty("cost_usd").GetDouble());
        }

        Arm[] arms = [.. models.Where(model => byTask.Values.All(task => task.Outcomes.ContainsKey(model.Id)))];
        var tasks = byTask.Values.Select(task => new ReplayTask(
            task.Area, Array.ConvertAll(arms, arm => task.Outcomes[arm.Id].Quality), Array.ConvertAll(arms, arm => task.Outcomes[arm.Id].CostUsd)));
        return new ShippedOutcomes(models, arms, [.. tasks]);
    }

    private static List<Arm> ReadModels()
    {
        using JsonDocument document = JsonDocument.Parse(Open("models.json"));
        var models = new List<Arm>();
        foreach (JsonElement m in document.RootElement.EnumerateArray())
        {
            string id = m.GetProperty("model_id").GetString()!;
            models.Add(new Arm
            {
                Id = id,
                Provider = id[..id.IndexOf('/', StringComparison.Ordinal)],
                Tier = m.GetProperty("speed_profile").GetString() switch
                {
                    "fast" => ArmTier.Fast,
                    "slow" => ArmTier.Advanced,
                    _ => ArmTier.Standard,
                },
                Capabilities = [.. m.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()!)],
                InputUsdPerMillionTokens = m.GetProperty("input_cost_per_m").GetDouble(),
                OutputUsdPerMillionTokens = m.GetProperty("output_cost_per_m").GetDouble(),
                ContextWindow = m.GetProperty("context_length").GetInt32(),
            });
        }

        return models;
    }

    private static Stream Open(string name) =>
        typeof(ShippedOutcomes).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource '{name}' is missing from this build.");
}
