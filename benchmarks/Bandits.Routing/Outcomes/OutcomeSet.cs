using System.IO.Compression;
using System.Text.Json;

namespace Bandits.Routing.Outcomes;

/// <summary>One task: where it comes from, what it says, and what each model made of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Area">Its area; empty where the source has none.</param>
/// <param name="Quality">Reward of each model of the set, in [0, 1]; NaN where the model did not answer.</param>
/// <param name="CostUsd">Cost of each model, USD; NaN where the source has none.</param>
internal sealed record RoutingTask(string Id, string Area, double[] Quality, double[] CostUsd)
{
    /// <summary>The text of the prompt; null where it was not given.</summary>
    public string? Prompt { get; set; }
}

/// <summary>A file of outcomes in the row format of the shared data: one line for each task and model.</summary>
internal sealed class OutcomeSet
{
    private OutcomeSet(string name, List<string> models, List<RoutingTask> tasks) => (Name, Models, Tasks) = (name, models, tasks);

    /// <summary>The file's name, or its folder's.</summary>
    public string Name { get; }

    public IReadOnlyList<string> Models { get; }

    public IReadOnlyList<RoutingTask> Tasks { get; }

    /// <summary>Whether every outcome has a cost.</summary>
    public bool HasCosts { get; private set; } = true;

    /// <summary>Reads a file, packed or not.</summary>
    /// <exception cref="UsageException">The file cannot be read, or a line is not an outcome.</exception>
    public static OutcomeSet Read(string path)
    {
        var models = new List<string>();
        var rows = new Dictionary<string, (string Area, Dictionary<string, (double Quality, double Cost)> Outcomes)>(StringComparer.Ordinal);
        var order = new List<string>();
        bool hasCosts = true;
        ReadLines(path, (row, _) =>
        {
            string task = row.GetProperty("task_id").GetString()!, model = row.GetProperty("model").GetString()!;
            if (row.GetProperty("reward").ValueKind != JsonValueKind.Number) return;
            if (!models.Contains(model)) models.Add(model);
            if (!rows.TryGetValue(task, out var known))
            {
                rows.Add(task, known = (row.GetProperty("area").GetString() ?? "", []));
                order.Add(task);
            }

            double quality = row.GetProperty("reward").GetDouble();
            if (!(quality is >= 0 and <= 1)) throw new InvalidDataException($"reward is {quality}; the allowed range is [0, 1].");
            bool hasCost = row.TryGetProperty("cost_usd", out JsonElement cost) && cost.ValueKind == JsonValueKind.Number;
            hasCosts &= hasCost;
            known.Outcomes[model] = (quality, hasCost ? cost.GetDouble() : double.NaN);
        });

        if (order.Count == 0) throw new UsageException($"'{path}' holds no outcomes.");
        var tasks = order.ConvertAll(id => new RoutingTask(
            id,
            rows[id].Area,
            [.. models.Select(model => rows[id].Outcomes.TryGetValue(model, out var outcome) ? outcome.Quality : double.NaN)],
            [.. models.Select(model => rows[id].Outcomes.TryGetValue(model, out var outcome) ? outcome.Cost : double.NaN)]));
        return new OutcomeSet(NameOf(path), models, tasks) { HasCosts = hasCosts };
    }

    /// <summary>Puts the texts of a file of tasks to the tasks that it names; returns how many.</summary>
    public int ReadPrompts(string path)
    {
        var byId = new Dictionary<string, RoutingTask>(StringComparer.Ordinal);
        foreach (RoutingTask task in Tasks) byId.Add(task.Id, task);
        int found = 0;
        ReadLines(path, (row, _) =>
        {
            if (!byId.TryGetValue(row.GetProperty("task_id").GetString()!, out RoutingTask? task)) return;
            task.Prompt = row.GetProperty("prompt").GetString();
            found++;
        });
        return found;
    }

    /// <summary>The tasks that every one of these models has answered, in their order, with the outcomes of these alone.</summary>
    public RoutingTask[] Restrict(IReadOnlyList<string> models)
    {
        int[] columns = [.. models.Select(model => ((List<string>)Models).IndexOf(model))];
        return [.. Tasks.Where(task => columns.All(c => c >= 0 && !double.IsNaN(task.Quality[c])))
            .Select(task => new RoutingTask(task.Id, task.Area, Array.ConvertAll(columns, c => task.Quality[c]), Array.ConvertAll(columns, c => task.CostUsd[c])) { Prompt = task.Prompt })];
    }

    /// <summary>Share of the tasks that a model has answered.</summary>
    public double AnsweredBy(string model)
    {
        int column = ((List<string>)Models).IndexOf(model);
        return column < 0 ? 0 : Tasks.Count(task => !double.IsNaN(task.Quality[column])) / (double)Tasks.Count;
    }

    private static string NameOf(string path)
    {
        string file = Path.GetFileName(path), folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "";
        return file.StartsWith("data.", StringComparison.Ordinal) ? folder : file.Split('.')[0];
    }

    private static void ReadLines(string path, Action<JsonElement, int> take)
    {
        int number = 0;
        try
        {
            using Stream file = File.OpenRead(path);
            using var text = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
            while (text.ReadLine() is { } line)
            {
                number++;
                if (line.Length == 0) continue;
                using JsonDocument row = JsonDocument.Parse(line);
                take(row.RootElement, number);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException or InvalidDataException)
        {
            throw new UsageException(number == 0 ? $"'{path}' cannot be read: {e.Message}" : $"'{path}', line {number}: {e.Message}");
        }
    }
}
