using System.Text.Encodings.Web;
using System.Text.Json;
using Bandits.Routing.Experiments;

namespace Bandits.Routing.Reporting;

/// <summary>An array with one object a finding; what does not apply is null.</summary>
internal static class JsonReport
{
    public static void Write(Stream output, Subject subject, IReadOnlyList<Finding> findings)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartArray();
        foreach (Finding finding in findings)
        {
            (double low, double high) = finding.Interval;
            writer.WriteStartObject();
            writer.WriteString("experiment", finding.Experiment);
            writer.WriteString("phase", finding.Phase);
            Number("budget", finding.BudgetUsd);
            writer.WriteString("policy", finding.Policy);
            writer.WriteString("features", finding.Features);
            Number("quality", finding.Quality.Average());
            Number("quality_low", low);
            Number("quality_high", high);
            Number("cost", finding.CostUsd.Average());
            Number("cost_over_budget", finding.CostOverBudget);
            Number("cost_over_budget_p95", finding.CostOverBudgetHigh);
            Number("worst_window_over_budget", finding.WorstWindowOverBudget);
            Number("bound_no_context", finding.Bounds.NoContext);
            Number("bound_area", finding.Bounds.Area);
            Number("bound_shuffled_area", finding.Bounds.Shuffled);
            Number("bound_prompt", finding.Bounds.Prompt);
            Number("bound_gap_error", finding.Bounds.GapError);
            Number("unconstrained_area_cost", finding.Bounds.FreeAreaCostUsd);
            writer.WriteNumber("seeds", finding.Quality.Length);
            writer.WriteStartObject("share");
            for (int arm = 0; arm < finding.Shares.Length; arm++) Number(subject.Arms[arm].Id, finding.Shares[arm]);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        output.WriteByte((byte)'\n');

        void Number(string name, double value)
        {
            if (double.IsFinite(value)) writer.WriteNumber(name, value);
            else writer.WriteNull(name);
        }
    }
}
