using System.Buffers;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;
using MessagePack;

namespace Bandits.Tests.Storage.Journal;

/// <summary>A later version may append fields to any record, also to those inside an entry: what is known of it is read as before.</summary>
public sealed class LongerEntriesTests
{
    [Fact]
    public void Every_record_may_grow()
    {
        string directory = Directory.CreateTempSubdirectory("bandits-longer-").FullName;
        try
        {
            GoldenStore.Write(directory);
            AssertMayGrow(directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void AssertMayGrow(string directory)
    {
        RouterState expected = Replay(directory, static payload => payload), actual = Replay(directory, Longer);
        Assert.NotEmpty(expected.Segments);
        Assert.NotEmpty(expected.Origins);
        States.AssertSame(expected, actual);
    }

    private static RouterState Replay(string directory, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> change)
    {
        RouterOptions options = GoldenStore.Options();
        var faults = new List<string>();
        BanditRouter router = BanditRouter.Replaying(options, null, faults);
        var replay = new EntryReplay(router, [.. options.Dimensions]);
        using var reader = new JournalReader(directory, DiskFiles.Instance, 0);
        while (reader.TryRead(out long position, out ReadOnlyMemory<byte> payload)) replay.Take(change(payload), position + Frame.SizeOf(payload.Length));
        router.EndReplay(options, faults);
        Assert.Empty(faults);
        Assert.Equal((0, 0), (replay.LeftOut, replay.Faults.Count));
        return router.CaptureState();
    }

    private static ReadOnlyMemory<byte> Longer(ReadOnlyMemory<byte> payload)
    {
        var ahead = new MessagePackReader(payload);
        ahead.ReadArrayHeader();
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        var reader = new MessagePackReader(payload);
        CopyLonger(ref reader, ref writer, EntryFields.Of((EntryKind)ahead.ReadByte()));
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Copies a record and appends two fields: an array and a number.</summary>
    private static void CopyLonger(ref MessagePackReader reader, ref MessagePackWriter writer, EntryField[] fields)
    {
        if (reader.TryReadNil())
        {
            writer.WriteNil();
            return;
        }

        int found = reader.ReadArrayHeader();
        Assert.InRange(found, 1, fields.Length); // the golden store is older than some fields
        writer.WriteArrayHeader(found + 2);
        foreach (EntryField field in fields[..found])
        {
            switch (field.Form)
            {
                case FieldForm.Contribution: CopyLonger(ref reader, ref writer, EntryFields.Contribution); break;
                case FieldForm.Planned: CopyEach(ref reader, ref writer, EntryFields.Planned); break;
                case FieldForm.Cells: CopyEach(ref reader, ref writer, EntryFields.JoinedCell); break;
                default: writer.WriteRaw(reader.ReadRaw()); break;
            }
        }

        writer.WriteArrayHeader(1);
        writer.Write("later");
        writer.Write(7);
    }

    private static void CopyEach(ref MessagePackReader reader, ref MessagePackWriter writer, EntryField[] fields)
    {
        int count = reader.ReadArrayHeader();
        writer.WriteArrayHeader(count);
        for (; count > 0; count--) CopyLonger(ref reader, ref writer, fields);
    }
}
