namespace Bandits.Benchmarks.Inputs;

/// <summary>A model of the made-up log.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Provider">Who runs it.</param>
/// <param name="SuccessRate">Share of low-risk small tasks it does well.</param>
/// <param name="CostUsd">Typical cost of a task.</param>
/// <param name="Seconds">Typical duration of a task.</param>
internal sealed record LogModel(string Id, string Provider, double SuccessRate, double CostUsd, double Seconds)
{
    public static LogModel[] All { get; } =
    [
        new("claude-sonnet-4-5-20250929", "claude", 0.93, 0.120, 95),
        new("claude-opus-4-20250514", "claude", 0.95, 0.450, 150),
        new("claude-haiku-3-5-20241022", "claude", 0.84, 0.030, 45),
        new("gemini-2.5-pro", "gemini", 0.90, 0.080, 80),
        new("gemini-2.5-flash", "gemini", 0.82, 0.012, 35),
        new("gemini-2.0-flash", "gemini", 0.74, 0.006, 30),
        new("llama3:70b", "ollama", 0.70, 0, 120),
        new("codellama:34b", "ollama", 0.62, 0, 90),
    ];
}
