using System.Text;
using System.Text.Json;

namespace Bandits.Tests.History;

/// <summary>Lines of a log to test with: any number of distinct records, and the same record written in many ways.</summary>
internal static class RecordLines
{
    private static readonly string[] Models = ["opus", "sonnet", "haiku", "flash", "llama3:70b", "modèle-é", "a-model-with-a-rather-long-name-20250929"];
    private static readonly string[] Outcomes = ["success", "failed", "partial", "human_review", "cancelled"];

    /// <summary>A valid line of the one record that a test does not care about.</summary>
    public static string Simple(string id = "t1", string extra = "") =>
        $$"""{"task_id":"{{id}}","task_area":"core","task_risk":"low","implementer_model":"opus","outcome":"success"{{extra}}}""";

    /// <summary>Record number <paramref name="i"/> of an endless log.</summary>
    public static string Numbered(int i)
    {
        var random = new Random(i);
        List<(string, string[])> fields = Fields(random, i);
        return "{" + string.Join(",", fields.Select(f => $"\"{f.Item1}\":{f.Item2[0]}")) + "}";
    }

    public static byte[] Log(int records, string lineEnd = "\n")
    {
        var text = new StringBuilder();
        for (int i = 0; i < records; i++) text.Append(Numbered(i)).Append(lineEnd);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Record number <paramref name="i"/> with keys, spaces, escapes, number spellings and unknown fields as <paramref name="style"/> has it.</summary>
    public static string Spelled(int i, int style)
    {
        var random = new Random(style);
        List<(string Name, string[] Spellings)> fields = Fields(new Random(i), i);
        if (random.Next(2) == 0) fields.Add(("unknown_field", ["{\"deep\":[1,{\"x\":null}]}"]));
        fields.RemoveAll(f => f.Spellings[0] == "null" && random.Next(2) == 0); // missing is the same as null
        (string Name, string[] Spellings)[] order = [.. fields];
        random.Shuffle(order);
        var text = new StringBuilder();
        foreach ((string name, string[] spellings) in order)
        {
            text.Append(text.Length == 0 ? "{" : ",").Append(Space()).Append(Escaped(name)).Append(Space()).Append(':').Append(Space());
            string spelling = spellings[random.Next(spellings.Length)];
            text.Append(spelling.StartsWith('"') ? Escaped(JsonSerializer.Deserialize<string>(spelling)!) : spelling).Append(Space());
        }

        return text.Append('}').ToString();

        string Space() => random.Next(4) switch { 0 => " ", 1 => "\t ", _ => "" };

        string Escaped(string plain)
        {
            bool escapes = random.Next(3) == 0;
            var quoted = new StringBuilder("\"");
            foreach (char c in plain)
            {
                if (c is '"' or '\\' or < ' ' || char.IsSurrogate(c) || (escapes && random.Next(3) == 0)) quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                else quoted.Append(c);
            }

            return quoted.Append('"').ToString();
        }
    }

    private static List<(string, string[])> Fields(Random random, int i)
    {
        int cents = random.Next(1, 5000);
        int steps = random.Next(1, 200);
        string duration = FormattableString.Invariant($"{random.Next(0, 100000)}.{random.Next(1, 10)}");
        return
        [
            ("task_id", [$"\"TASK-{i}\""]),
            ("task_area", [$"\"area{random.Next(4)}\""]),
            ("task_risk", [$"\"risk{random.Next(3)}\""]),
            ("task_complexity", random.Next(5) == 0 ? ["null"] : [$"\"c{random.Next(3)}\""]),
            ("planner_model", random.Next(6) == 0 ? ["null"] : [$"\"{Models[random.Next(Models.Length)]}\""]),
            ("planner_provider", random.Next(6) == 0 ? ["null"] : ["\"claude\""]),
            ("implementer_model", [$"\"{Models[random.Next(Models.Length)]}\""]),
            ("implementer_provider", [$"\"p{random.Next(3)}\""]),
            ("outcome", [$"\"{Outcomes[random.Next(Outcomes.Length)]}\""]),
            ("duration_seconds", [duration, duration + "0", duration + "e0", duration + "000E+0"]),
            ("total_cost_usd", random.Next(5) == 0 ? ["null"] : [$"{cents}e-2", $"{cents}00E-4", $"0.{cents:0000}e2", $"{cents}.000e-2"]),
            ("num_steps", [$"{steps}", $"{steps}.0", $"{steps}e0", $"{steps}0e-1"]),
            ("num_retries", ["0", "-0", "0.0", "0e5"]),
            ("quality_gate_passed", [random.Next(2) == 0 ? "true" : "false"]),
            ("code_review_passed", [random.Next(2) == 0 ? "null" : "false"]),
            ("error_message", ["\"tab\\t, quote \\\" and \\\\ and \u00e9\ud83d\ude00\""]),
            ("started_at", [FormattableString.Invariant($"\"2026-01-05T{random.Next(24):00}:{random.Next(60):00}:00.{random.Next(1000):000}\"")]),
            ("metadata", [$$"""{"a":{{steps}},"b":[1,true,"x"]}""", $$"""{ "b" : [ 1.0 , true, "\u0078" ], "a": {{steps}}.00 }""", $$"""{"a":"overwritten","b":[1e0,true,"x"],"a":{{steps}}}"""]),
        ];
    }
}
