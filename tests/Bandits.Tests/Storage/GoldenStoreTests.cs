using Bandits.Storage;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Tests.Storage;

/// <summary>What was written when journal version 1 and snapshot version 3 were fixed is read as it was meant, for ever.</summary>
public sealed class GoldenStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bandits-golden-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Storage", "store-v1");

    [Fact]
    public void The_golden_store_recovers_to_what_was_told_to_it()
    {
        foreach (string path in Directory.GetFiles(Golden)) File.Copy(path, Path.Combine(_folder, Path.GetFileName(path)));
        RouterState told = GoldenStore.Write(Directory.CreateTempSubdirectory(Path.GetFileName(_folder)).FullName);
        BanditRouter read = RouterStore.Read(_folder, GoldenStore.Options(), out RecoveryReport report);
        Assert.True(report.IsClean, string.Join("\n", report.Faults));
        Assert.Equal(SnapshotUsed.Newest, report.Snapshot);
        States.AssertSame(told, read.CaptureState(), comparesPositions: false);
    }

    [Fact]
    public void Without_its_snapshot_the_journal_alone_says_the_same()
    {
        foreach (string path in Directory.GetFiles(Golden, "*.journal")) File.Copy(path, Path.Combine(_folder, Path.GetFileName(path)));
        RouterState told = RouterStore.Read(Golden, GoldenStore.Options(), out _).CaptureState();
        BanditRouter read = RouterStore.Read(_folder, GoldenStore.Options(), out RecoveryReport report);
        Assert.True(report.IsClean, string.Join("\n", report.Faults));
        Assert.Equal(SnapshotUsed.None, report.Snapshot);
        States.AssertSame(told, read.CaptureState());
    }

    [Fact]
    public void It_holds_an_entry_of_every_kind_and_every_field()
    {
        var kinds = new Dictionary<EntryKind, int>();
        using var reader = new JournalReader(Golden, DiskFiles.Instance, 0);
        while (reader.TryRead(out _, out ReadOnlyMemory<byte> payload))
        {
            var message = new MessagePack.MessagePackReader(payload);
            int fields = message.ReadArrayHeader();
            var kind = (EntryKind)message.ReadInt32();
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            Assert.Equal(
                kind switch
                {
                    EntryKind.Opening => EntryEncoder.OpeningFields,
                    EntryKind.Settings => EntryEncoder.SettingsFields,
                    EntryKind.Arm => 1 + EntryEncoder.LeastArmFields, // more came later
                    EntryKind.Segment => EntryEncoder.SegmentFields,
                    EntryKind.Plan => EntryEncoder.PlanFields,
                    EntryKind.Decision => EntryEncoder.DecisionFieldsBeforeCaps,
                    EntryKind.Outcome => EntryEncoder.OutcomeFields,
                    EntryKind.Restart => EntryEncoder.RestartFields,
                    EntryKind.Weight => EntryEncoder.WeightFields,
                    _ => EntryEncoder.JoinedFields,
                },
                fields);
            for (int i = 1; i < fields; i++) message.Skip();
            Assert.True(message.End);
        }

        Assert.Empty(reader.Damage);
        Assert.Equal(Enum.GetValues<EntryKind>().Except([EntryKind.Change]).Order(), kinds.Keys.Order()); // changes came later
        Assert.Equal(124, kinds[EntryKind.Decision]);
    }
}
