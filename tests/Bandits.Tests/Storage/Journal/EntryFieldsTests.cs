using System.Text.Json;
using Bandits.Policies;
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
            (EntryFields.Of(EntryKind.Change), EntryEncoder.ChangeFields),
        ];
        Assert.All(pairs, pair => Assert.Equal(pair.Count, pair.Fields.Length));
        Assert.All(pairs, pair => Assert.Equal(pair.Count, pair.Fields.Select(field => field.Name).Distinct().Count()));
    }

    [Fact]
    public void Every_kind_of_entry_is_printed_with_all_its_fields()
    {
        Decision decision;
        var options = new RouterOptions { Dimensions = ["role"], FeatureCount = 2, ArmDrift = new ArmDriftDetection() };
        foreach (string id in (string[])["a", "b", "c"]) options.Arms.Add(new Arm { Id = id });
        using (RouterStore store = RouterStore.Open(_folder, options, new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 1 << 20 }))
        {
            BanditRouter router = store.Router;
            router.DisableArm("c");
            SegmentKey segment = router.SegmentOf("planner");
            Assert.True(router.TryDecide(new Request(segment) { Features = new float[] { 1, 0.5f }, TimeTicks = SampleStates.MondayTicks }, out decision));
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.25, Source = "test" });
            router.Record(decision, new Outcome { Kind = OutcomeKind.Failed, Revision = 1 });
            for (int i = 0; router.Changes.Count == 0; i++)
            {
                Assert.InRange(i, 0, 100);
                Assert.True(router.TryDecide(new Request(segment) { ExcludedArms = new[] { 1, 2 }, Features = new float[] { 1, 0 } }, out Decision paid));
                router.Record(paid, new Outcome { Kind = OutcomeKind.Success, CostUsd = i < 30 ? 0.001 : 1 });
            }

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

    [Fact]
    public void The_settings_that_are_written_are_those_of_the_page_and_say_how_decisions_were_made()
    {
        var options = new RouterOptions
        {
            Dimensions = ["role"],
            Policy = KlUcbRule.Policy,
            PriorLatencySeconds = 2,
            ImmediateRollUp = true,
            SafetyGate = new SafetyGate { BaselineArmId = "a", Fraction = 0.25, Scope = "role" },
            Drift = new DriftDetection { Scope = RestartScope.Segment, Components = OutcomeComponents.Quality | OutcomeComponents.Latency, Maturity = 16 },
        };
        options.Arms.Add(new Arm { Id = "a" });
        JsonElement settings = SettingsOf(options);
        Assert.Equal("IndexPolicy<KlUcbRule, Double>", settings.GetProperty("policy").GetString());
        Assert.Equal((2, 1, 0.25, 0.05, 16), (Number("prior_latency_seconds"), Number("immediate_roll_up"), Number("safety_fraction"), Number("safety_delta"), Number("drift_maturity")));
        Assert.Equal(("role", "Segment", "Quality, Latency"), (Text("safety_scope"), Text("drift_scope"), Text("drift_components")));

        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "journal-format.md"));
        page = page[page.IndexOf("| setting | value |", StringComparison.Ordinal)..];
        string[] rows = page[..page.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n')[2..];
        Assert.Equal(settings.EnumerateObject().Select(setting => setting.Name), rows.SelectMany(row => row.Split('|')[1].Split('`').Where((_, i) => i % 2 == 1)));

        double Number(string name) => settings.GetProperty(name).GetDouble();

        string? Text(string name) => settings.GetProperty(name).GetString();
    }

    [Fact]
    public void Settings_find_room_however_long_their_names_are()
    {
        string scope = new('d', 5000);
        var options = new RouterOptions { Dimensions = [scope], SafetyGate = new SafetyGate { BaselineArmId = new string('\u20ac', 200), Fraction = 0.1, Scope = scope } };
        options.Arms.Add(new Arm { Id = options.SafetyGate.BaselineArmId });
        JsonElement settings = SettingsOf(options);
        Assert.Equal((scope, options.SafetyGate.BaselineArmId), (settings.GetProperty("safety_scope").GetString(), settings.GetProperty("safety_baseline").GetString()));
        Assert.Equal(JsonValueKind.Null, settings.GetProperty("drift_maturity").ValueKind);
    }

    private JsonElement SettingsOf(RouterOptions options)
    {
        RouterStore.Open(_folder, options, new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 1 << 20 }).Dispose();
        using var output = new MemoryStream();
        DecisionLog.Write(_folder, 0, 2, output);
        return System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)
            .Single(entry => entry.GetProperty("kind").GetString() == EntryFields.NameOf(EntryKind.Settings)).GetProperty("settings");
    }
}
