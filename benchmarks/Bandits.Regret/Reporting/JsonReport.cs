using System.Text.Json;
using Bandits.Regret.Running;

namespace Bandits.Regret.Reporting;

/// <summary>An array of <c>{environment, policy, horizon, seeds, regret, se}</c>; <c>se</c> is null with one seed.</summary>
internal static class JsonReport
{
    public static void Write(Stream to, IEnumerable<Study> studies)
    {
        using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartArray();
        foreach (Study study in studies)
        {
            foreach (Finding finding in study.Findings)
            {
                json.WriteStartObject();
                json.WriteString("environment", study.Instance.Name);
                json.WriteString("policy", finding.Policy.Name);
                json.WriteNumber("horizon", study.Instance.Horizon);
                json.WriteNumber("seeds", finding.Seeds);
                json.WriteNumber("regret", finding.Regret.Mean);
                if (double.IsNaN(finding.Regret.Error)) json.WriteNull("se");
                else json.WriteNumber("se", finding.Regret.Error);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.Flush();
        to.WriteByte((byte)'\n');
    }
}
