using System.Buffers.Binary;
using Bandits.Storage;

namespace Bandits.Tests.Storage;

public sealed class SnapshotFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bandits-snapshot-").FullName;

    private string Newest => Path.Combine(_directory, "router.snapshot");

    private string Previous => Newest + ".previous";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Without_a_file_there_is_no_state() => Assert.Null(new SnapshotFile(Newest).Load());

    [Fact]
    public void The_generation_before_the_newest_is_kept()
    {
        SaveTwice();
        Assert.Equal(2, new SnapshotFile(Newest).Load()!.State.Sequence);
        Assert.Equal(1, new SnapshotFile(Previous).Load()!.State.Sequence);
        Assert.Equal(2, Directory.GetFiles(_directory).Length);
    }

    [Fact]
    public void When_the_newest_is_damaged_the_previous_one_is_used_and_reported()
    {
        SaveTwice();
        byte[] bytes = File.ReadAllBytes(Newest);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Newest, bytes);
        var file = new SnapshotFile(Newest);
        LoadedSnapshot loaded = file.Load()!;
        Assert.True(loaded.IsPrevious);
        Assert.Contains("damaged", loaded.Fault, StringComparison.Ordinal);
        Assert.Equal(1, loaded.State.Sequence);
        Assert.Equal(bytes, File.ReadAllBytes(Newest));

        file.Save(StateAt(3)); // the damaged file must not push out the good generation
        Assert.Equal(3, new SnapshotFile(Newest).Load()!.State.Sequence);
        Assert.Equal(1, new SnapshotFile(Previous).Load()!.State.Sequence);
        Assert.Equal(bytes, File.ReadAllBytes(Newest + ".damaged"));
    }

    [Fact]
    public void When_the_newest_is_missing_the_previous_one_is_used_and_reported()
    {
        SaveTwice();
        File.Delete(Newest);
        LoadedSnapshot loaded = new SnapshotFile(Newest).Load()!;
        Assert.True(loaded.IsPrevious);
        Assert.Contains("missing", loaded.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void When_both_generations_are_damaged_loading_says_so()
    {
        SaveTwice();
        foreach (string path in (string[])[Newest, Previous]) File.WriteAllText(path, "nothing of use");
        Assert.Equal(SnapshotFault.NotASnapshot, Assert.Throws<SnapshotException>(() => new SnapshotFile(Newest).Load()).Fault);
    }

    [Fact]
    public void A_future_version_is_refused_and_left_untouched()
    {
        SaveTwice();
        byte[] bytes = Future.Snapshot(File.ReadAllBytes(Newest), 9);
        File.WriteAllBytes(Newest, bytes);
        Assert.Equal(SnapshotFault.FutureVersion, Assert.Throws<SnapshotException>(() => new SnapshotFile(Newest).Load()).Fault);
        Assert.Equal(bytes, File.ReadAllBytes(Newest));
    }

    [Fact]
    public void What_an_interrupted_save_left_behind_does_no_harm()
    {
        SaveTwice();
        File.WriteAllText(Newest + ".new", "half a snapsh");
        var file = new SnapshotFile(Newest);
        Assert.Equal(2, file.Load()!.State.Sequence);
        file.Save(StateAt(3));
        Assert.Equal(3, new SnapshotFile(Newest).Load()!.State.Sequence);
    }

    [Fact]
    public void Equal_states_have_equal_checksums_and_other_states_others()
    {
        var file = new SnapshotFile(Newest);
        file.Save(StateAt(1));
        ulong first = file.Load()!.Checksum;
        file.Save(StateAt(2));
        ulong second = file.Load()!.Checksum;
        file.Save(StateAt(1));
        Assert.Equal(first, file.Load()!.Checksum);
        Assert.NotEqual(first, second);
    }

    private void SaveTwice()
    {
        var file = new SnapshotFile(Newest);
        file.Save(StateAt(1));
        file.Save(StateAt(2));
    }

    /// <summary>The state after so many decisions.</summary>
    private static RouterState StateAt(int decisions)
    {
        var router = new BanditRouter(SampleStates.Options());
        for (int i = 0; i < decisions; i++) router.TryDecide(new Request(router.SegmentOf("planner", "api")), out _);
        return router.CaptureState();
    }
}
