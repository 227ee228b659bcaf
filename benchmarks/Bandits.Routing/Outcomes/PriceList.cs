using System.Text.Json;

namespace Bandits.Routing.Outcomes;

/// <summary>What is known of the models before anything is learnt: list prices, where a <c>models.json</c> lies beside the outcomes; else what they cost on the tasks that are learnt from.</summary>
internal static class PriceList
{
    /// <summary>Tokens of a typical call: a question of some lines, an answer of a paragraph or two.</summary>
    public const int InputTokens = 200;

    public const int OutputTokens = 300;

    /// <summary>The arms, in the order of <paramref name="models"/>.</summary>
    public static Arm[] ArmsOf(IReadOnlyList<string> models, IEnumerable<string> files, IReadOnlyList<RoutingTask> train)
    {
        var listed = new Dictionary<string, (double Input, double Output)>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "models.json");
            if (!File.Exists(path)) continue;
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            foreach (JsonElement m in document.RootElement.EnumerateArray())
                listed[m.GetProperty("model_id").GetString()!] = (m.GetProperty("input_cost_per_m").GetDouble(), m.GetProperty("output_cost_per_m").GetDouble());
        }

        var arms = new Arm[models.Count];
        for (int arm = 0; arm < arms.Length; arm++)
        {
            string id = models[arm];
            int slash = id.IndexOf('/', StringComparison.Ordinal);
            double mean = train.Where(task => arm < task.CostUsd.Length && !double.IsNaN(task.CostUsd[arm])).Select(task => task.CostUsd[arm]).DefaultIfEmpty(double.NaN).Average();
            (double input, double output) = listed.TryGetValue(id, out var price) ? price
                : double.IsNaN(mean) ? (0, 0)
                : (mean * 1e6 / (InputTokens + OutputTokens), mean * 1e6 / (InputTokens + OutputTokens));
            arms[arm] = new Arm { Id = id, Provider = slash > 0 ? id[..slash] : "default", InputUsdPerMillionTokens = input, OutputUsdPerMillionTokens = output };
        }

        return arms;
    }
}
