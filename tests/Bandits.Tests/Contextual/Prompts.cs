using System.IO.Compression;
using System.Text.Json;

namespace Bandits.Tests.Contextual;

/// <summary>The prompts of benchmarks/data/paretobandit-val, and what their answers cost and were worth.</summary>
internal static class Prompts
{
    private static readonly Lazy<Prompt[]> Read = new(Load);

    public static Prompt[] All => Read.Value;

    public static string[] Texts { get; } = [.. All.Select(prompt => prompt.Text)];

    private static Prompt[] Load()
    {
        var costs = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (JsonElement row in Rows("data.jsonl.gz"))
            if (row.GetProperty("model").GetString() == "mistralai/mistral-large-2512") costs[row.GetProperty("task_id").GetString()!] = row.GetProperty("cost_usd").GetDouble();
        return [.. Rows("tasks.jsonl.gz").Select(row => new Prompt(row.GetProperty("area").GetString()!, row.GetProperty("prompt").GetString()!, costs[row.GetProperty("task_id").GetString()!]))];
    }

    private static IEnumerable<JsonElement> Rows(string file)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(Repository.Root, "benchmarks", "data", "paretobandit-val", file)), CompressionMode.Decompress));
        while (text.ReadLine() is { } line) yield return JsonDocument.Parse(line).RootElement;
    }
}

/// <summary>One prompt, and what an answer of Mistral-Large to it costs, USD.</summary>
internal sealed record Prompt(string Area, string Text, double CostUsd);
