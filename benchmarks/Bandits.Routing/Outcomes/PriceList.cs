using System.Text.Json;

namespace Bandits.Routing.Outcomes;

/// <summary>What is known of the models before anything is learnt: list prices, where a <c>models.json</c> lies beside the outcomes; else what they cost on the tasks that are learnt from.</summary>
internal static class PriceList
{
    /// <summary>Tokens of a typical call: a question of some lines, an answer of a paragraph or two.</summary>
    public const int InputTokens = 200;

    public const int OutputTokens = 300;

    /// <summary>The highest price that an arm may have, USD a million tokens.</summary>
    private const double MostUsd = 1e6;

    /// <summary>The arms, in the order of <paramref name="models"/>.</summary>
    /// <exception cref="UsageException">A price list is not one.</exception>
    public static Arm[] ArmsOf(IReadOnlyList<string> models, IEnumerable<string> files, IReadOnlyList<RoutingTask> train)
    {
        var listed = new Dictionary<string, (double Input, double Output)>(StringComparer.Ordinal);
        foreach (string file in files) Read(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "models.json"), listed);
        var arms = new Arm[models.Count];
        for (int arm = 0; arm < arms.Length; arm++)
        {
            string id = models[arm];
            int slash = id.IndexOf('/', StringComparison.Ordinal);
            double mean = train.Select(task => task.CostUsd[arm]).Where(double.IsFinite).DefaultIfEmpty(0).Average(), each = mean * 1e6 / (InputTokens + OutputTokens);
            (double input, double output) = listed.TryGetValue(id, out var price) ? price : (each, each);
            arms[arm] = new Arm { Id = id, Provider = slash > 0 ? id[..slash] : "default", InputUsdPerMillionTokens = AtMost(input), OutputUsdPerMillionTokens = AtMost(output) };
        }

        return arms;
    }

    /// <summary>A price that an arm may have.</summary>
    public static double? AtMost(double? usd) => usd > MostUsd ? MostUsd : usd;

    private static void Read(string path, Dictionary<string, (double Input, double Output)> listed)
    {
        if (!File.Exists(path)) return;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            foreach (JsonElement model in document.RootElement.EnumerateArray())
                listed[model.GetProperty("model_id").GetString() ?? ""] = (model.GetProperty("input_cost_per_m").GetDouble(), model.GetProperty("output_cost_per_m").GetDouble());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new UsageException($"'{path}' is no price list (an array of model_id, input_cost_per_m, output_cost_per_m): {e.Message}");
        }
    }
}
