using Bandits.Storage;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Tests.Storage.Journal;

/// <summary>What happens at the limits of the queue and of the archive.</summary>
public sealed class JournalLimitsTests : IDisposable
{
    private static readonly RouterStoreOptions Small = new() { QueueBytes = 1 << 16, SegmentBytes = 1 << 20, Durability = Durability.None };
    private readonly string _folder = Directory.CreateTempSubdirectory("bandits-limits-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_frame_that_can_never_find_room_is_refused_instead_of_waited_for()
    {
        using var writer = new JournalWriter(_folder, DiskFiles.Instance, Small, TimeProvider.System, 1, 0);
        Assert.Contains("QueueBytes", Assert.Throws<JournalException>(() => writer.Reserve(writer.Capacity + Frame.Alignment)).Message, StringComparison.Ordinal);
        Assert.True(writer.Reserve(writer.Capacity));
        writer.Release(writer.Capacity);
    }

    [Fact]
    public void An_archive_shrinks_when_its_limit_does_though_nothing_new_is_archived()
    {
        string archive = Directory.CreateDirectory(Path.Combine(_folder, JournalArchive.Folder)).FullName;
        for (int i = 0; i < 4; i++) File.WriteAllBytes(Path.Combine(archive, JournalSegment.NameOf(1000 * i)), new byte[100]);
        JournalArchive.Move(_folder, DiskFiles.Instance, before: 0, most: 250);
        Assert.Equal([JournalSegment.NameOf(2000), JournalSegment.NameOf(3000)], Directory.GetFiles(archive).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        JournalArchive.Move(_folder, DiskFiles.Instance, before: 0, most: 0);
        Assert.Empty(Directory.GetFiles(archive));
    }
}
