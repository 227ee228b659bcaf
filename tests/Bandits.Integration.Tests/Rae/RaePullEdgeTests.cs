using System.Net;
using Bandits.Rae;
using Bandits.Rae.Formats;
using Bandits.Storage;

namespace Bandits.Integration.Tests.Rae;

/// <summary>What a pull finds at its edges: wrong clocks, stores that are gone, chains beside chains, numbers beyond numbers.</summary>
public sealed class RaePullEdgeTests : RaeTests
{
    [Fact]
    public async Task Half_a_surrogate_pair_is_a_bad_memory()
    {
        using RouterStore b = Folder.Store("b");
        foreach (string metadata in (string[])["""{"schema":"\ud800"}""", """{"schem\ud800":1}""", """{"schema":"bandits.evidence/1","store":"\ud800"}"""])
        {
            RaeOptions options = RaeFolder.Options(Server.Endpoint);
            options.Directory = Folder.PathOf("o" + metadata.Length);
            await using RaeExchange to = RaeExchange.Open(options, b.Directory, TimeProvider.System, null, () => new RaeClient(options, TimeProvider.System, new Canned(r =>
                r.RequestUri!.Query.Contains("offset=0", StringComparison.Ordinal) ? $$"""{"results":[{"id":"1","content":"x","metadata":{{metadata}}}]}""" : """{"results":[]}""")));
            PullReport report = await to.PullAsync(b);
            Assert.Equal(1, report.Memories);
            Assert.Equal(1, report.BadMemories);
        }
    }

    [Fact]
    public async Task Plausible_cells_that_are_too_large_to_add_up_are_left_out_and_named()
    {
        using RouterStore a = Folder.Store("a", "model-a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 20);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        const long NanoUsd = 9_200_000_000_000_000_000;
        var words = new long[Evidence.WordCount];
        words[0] = words[17] = 9200; // successes, each with its cost
        words[18] = NanoUsd;
        Int128 squares = (Int128)NanoUsd * 1_000_000_000_000_000;
        (words[12], words[13]) = ((long)(ulong)squares, (long)(ulong)(squares >> 64));
        Evidence huge = Evidence.FromWords(words);
        Assert.True(huge.IsPlausible);
        var state = new EvidenceState("00000000000000aa", 7, ["role", "area"]);
        List<JoinedEvidence> cells = [new JoinedEvidence(new[] { "r", "x" }, "model-a", huge), new JoinedEvidence(new[] { "r", "y" }, "model-a", huge)];
        RaeOptions options = RaeFolder.Options(Server.Endpoint);
        using var client = new RaeClient(options);
        foreach (EvidencePart part in EvidenceParts.Cut(state, 1, 5, cells, 96)) await client.CreateAsync(EvidencePartWriter.ToRequest(part, options));
        PullReport report = await to.PullAsync(b);
        Assert.Equal(0, report.BadMemories); // each memory by itself could be true
        Assert.Contains(state.Store, Assert.Single(report.Faults), StringComparison.Ordinal);
        Assert.Equal(a.Name, Assert.Single(b.Router.Origins).Name);
        GlobalStatistics statistics = await client.StatisticsAsync();
        Assert.Contains(state.Store, Assert.Single(statistics.Faults), StringComparison.Ordinal);
        Assert.Equal(20, Assert.Single(statistics.Arms).Evidence.Total);
        Assert.Equal(a.Name, Assert.Single(statistics.Instances).Name);
    }

    [Fact]
    public async Task Another_weight_is_in_force_at_the_next_pull()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 20);
        await using (RaeExchange from = Open(a))
        {
            await from.CollectAsync(a);
            await RaeFolder.PushAllAsync(from);
        }

