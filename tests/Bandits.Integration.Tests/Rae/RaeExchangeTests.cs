using System.Text.Json.Nodes;
using Bandits.Rae;
using Bandits.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bandits.Integration.Tests.Rae;

/// <summary>Stores that export to one server and learn from each other over it.</summary>
public sealed class RaeExchangeTests : RaeTests
{
    private IEnumerable<ServerMemory> Evidence => Server.Storage.Memories.Where(m => ((string?)m.Metadata["schema"])?.StartsWith("bandits.evidence", StringComparison.Ordinal) == true);

    [Fact]
    public async Task What_one_store_learnt_is_joined_by_another_exactly_and_only_once()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 100);
        RaeFolder.Learn(b, 30);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        PullReport report = await to.PullAsync(b);
        Assert.Equal((a.Name, 0.5, Joined.Applied), (Assert.Single(report.Joined).Name, report.Joined[0].Weight, report.Joined[0].Joined));
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
        Assert.Equal((0, false, true), (report.BadMemories, report.IsWaiting, report.IsComplete));
        Assert.Equal(Joined.AlreadyKnown, Assert.Single((await to.PullAsync(b)).Joined).Joined);

        a.Flush();
        b.Join(a.Directory); // the same evidence by another way is the same version, or a later one
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
        Assert.Single(b.Router.Origins);
    }

    [Fact]
    public async Task Later_windows_hold_only_what_changed_and_lead_to_the_same_state()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        await using RaeExchange from = Open(a), to = Open(b);
        for (int i = 0; i < 5; i++)
        {
            RaeFolder.Learn(a, i == 0 ? 60 : 2, 7 * i);
            await from.CollectAsync(a);
            await RaeFolder.PushAllAsync(from);
            if (i % 2 == 0)
            {
                await to.PullAsync(b);
                Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
            }
        }

        Assert.Equal(5, Evidence.Select(m => (long)m.Metadata["window"]!).Distinct().Count());
        Assert.All(Evidence.Where(m => (long)m.Metadata["window"]! > 1), m => Assert.InRange(m.Metadata["cells"]!.AsArray().Count, 1, 2));
        await from.CollectAsync(a);
        Assert.Equal(0, from.Status.Waiting); // nothing changed, nothing is said
    }

    [Fact]
    public async Task Cells_that_are_closed_vanish_elsewhere_too()
    {
        using RouterStore a = Folder.Store("a", "x"), b = Folder.Store("b", "x");
        RaeFolder.Learn(a, 24);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        a.Router.Restart(a.Router.SegmentOf("role0", "area0"), "x");
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        await to.PullAsync(b);
        Assert.DoesNotContain("role0/area0/x", RaeFolder.JoinedOf(b, a.Name).Keys);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_chain_and_lost_bookkeeping_begins_another()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 40);
        await using (RaeExchange first = Open(a)) await first.CollectAsync(a); // nothing was sent
        RaeFolder.Learn(a, 2);
        await using (RaeExchange second = Open(a))
        {
            Assert.True(second.Status.Waiting > 0);
            await second.CollectAsync(a);
            await RaeFolder.PushAllAsync(second);
        }

        Assert.Equal([1L, 2L], Evidence.Select(m => (long)m.Metadata["window"]!).Distinct().Order());
        Assert.Single(Evidence.Select(m => (string)m.Metadata["chain"]!).Distinct());
        File.Delete(Path.Combine(a.Directory, RaeExchange.FolderName, "exported.json"));
        RaeFolder.Learn(a, 2);
        await using (RaeExchange third = Open(a))
        {
            await third.CollectAsync(a);
            await RaeFolder.PushAllAsync(third);
        }

        Assert.Equal(2, Evidence.Select(m => (string)m.Metadata["chain"]!).Distinct().Count());
        await using RaeExchange to = Open(b);
        await to.PullAsync(b);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
    }

    [Fact]
    public async Task One_process_exchanges_for_a_store_and_the_files_are_read_beside_a_writer()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 40);
        a.Flush();
        await using RaeExchange from = Open(a), to = Open(b);
        Assert.Throws<IOException>(() => Open(a));
        await from.CollectAsync(); // of the files: the store stays open
        await RaeFolder.PushAllAsync(from);
        await to.PullAsync(b);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
        await from.CollectAsync(a);
        Assert.Equal(0, from.Status.Waiting); // the same version by both ways
    }

    [Fact]
    public async Task What_is_refused_is_a_dead_letter_and_the_next_news_begins_a_chain()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 40);
        await using RaeExchange from = Open(a), to = Open(b);
        Server.Plan = (number, _) => number == 1 ? Mishap.Invalid : Mishap.None;
        await from.CollectAsync(a);
        PushReport report = await from.PushAsync();
        Assert.Equal((1, 0, null), (report.Dead, report.Waiting, report.Error));
        JsonNode letter = JsonNode.Parse(Assert.Single(File.ReadAllLines(Path.Combine(a.Directory, RaeExchange.FolderName, "dead.jsonl"))))!;
        Assert.Equal((422, "bandits"), ((int)letter["status"]!, (string)letter["request"]!["project"]!));
        await to.PullAsync(b);
        Assert.Empty(b.Router.Origins); // a window without all its parts is none
        await from.CollectAsync(a);
        Assert.Equal(0, from.Status.Waiting); // the same again would be refused again
        RaeFolder.Learn(a, 1);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        await to.PullAsync(b);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
        Assert.Equal((1L, 2L), (from.Status.Dead, from.Status.Windows));
        await from.CollectAsync(a, beginsChain: true); // whoever insists is heard
        Assert.True(from.Status.Waiting > 0);
    }

    [Fact]
    public async Task A_full_outbox_loses_nothing_and_the_newest_state_follows()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        await using RaeExchange from = Open(a, o => o.OutboxBytes = 64 << 10), to = Open(b);
        for (int i = 0; i < 40; i++)
        {
            RaeFolder.Learn(a, 24, i); // about 13 kB a window
            Assert.True(await from.CollectAsync(a));
            Assert.InRange(from.Status.WaitingBytes, 1, 64 << 10);
        }

        await RaeFolder.PushAllAsync(from);
        Assert.True(await from.CollectAsync(a)); // what had no room: sums are cumulative
        await RaeFolder.PushAllAsync(from);
        await to.PullAsync(b);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
    }

    [Fact]
    public async Task Pages_that_shift_while_they_are_read_bring_everything_once()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 200);
        await using RaeExchange from = Open(a, o => o.CellsPerPart = 1), to = Open(b);
        await from.CollectAsync(a);
        for (int i = 0; i < 400; i++) Server.Storage.Store(Guid.Empty, Other(i));
        await RaeFolder.PushAllAsync(from);
        for (int i = 400; i < 600; i++) Server.Storage.Store(Guid.Empty, Other(i));
        int more = 1000;
        Server.BeforeList = () =>
        {
            for (int i = 0; i < 37; i++) Server.Storage.Store(Guid.Empty, Other(more++));
        };
        PullReport report = await to.PullAsync(b);
        Assert.Equal(Evidence.Count(), report.Parts);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));

        static JsonObject Other(int i) => new() { ["content"] = $"something else {i}", ["project"] = "bandits", ["layer"] = "semantic" };
    }

    [Fact]
    public async Task Later_pulls_are_short()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        DateTime now = DateTime.UtcNow.AddDays(-1);
        Server.Storage.Clock = () => now;
        for (int i = 0; i < 1000; i++) Server.Storage.Store(Guid.Empty, new() { ["content"] = $"something else {i}", ["project"] = "bandits", ["layer"] = "semantic" });
        now = DateTime.UtcNow;
        RaeFolder.Learn(a, 20);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        Assert.True((await to.PullAsync(b)).Memories > 1000);
        int listed = Server.Log.Count(r => r.Method == "GET");
        RaeFolder.Learn(a, 2);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        PullReport second = await to.PullAsync(b);
        Assert.Equal(1, Server.Log.Count(r => r.Method == "GET") - listed);
        Assert.True(second.IsComplete);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
    }

    [Fact]
    public async Task Hostile_memories_are_counted_and_named_and_change_nothing()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 20);
        await using RaeExchange from = Open(a), to = Open(b, o => o.MaxResponseBytes = 1 << 20);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        JsonObject good = Evidence.First().Metadata;
        Action<JsonObject>[] forgeries =
        [
            m => m["schema"] = "bandits.evidence/2", m => m["store"] = "../../etc/passwd", m => m["chain"] = 7, m => m["window"] = -1, m => m["parts"] = 1e300, m => m["part"] = 1 << 30,
            m => m["sequence"] = "-5", m => m["dimensions"] = null, m => m["cells"] = new JsonArray(new JsonObject { ["arm"] = "x" }), m => m["checksum"] = "00000000",
            m => m["cells"]![0]!["evidence"] = "1 2 3", m => m["cells"]![0]!["evidence"] = string.Join(' ', Enumerable.Repeat("-1", 27)), m => m["cells"]![0]!["arm"] = new string('x', 100_000),
            m => m["cells"]![0]!["segment"] = new JsonArray(new JsonArray()), m => m.Remove("cells"), m => m["cells"] = new string('x', 2 << 20),
        ];
        for (int i = 0; i < forgeries.Length; i++)
        {
            var forged = (JsonObject)good.DeepClone();
            forgeries[i](forged);
            Server.Storage.Store(Guid.Empty, new() { ["content"] = $"forged {i}", ["project"] = "bandits", ["layer"] = "semantic", ["metadata"] = forged });
        }

        PullReport report = await to.PullAsync(b);
        Assert.Equal(forgeries.Length, report.BadMemories);
        Assert.All(report.Reasons, reason => Assert.InRange(reason.Length, 10, 400));
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
        Assert.Single(b.Router.Origins);
        Assert.Equal(forgeries.Length, to.Status.BadMemories);
    }

    [Fact]
    public async Task Arms_and_dimensions_that_are_unknown_here_are_left_out_and_reported()
    {
        using RouterStore a = Folder.Store("a", "x", "y"), b = Folder.Store("b", "x");
        RaeFolder.Learn(a, 60);
        foreach (string left in (string[])["x", "y"]) // whatever the policy has chosen so far: one of the two may never have been
        {
            Assert.True(a.Router.TryDecide(new Request(a.Router.SegmentOf("role0", "area0")) { ExcludedArms = new[] { a.Router.IndexOf(left) } }, out Decision other));
            a.Router.Record(other, new Outcome { Kind = OutcomeKind.Success });
        }

        var options = new RouterOptions { Dimensions = ["kind"] };
        options.Arms.Add(new Arm { Id = "x" });
        using RouterStore flat = RouterStore.Open(Folder.PathOf("flat"), options);
        Assert.True(flat.Router.TryDecide(new Request(flat.Router.SegmentOf("k")), out Decision decision));
        flat.Router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
        await using RaeExchange one = Open(a), two = Open(flat), to = Open(b);
        foreach ((RaeExchange exchange, RouterStore store) in ((RaeExchange, RouterStore)[])[(one, a), (two, flat)])
        {
            await exchange.CollectAsync(store);
            await RaeFolder.PushAllAsync(exchange);
        }

        PullReport report = await to.PullAsync(b);
        Assert.Equal("y", Assert.Single(report.LeftOut).ArmId);
        Assert.Contains("dimensions", Assert.Single(report.Faults), StringComparison.Ordinal);
        Assert.Equal(RaeFolder.OwnOf(a).Where(cell => cell.Key.EndsWith("/x", StringComparison.Ordinal)), RaeFolder.JoinedOf(b, a.Name));
    }

    [Fact]
    public async Task Global_statistics_count_every_instance_once()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 50);
        RaeFolder.Learn(b, 30);
        await using RaeExchange one = Open(a), two = Open(b, o => o.Learn = true);
        await one.CollectAsync(a);
        await RaeFolder.PushAllAsync(one);
        await two.PullAsync(b);
        await two.CollectAsync(b); // its own only, not what it has joined
        await two.CollectAsync(b, beginsChain: true);
        await RaeFolder.PushAllAsync(two);
        GlobalStatistics statistics = await one.Client.StatisticsAsync();
        Assert.Equal([50L, 30L], statistics.Instances.OrderByDescending(i => i.Evidence.Total).Select(i => i.Evidence.Total));
        Assert.Equal(80, statistics.Arms.Sum(arm => arm.Evidence.Total));
        Assert.Empty(statistics.Faults);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public async Task Records_of_decisions_are_sent_within_the_declared_rate_whatever_the_interval(int seconds)
    {
        using RouterStore a = Folder.Store("a");
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using RaeExchange from = OpenAt(clock, a, recordsPerMinute: 10);
        await from.CollectAsync(a); // from here on
        for (int at = 0; at < 120; at += seconds)
        {
            RaeFolder.Learn(a, seconds, at);
            a.Flush();
            clock.Advance(TimeSpan.FromSeconds(seconds));
            await from.CollectAsync(a);
        }

        await RaeFolder.PushAllAsync(from);
        List<ServerMemory> records = Records;
        Assert.InRange(records.Count, 19, 20);
        Assert.Equal(120, from.Status.RecordsLeftOut + records.Count);
        Assert.All(records, record => Assert.InRange((long)record.Metadata["of_outcomes"]! / (double)(long)record.Metadata["sampled"]!, 5.9, 6.1));
    }

    [Fact]
    public async Task A_record_says_what_was_decided_and_what_became_of_it()
    {
        using RouterStore a = Folder.Store("a");
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using RaeExchange from = OpenAt(clock, a, recordsPerMinute: 100);
        await from.CollectAsync(a);
        clock.Advance(TimeSpan.FromMinutes(1));
        RaeFolder.Learn(a, 12);
        a.Flush();
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        SimilarTask task = (await from.Client.SimilarAsync("bandit_decision seg=role1/area1", 5))[0];
        Assert.Equal(("bandits.decision/1", "role1", "success", a.Name), (task.Schema, task.Segment["role"], task.Outcome, task.Store));
        Assert.Equal((0.002, 1.0), (Math.Round(task.CostUsd!.Value, 9), task.Quality!.Value));
        ServerMemory record = Records.Single(m => m.Id == task.MemoryId);
        Assert.Equal(("episodic", "internal", "routing_decision"), (record.Layer, (string)record.Metadata["info_class"]!, (string)record.Metadata["governance"]!["pattern_type"]!));
        Assert.InRange((double)record.Metadata["propensity"]!, 1e-9, 1);
        Assert.Equal(12, Records.Count);
    }

    private List<ServerMemory> Records => [.. Server.Storage.Memories.Where(m => (string?)m.Metadata["schema"] == "bandits.decision/1")];

    private RaeExchange OpenAt(FakeTimeProvider clock, RouterStore store, int recordsPerMinute)
    {
        RaeOptions options = RaeFolder.Options(Server.Endpoint);
        options.RecordsPerMinute = recordsPerMinute;
        return RaeExchange.Open(options, store.Directory, clock, null, () => new RaeClient(options));
    }
}
