using System.IO.Compression;
using System.Text.Json;

namespace Bandits.Routing.Outcomes;

/// <summary>A file of outcomes in the row format of the shared data: one line for each task and model.</summary>
internal sealed class OutcomeSet
{
    private OutcomeSet(string name, List<string> models, List<RoutingTask> tasks) => (Name, Models, Tasks) = (name, models, tasks);

    /// <summary>The file's name, or its folder's.</summary>
    public string Name { get; }

    public IReadOnlyList<string> Models { get; }

    public IReadOnlyList<RoutingTask> Tasks { get; }

    /// <summary>The most that one answer may cost, USD.</summary>
    private const double MostCostUsd = 10_000;

    /// <summary>Reads a file, packed or not. A line without a reward is an answer that is missing; of several lines of one task and model the last counts.</summary>
    /// <exception cref="UsageException">The file cannot be read, or a line is not an outcome.</exception>
    public static OutcomeSet Read(string path)
    {
        var models = new List<string>();
        var rows = new Dictionary<string, (string Area, Dictionary<string, (double Quality, double Cost)> Outcomes)>(StringComparer.Ordinal);
        var order = new List<string>();
        ReadLines(path, row =>
        {
            string task = Text(row, "task_id"), model = Text(row, "model"), area = Text(row, "area", isOptional: true);
            double quality = Number(row, "reward", 1), cost = Number(row, "cost_usd", MostCostUsd, isOptional: true);
            if (double.IsNaN(quality)) return;
            if (!models.Contains(model)) models.Add(model);
            if (!rows.TryGetValue(task, out var known))
            {
                rows.Add(task, known = (area, []));
                order.Add(task);
            }

            known.Outcomes[model] = (quality, cost);
        });

        if (order.Count == 0) throw new UsageException($"'{path}' holds no outcomes.");
        var tasks = order.ConvertAll(id => new RoutingTask(
            id,
            rows[id].Area,
            [.. models.Select(model => rows[id].Outcomes.TryGetValue(model, out var outcome) ? outcome.Quality : double.NaN)],
            [.. models.Select(model => rows[id].Outcomes.TryGetValue(model, out var outcome) ? outcome.Cost : double.NaN)]));
        return new OutcomeSet(NameOf(path), models, tasks);
    }

    /// <summary>Puts the texts of a file of tasks to the tasks that it names; returns how many.</summary>
    public int ReadPrompts(string path)
    {
        var byId = new Dictionary<string, RoutingTask>(StringComparer.Ordinal);
        foreach (RoutingTask task in Tasks) byId.Add(task.Id, task);
        int found = 0;
        ReadLines(path, row =>
        {
            if (!byId.TryGetValue(Text(row, "task_id"), out RoutingTask? task)) return;
            task.Prompt = Text(row, "prompt", isOptional: true);
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

    /// <summary>A text that is there, or, where it is optional, an empty one for null and for none.</summary>
    private static string Text(JsonElement row, string name, bool isOptional = false)
    {
        bool isAbsent = !row.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null;
        if (isAbsent && isOptional) return "";
        if (isAbsent || value.ValueKind != JsonValueKind.String || (value.GetString() is "" && !isOptional)) throw new InvalidDataException($"{name} is {(isAbsent ? "absent" : value.GetRawText())}; it must be a text.");
        return value.GetString()!;
    }

    /// <summary>A number in [0, most], or NaN for null; optional ones may be absent too.</summary>
    private static double Number(JsonElement row, string name, double most, bool isOptional = false)
    {
        if (!row.TryGetProperty(name, out JsonElement value)) return isOptional ? double.NaN : throw new InvalidDataException($"{name} is absent; it must be a number in [0, {most}], or null.");
        if (value.ValueKind == JsonValueKind.Null) return double.NaN;
        if (value.ValueKind != JsonValueKind.Number || !(value.GetDouble() is var number && number >= 0 && number <= most))
            throw new InvalidDataException($"{name} is {value.GetRawText()}; it must be a number in [0, {most}], or null.");
        return number;
    }

    private static JsonDocument Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            throw new InvalidDataException("the line is no JSON.");
        }
    }

    private static void ReadLines(string path, Action<JsonElement> take)
    {
        int number = 0;
        try
        {
            using Stream file = File.OpenRead(path);
            using var text = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
            while (text.ReadLine() is { } line)
            {
                number++;
                if (string.IsNullOrWhiteSpace(line)) continue;
                using JsonDocument row = Parse(line);
                if (row.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException("the line is no JSON object.");
                take(row.RootElement);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or InvalidDataException)
        {
            throw new UsageException(number == 0 ? $"'{path}' cannot be read: {e.Message}" : $"'{path}', line {number}: {e.Message}");
        }
    }
}
