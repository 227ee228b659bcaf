using System.Text.Json;
using Bandits.Storage;
using Bandits.Storage.Journal;

namespace Bandits.Tests.Storage.Journal;

/// <summary>The names of fields agree with what is written.</summary>
public sealed class EntryFieldsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bandits-fields-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_field_that_is_written_has_a_name()
    {
        (EntryField[] Fields, int Count)[] pairs =
        [
            (EntryFields.Of(EntryKind.Opening), EntryEncoder.OpeningFields),
            (EntryFields.Of(EntryKind.Settings), EntryEncoder.SettingsFields),
            (EntryFields.Of(EntryKind.Arm), EntryEncoder.ArmFields),
            (EntryFields.Of(EntryKind.Segment), EntryEncoder.SegmentFields),
            (EntryFields.Of(EntryKind.Plan), EntryEncoder.PlanFields),
            (EntryFields.Planned, EntryEncoder.PlannedFields),
            (EntryFields.Of(EntryKind.Decision), EntryEncoder.DecisionFields),
            (EntryFields.Of(EntryKind.Outcome), EntryEncoder.OutcomeFields),
            (EntryFields.Contribution, EntryEncoder.ContributionFields),
            (EntryFields.Of(EntryKind.Restart), EntryEncoder.RestartFields),
            (EntryFields.Of(EntryKind.Weight), EntryEncoder.WeightFields),
            (EntryFields.Of(EntryKind.Joined), EntryEncoder.JoinedFields),
            (EntryFields.JoinedCell, EntryEncoder.JoinedCellFields),
        ];
        Assert.All(pairs, pair => Assert.Equal(pair.Count, pair.Fields.Length));
        Assert.All(pairs, pair => Assert.Equal(pair.Count, pair.Fields.Select(field => field.Name).Distinct().Count()));
    }

    [Fact]
    public void Every_kind_of_entry_is_printed_with_all_its_fields()
    {
        Decision decision;
        var options = new RouterOptions { Dimensions = ["role"], FeatureCount = 2 };
        foreach (string id in (string[])["a", "b", "c"]) options.Arms.Add(new Arm { Id = id });
        using (RouterStore store = RouterStore.Open(_folder, options, new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 1 << 20 }))
        {
            BanditRouter router = store.Router;
            router.DisableArm("c");
            SegmentKey segment = router.SegmentOf("planner");
            Assert.True(router.TryDecide(new Request(segment) { Features = new float[] { 1, 0.5f }, TimeTicks = SampleStates.MondayTicks }, out decision));
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.25, Source = "test" });
            router.Record(decision, new Outcome { Kind = OutcomeKind.Failed, Revision = 1 });
            router.Restart(segment, "a");
            router.Join("history", 3, 0.5, [new JoinedEvidence(new[] { "planner" }, "b", new Evidence())]);
            router.SetOriginWeight("history", 0.25);
        }

        using var output = new MemoryStream();
        Assert.True(DecisionLog.Write(_folder, 0, long.MaxValue, output) > 8);
        JsonElement[] entries = [.. System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        foreach (EntryKind kind in Enum.GetValues<EntryKind>())
        {
            JsonElement entry = entries.First(e => e.GetProperty("kind").GetString() == EntryFields.NameOf(kind));
            Assert.Equal(["position", .. EntryFields.Of(kind).Select(field => field.Name)], entry.EnumerateObject().Select(field => field.Name));
        }

        JsonElement decided = Of(EntryKind.Decision)[0], corrected = Of(EntryKind.Outcome)[1];
        Assert.Equal(
            (decision.Id.Incarnation.ToString("x16"), decision.Arm, decision.Propensity),
            (decided.GetProperty("incarnation").GetString(), decided.GetProperty("arm").GetInt32(), decided.GetProperty("propensity").GetDouble()));
        Assert.Equal([1, 0.5], decided.GetProperty("features").EnumerateArray().Select(f => f.GetDouble()));
        Assert.Equal(new DateTime(SampleStates.MondayTicks, DateTimeKind.Utc), decided.GetProperty("time").GetDateTime());
        Assert.Equal(250_000_000, corrected.GetProperty("known").GetProperty("cost_nano_usd").GetInt64());
        Assert.Equal("Disabled", Assert.Single(Of(EntryKind.Plan)[0].GetProperty("why_not").EnumerateArray()).GetProperty("why").GetString());

        using var part = new MemoryStream();
        Assert.Equal(1, DecisionLog.Write(_folder, decided.GetProperty("position").GetInt64(), 1, part));
        Assert.Equal(decided.GetRawText() + "\n", System.Text.Encoding.UTF8.GetString(part.ToArray()));

        JsonElement[] Of(EntryKind kind) => [.. entries.Where(e => e.GetProperty("kind").GetString() == EntryFields.NameOf(kind))];
    }
}