        await using (RaeExchange to = Open(b)) await to.PullAsync(b);
        await using RaeExchange again = Open(b, o => o.ForeignWeight = 0);
        PullReport report = await again.PullAsync(b);
        Assert.Equal(0, report.Joined[0].Weight);
        Assert.Equal(report.Joined[0].Weight, b.Router.Origins[0].Weight);
    }

    [Fact]
    public async Task A_store_that_left_a_window_unfinished_does_not_make_every_pull_read_everything()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        DateTime now = DateTime.UtcNow.AddDays(-1);
        Server.Storage.Clock = () => now;
        StoreOthers(Server, 2000);
        now = DateTime.UtcNow;
        RaeFolder.Learn(a, 60);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        int posts = 0;
        Server.Plan = (_, _) => posts++ < 1 ? Mishap.None : Mishap.Unavailable;
        await from.PushAsync(); // one part of several; then the pod is gone for good
        Server.Plan = (_, _) => Mishap.None;
        await to.PullAsync(b);
        await to.PullAsync(b);
        int listed = Server.Log.Count(r => r.Method == "GET");
        await to.PullAsync(b);
        Assert.InRange(Server.Log.Count(r => r.Method == "GET") - listed, 1, 3);
    }

    [Fact]
    public async Task Evidence_beside_a_chain_of_equal_version_is_joined_at_the_next_pull()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        DateTime now = DateTime.UtcNow.AddDays(-1);
        Server.Storage.Clock = () => now;
        RaeFolder.Learn(a, 30);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        await to.PullAsync(b);
        await from.CollectAsync(a, beginsChain: true); // push --full, or bookkeeping that was lost
        await RaeFolder.PushAllAsync(from);
        await to.PullAsync(b);
        StoreOthers(Server, 300);
        now = DateTime.UtcNow;
        StoreOthers(Server, 300, 300);
        await to.PullAsync(b);
        RaeFolder.Learn(a, 2);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        PullReport report = await to.PullAsync(b);
        Assert.False(report.IsWaiting);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
    }

    [Fact]
    public async Task One_memory_of_the_future_does_not_hide_all_later_ones()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        DateTime now = DateTime.UtcNow.AddDays(300); // the server's clock was wrong for a moment
        Server.Storage.Clock = () => now;
        RaeFolder.Learn(a, 20);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        await to.PullAsync(b);
        await using RaeServer mended = await RaeServer.StartAsync(); // ServerStorage never goes back, so the mended clock is another server's
        RaeOptions options = RaeFolder.Options(mended.Endpoint);
        using RouterStore c = Folder.Store("c");
        RaeFolder.Learn(c, 20);
        await using RaeExchange third = RaeExchange.Open(options, c.Directory);
        await third.CollectAsync(c);
        await RaeFolder.PushAllAsync(third);
        StoreOthers(mended, 600);
        await to.DisposeAsync();
        await using RaeExchange again = RaeExchange.Open(options, b.Directory);
        await again.PullAsync(b);
        await again.PullAsync(b);
        Assert.Equal(RaeFolder.OwnOf(c), RaeFolder.JoinedOf(b, c.Name));
    }

    [Fact]
    public async Task Instances_that_are_gone_make_room_for_new_ones()
    {
        using RouterStore b = Folder.Store("b");
        for (int i = 0; i < 4; i++)
        {
            await using RaeServer server = await RaeServer.StartAsync(); // nothing of the earlier ones is on the server any more
            using RouterStore pod = Folder.Store("pod" + i);
            RaeFolder.Learn(pod, 20);
            RaeOptions options = RaeFolder.Options(server.Endpoint);
            options.MaxInstances = 2;
            await using (RaeExchange from = RaeExchange.Open(options, pod.Directory))
            {
                await from.CollectAsync(pod);
                await RaeFolder.PushAllAsync(from);
            }

            await using RaeExchange to = RaeExchange.Open(options, b.Directory);
            PullReport report = await to.PullAsync(b);
            Assert.True(RaeFolder.JoinedOf(b, pod.Name).Count > 0, $"pod {i}: {string.Join(" ", report.Reasons)}");
        }
    }

    [Fact]
    public async Task A_chain_that_was_given_up_is_joined_when_the_rest_of_it_comes()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 60);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        int posts = 0;
        Server.Plan = (_, path) => path != "/v2/memories/" || posts++ < 1 ? Mishap.None : Mishap.Unavailable;
        await from.PushAsync();
        Server.Plan = (_, _) => Mishap.None;
        Assert.True((await to.PullAsync(b)).IsWaiting);
        Assert.False((await to.PullAsync(b)).IsWaiting);
        Assert.False((await to.PullAsync(b)).IsWaiting);
        await RaeFolder.PushAllAsync(from);
        await to.PullAsync(b);
        Assert.Equal(RaeFolder.OwnOf(a), RaeFolder.JoinedOf(b, a.Name));
    }

    [Fact]
    public async Task A_pull_that_brings_nothing_new_writes_nothing()
    {
        using RouterStore a = Folder.Store("a"), b = Folder.Store("b");
        RaeFolder.Learn(a, 20);
        await using RaeExchange from = Open(a), to = Open(b);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        await to.PullAsync(b);
        string path = Path.Combine(b.Directory, RaeExchange.FolderName, "imported.json");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.Equal(Joined.AlreadyKnown, Assert.Single((await to.PullAsync(b)).Joined).Joined);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(path));
        RaeFolder.Learn(a, 2);
        await from.CollectAsync(a);
        await RaeFolder.PushAllAsync(from);
        await to.PullAsync(b);
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(path));
    }

    private static void StoreOthers(RaeServer server, int count, int from = 0)
    {
        for (int i = from; i < from + count; i++) server.Storage.Store(Guid.Empty, new() { ["content"] = $"something else {i}", ["project"] = "bandits", ["layer"] = "semantic" });
    }
}
