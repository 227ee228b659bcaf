using System.Text.Encodings.Web;
using System.Text.Json;
using Bandits.Routing.Experiments;

namespace Bandits.Routing.Reporting;

/// <summary>An array with one object a finding; what does not apply is null.</summary>
internal static class JsonReport
{
    public static void Write(Stream output, IEnumerable<Study> studies)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartArray();
        foreach (Study study in studies)
            foreach (Finding finding in study.Findings) One(study.Subject, finding);
        writer.WriteEndArray();
        writer.Flush();
        output.WriteByte((byte)'\n');

        void One(Subject subject, Finding finding)
        {
            (double low, double high) = finding.Interval;
            writer.WriteStartObject();
            writer.WriteString("set", subject.Name);
            writer.WriteString("experiment", finding.Experiment);
            writer.WriteString("variant", finding.Variant);
            writer.WriteString("phase", finding.Phase);
            Number("budget", finding.BudgetUsd);
            writer.WriteString("policy", finding.Policy);
            writer.WriteString("features", finding.Features);
            Number("quality", finding.MeanQuality);
            Number("quality_low", low);
            Number("quality_high", high);
            Number("cost", finding.MeanCostUsd);
            Number("cost_over_budget", finding.CostOverBudget);
            Number("cost_over_budget_p95", finding.CostOverBudgetHigh);
            Number("worst_window_over_budget", finding.WorstWindowOverBudget);
            Number("bound_no_context", finding.Bounds.NoContext);
            Number("bound_area", finding.Bounds.Area);
            Number("bound_shuffled_area", finding.Bounds.Shuffled);
            Number("bound_prompt", finding.Bounds.Prompt);
            Number("bound_gap_error", finding.Bounds.GapError);
            Number("unconstrained_area_cost", finding.Bounds.FreeAreaCostUsd);
            Number("best_single", finding.BestSingle.Quality);
            writer.WriteString("best_single_model", subject.Arms[finding.BestSingle.Arm].Id);
            Number("over_best_single", finding.BestSingle.Over);
            Number("over_best_single_error", finding.BestSingle.OverError);
            writer.WriteNumber("seeds", finding.Quality.Length);
            writer.WriteStartObject("share");
            for (int arm = 0; arm < finding.Shares.Length; arm++) Number(subject.Arms[arm].Id, finding.Shares[arm]);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        void Number(string name, double value)
        {
            if (double.IsFinite(value)) writer.WriteNumber(name, value);
            else writer.WriteNull(name);
        }
    }
}
