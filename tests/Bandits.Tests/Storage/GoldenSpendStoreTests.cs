using System.Globalization;
using Bandits.Storage;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Tests.Storage;

/// <summary>What was written under a budget, caps, features, arm drift and a latency limit when snapshot version 4 was fixed is read as it was meant, for ever: <c>state.txt</c> says how.</summary>
public sealed class GoldenSpendStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bandits-golden-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Storage", "store-v4");

    [Fact]
    public void It_is_read_as_it_was_meant()
    {
        BanditRouter read = RouterStore.Read(Golden, GoldenSpendStore.Options(), out RecoveryReport report);
        Assert.True(report.IsClean, string.Join("\n", report.Faults));
        Assert.Equal(SnapshotUsed.Newest, report.Snapshot);
        AssertSame(File.ReadAllLines(Path.Combine(Golden, "state.txt")), [.. GoldenSpendStore.Portrait(read.CaptureState(), isWhole: true)]);
    }

    [Fact]
    public void Without_its_snapshot_the_journal_alone_says_what_was_spent_and_observed()
    {
        foreach (string path in Directory.GetFiles(Golden, "*.journal")) File.Copy(path, Path.Combine(_folder, Path.GetFileName(path)));
        RouterState told = RouterStore.Read(Golden, GoldenSpendStore.Options(), out _).CaptureState();
        BanditRouter read = RouterStore.Read(_folder, GoldenSpendStore.Options(), out RecoveryReport report);
        Assert.True(report.IsClean, string.Join("\n", report.Faults));
        AssertSame([.. GoldenSpendStore.Portrait(told, isWhole: false)], [.. GoldenSpendStore.Portrait(read.CaptureState(), isWhole: false)]);
    }

    [Fact]
    public void Restoring_its_snapshot_and_copying_it_again_changes_nothing()
    {
        RouterState state = RouterSnapshot.FromBytes(File.ReadAllBytes(Path.Combine(Golden, RouterStore.SnapshotName)));
        RouterOptions options = GoldenSpendStore.Options();
        options.Arms[2] = state.Arms[2]; // with the prices that were announced
        BanditRouter router = BanditRouter.Restore(options, state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        RouterState again = router.CaptureState();
        States.AssertSame(state, again);
        Assert.Equal(state.Spending, again.Spending);
        Assert.Equal(state.ArmWatch, again.ArmWatch);
        Assert.Equal(state.Features, again.Features);
        Assert.Equal(state.Models.Select(model => model.Numbers), again.Models.Select(model => model.Numbers));
        Assert.Equal(state.Segments.Select(segment => segment.CostShifts), again.Segments.Select(segment => segment.CostShifts));
        Assert.Equal([.. GoldenSpendStore.Portrait(state, isWhole: true)], GoldenSpendStore.Portrait(again, isWhole: true));
    }

    [Fact]
    public void It_holds_something_of_everything_that_version_4_brought()
    {
        RouterState state = RouterSnapshot.FromBytes(File.ReadAllBytes(Path.Combine(Golden, RouterStore.SnapshotName)));
        Assert.All((Array[])[state.Spending, state.ArmWatch, state.Models, state.FeatureSlots, state.Features, state.Caps!.Keys, state.Caps.Accounts, state.Caps.Bookings], Assert.NotEmpty);
        Assert.Contains(state.Segments, segment => segment.CostShifts.AsSpan().IndexOfAnyExcept(0) >= 0);
        Assert.Contains(state.Segments, segment => segment.Latencies.Length > 0);
        Assert.Contains(state.Segments, segment => segment.Ordered is { Closed.Length: > 0 });
        Assert.Contains(state.Arms, arm => arm is { SimilarTo: not null, ExplorationUsd: > 0 });
        Assert.Contains(state.Caps.Accounts.Chunk(5), account => account[1] != 0); // a tenant's own
        var decisions = new List<int>();
        using var reader = new JournalReader(Golden, DiskFiles.Instance, 0);
        while (reader.TryRead(out _, out ReadOnlyMemory<byte> payload))
        {
            var message = new MessagePack.MessagePackReader(payload);
            int fields = message.ReadArrayHeader();
            if ((EntryKind)message.ReadInt32() == EntryKind.Decision) decisions.Add(fields);
        }

        Assert.NotEmpty(decisions);
        Assert.All(decisions, fields => Assert.Equal(27, fields));
    }

    /// <summary>Words are the same; numbers, which another machine may sum in another order, nearly so.</summary>
    private static void AssertSame(string[] expected, string[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach ((string before, string now) in expected.Zip(actual))
        {
            (string[] words, string[] others) = (before.Split(' '), now.Split(' '));
            Assert.True(words.Length == others.Length && words.Zip(others).All(pair => IsSame(pair.First, pair.Second)), $"{now}\nwas\n{before}");
        }
    }

    private static bool IsSame(string a, string b) =>
        a == b || (a.AsSpan().IndexOfAny('.', 'E') >= 0 && double.TryParse(a, CultureInfo.InvariantCulture, out double x) && double.TryParse(b, CultureInfo.InvariantCulture, out double y) && Math.Abs(x - y) <= 1e-6 * Math.Max(1, Math.Abs(x)));
}
