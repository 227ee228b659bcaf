using System.Text.Json;
using Bandits.Rae;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What all instances have observed together.</summary>
internal sealed class RaeStatisticsAnswer(GlobalStatistics statistics) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        if (statistics.Instances.Count > 0)
        {
            Table arms = Layout.Table("arm", ">instances", ">outcomes", ">quality", ">cost", ">seconds");
            foreach (ArmEvidence arm in statistics.Arms)
            {
                Evidence e = arm.Evidence;
                arms.Row(
                    Figures.Name(arm.ArmId), Figures.Count(arm.Instances), Figures.Count(e.Total), Figures.Number(Mean(e.QualitySum, e.QualityCount), "0.000"), Figures.Usd(Mean(e.CostSumUsd, e.CostCount)),
                    Figures.Number(Mean(e.LatencySumSeconds, e.LatencyCount), "0.0"));
            }

            console.Write(arms);
            foreach (InstanceEvidence instance in statistics.Instances) console.Line($"{instance.Name}: {Figures.Count(instance.Evidence.Total)} outcomes in {Figures.Count(instance.Cells)} cells.");
        }
        else
        {
            console.Line("No instance has exported anything yet.");
        }

        foreach (string fault in statistics.Faults) console.Line(fault);
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("arms");
        foreach (ArmEvidence arm in statistics.Arms)
        {
            Evidence e = arm.Evidence;
            json.WriteStartObject();
            json.Field("model_id", arm.ArmId);
            json.Field("instances", arm.Instances);
            json.Field("outcomes", e.Total);
            json.Field("quality", Mean(e.QualitySum, e.QualityCount));
            json.Field("cost", Mean(e.CostSumUsd, e.CostCount));
            json.Field("latency_seconds", Mean(e.LatencySumSeconds, e.LatencyCount));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("instances");
        foreach (InstanceEvidence instance in statistics.Instances)
        {
            json.WriteStartObject();
            json.Field("name", instance.Name);
            json.Field("sequence", instance.Sequence);
            json.Field("cells", instance.Cells);
            json.Field("outcomes", instance.Evidence.Total);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Field("faults", statistics.Faults);
        json.WriteEndObject();
    }

    private static double? Mean(double sum, long count) => count > 0 ? sum / count : null;
}
