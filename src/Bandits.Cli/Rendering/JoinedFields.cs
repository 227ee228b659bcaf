using System.Text.Json;
using Bandits.Storage;

namespace Bandits.Cli.Rendering;

/// <summary>What joining tells, from wherever it was joined.</summary>
internal static class JoinedFields
{
    public static string Effect(JoinedOrigin origin) => origin.Joined == Joined.Applied ? "new" : "known already";

    public static string Told(ArmLeftOut arm) => $"'{arm.ArmId}' is not known here; {Figures.Count(arm.Outcomes)} outcomes in {Figures.Count(arm.Cells)} cells were left out.";

    /// <summary>Two arrays: the origins under a name, and the arms that were left out.</summary>
    public static void WriteJoined(this Utf8JsonWriter json, string name, IEnumerable<JoinedOrigin> origins, IEnumerable<ArmLeftOut> leftOut)
    {
        json.WriteStartArray(name);
        foreach (JoinedOrigin origin in origins)
        {
            json.WriteStartObject();
            json.Field("name", origin.Name);
            json.Field("sequence", origin.Sequence);
            json.Field("weight", origin.Weight);
            json.Field("cells", origin.Cells);
            json.Field("joined", origin.Joined == Joined.Applied);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("left_out");
        foreach (ArmLeftOut arm in leftOut)
        {
            json.WriteStartObject();
            json.Field("arm", arm.ArmId);
            json.Field("cells", arm.Cells);
            json.Field("outcomes", arm.Outcomes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
