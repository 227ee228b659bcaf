using System.Text.Json;

namespace Bandits.Integration.Tests;

/// <summary>What the command prints as JSON equals what the original analytics print for the same history.</summary>
public sealed class ParityTests(ImportedStore imported) : IClassFixture<ImportedStore>
{
    private const double Relative = 1e-9;

    [Fact]
    public void Summary_prints_the_statistics() => EqualFields(CommandLine.Expected.GetProperty("statistics"), Ask("summary"));

    [Fact]
    public void Providers_prints_the_comparison()
    {
        JsonElement actual = Ask("providers"), expected = CommandLine.Expected.GetProperty("provider_comparison");
        Assert.Equal(expected.EnumerateObject().Count(), actual.EnumerateObject().Count());
        EqualFields(expected, actual);
    }

    [Theory]
    [InlineData("claude-haiku-3-5-20241022", "any")]
    [InlineData("llama3:70b", "planner")]
    [InlineData("gemini-2.5-pro", "implementer")]
    public void Model_prints_the_performance(string model, string role)
    {
        JsonElement expected = CommandLine.Expected.GetProperty("model_performance").GetProperty(model).GetProperty(role);
        EqualFields(expected, Ask("model", model, "--role", role), "provider"); // a model's provider is its own, a wanted correction
    }

    [Fact]
    public void Model_prints_null_for_a_model_that_nobody_used() => Assert.Equal(JsonValueKind.Null, Ask("model", "nobody").ValueKind);

    [Theory]
    [InlineData("api", "low")]
    [InlineData("core", "high")]
    [InlineData("docs", "medium")]
    public void Pattern_prints_the_pattern(string area, string risk)
    {
        JsonElement expected = CommandLine.Expected.GetProperty("task_pattern").GetProperty($"{area}|{risk}"), actual = Ask("pattern", area, risk);
        EqualFields(expected, actual, "best_planner", "best_implementer", "common_errors");
        foreach (string best in (string[])["best_planner", "best_implementer"])
        {
            Assert.Equal(expected.GetProperty(best)[0].GetString(), actual.GetProperty(best).GetProperty("model_id").GetString());
            Assert.Equal(expected.GetProperty(best)[1].GetDouble(), actual.GetProperty(best).GetProperty("success_rate").GetDouble());
        }

        Assert.Equal(
            expected.GetProperty("common_errors").EnumerateArray().Select(e => $"{e[0].GetString()} {e[1].GetInt32()}"),
            actual.GetProperty("common_errors").EnumerateArray().Select(e => $"{e.GetProperty("error_type").GetString()} {e.GetProperty("count").GetInt32()}"));
    }

    [Theory]
    [InlineData("rank", "api", "low", "implementer", "success_rate")]
    [InlineData("rank", "api", "medium", "planner", "cost")]
    [InlineData("rank", "core", "high", "implementer", "duration")]
    [InlineData("rank_min20", "core", "low", "planner", "success_rate")]
    public void Rankings_prints_the_models_in_the_originals_order_with_natural_signs(string set, string area, string risk, string role, string metric)
    {
        JsonElement expected = CommandLine.Expected.GetProperty(set).GetProperty($"{area}|{risk}|{role}|{metric}");
        JsonElement actual = set == "rank"
            ? Ask("rankings", area, risk, "--role", role, "--metric", metric)
            : Ask("rankings", area, risk, "--role", role, "--metric", metric, "--min-samples", "20");
        Assert.NotEqual(0, expected.GetArrayLength());
        Assert.Equal(expected.EnumerateArray().Select(e => e[0].GetString()), actual.EnumerateArray().Select(e => e.GetProperty("model_id").GetString()));
        foreach ((JsonElement e, JsonElement a) in expected.EnumerateArray().Zip(actual.EnumerateArray()))
            Near(Math.Abs(e[1].GetDouble()), a.GetProperty("value").GetDouble(), "value");
    }

    [Theory]
    [InlineData("0.01")]
    [InlineData("0.1")]
    public void Optimize_prints_the_opportunities(string least)
    {
        JsonElement expected = CommandLine.Expected.GetProperty($"optimization_opportunities_{least}"), actual = Ask("optimize", "--min-savings", least);
        Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());

        // The current model is the one most used, a wanted correction.
        foreach ((JsonElement e, JsonElement a) in expected.EnumerateArray().Zip(actual.EnumerateArray())) EqualFields(e, a,
            "current_model", "current_success_rate");
    }

    [Fact]
    public void Recent_prints_the_newest_records_first() => Assert.Equal(
        CommandLine.Expected.GetProperty("recent_20_task_ids").EnumerateArray().Select(e => e.GetString()),
        Ask("recent", "-n", "20").EnumerateArray().Select(e => e.GetProperty("task_id").GetString()));

    [Fact]
    public void Tables_fit_80_columns_and_have_no_colours_when_piped()
    {
        foreach (string[] question in (string[][])[["optimize"], ["recent"], ["arms"], ["learning"], ["model", "claude-sonnet-4-5-20250929"],
            ["pattern", "api", "low"]])
        {
            string output = imported.Command.Run(question).Ok().Output;
            Assert.DoesNotContain('\u001b', output);
            foreach (string line in output.Split('\n')) Assert.True(line.TrimEnd().Length <= 80, $"{question[0]}: {line}");
        }
    }

    private JsonElement Ask(params string[] arguments) => imported.Command.Json(arguments).Ok().Json;

    private static void EqualFields(JsonElement expected, JsonElement actual, params string[] except)
    {
        foreach (JsonProperty field in expected.EnumerateObject())
        {
            if (except.Contains(field.Name)) continue;
            Assert.True(actual.TryGetProperty(field.Name, out JsonElement value), $"{field.Name} is missing");
            switch (field.Value.ValueKind)
            {
                case JsonValueKind.Object: EqualFields(field.Value, value); break;
                case JsonValueKind.Number: Near(field.Value.GetDouble(), value.GetDouble(), field.Name); break;
                case JsonValueKind.String: Assert.Equal(field.Value.GetString(), value.GetString()); break;
                default: Assert.Equal(field.Value.GetRawText(), value.GetRawText()); break;
            }
        }
    }

    private static void Near(double expected, double actual, string name) =>
        Assert.True(Math.Abs(expected - actual) <= Relative * Math.Abs(expected), $"{name}: expected {expected:R}, got {actual:R}");
}
