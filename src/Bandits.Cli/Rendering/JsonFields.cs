using System.Text.Json;
using Bandits.History;

namespace Bandits.Cli.Rendering;

/// <summary>Fields of JSON answers; a number that is not finite is null, which is how JSON says unknown.</summary>
internal static class JsonFields
{
    public static void Field(this Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known && double.IsFinite(known)) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    public static void Field(this Utf8JsonWriter json, string name, long count) => json.WriteNumber(name, count);

    public static void Field(this Utf8JsonWriter json, string name, bool flag) => json.WriteBoolean(name, flag);

    public static void Field(this Utf8JsonWriter json, string name, bool? flag)
    {
        if (flag is { } known) json.WriteBoolean(name, known);
        else json.WriteNull(name);
    }

    public static void Field(this Utf8JsonWriter json, string name, string? text)
    {
        if (text is null) json.WriteNull(name);
        else json.WriteString(name, text);
    }

    /// <summary>The rate under its own name, its 95 % interval and a warning beside it.</summary>
    public static void Field(this Utf8JsonWriter json, string name, RateEstimate rate)
    {
        json.Field(name, rate.Rate);
        if (rate.Trials == 0) return;
        (double lower, double upper) = rate.CredibleInterval;
        json.WriteStartArray(name + "_interval");
        json.WriteNumberValue(lower);
        json.WriteNumberValue(upper);
        json.WriteEndArray();
        json.Field(name + "_thin", rate.IsThin);
    }

    public static void Field(this Utf8JsonWriter json, string name, IReadOnlyList<NameCount> counts)
    {
        json.WriteStartObject(name);
        foreach (NameCount count in counts) json.WriteNumber(count.Name, count.Count);
        json.WriteEndObject();
    }

    public static void Field(this Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    public static void Field(this Utf8JsonWriter json, string name, IReadOnlyList<ComplexityPerformance> rows)
    {
        json.WriteStartObject(name);
        foreach (ComplexityPerformance row in rows)
        {
            json.WriteStartObject(row.Complexity ?? "(none)");
            json.Field("total_tasks", row.SuccessRate.Trials);
            json.Field("success_rate", row.SuccessRate);
            json.Field("avg_cost", row.AverageCostUsd);
            json.Field("avg_duration", row.AverageDurationSeconds);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
