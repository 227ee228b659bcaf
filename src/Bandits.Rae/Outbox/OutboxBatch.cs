using System.Buffers.Binary;
using Bandits.Storage;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Rae.Outbox;

/// <summary>Requests of one kind that were put into the outbox together: a file of frames as the journal's, there whole or not at all.</summary>
internal sealed record OutboxBatch(long First, string Path, OutboxKind Kind, int Items, long Bytes, long End, bool IsWhole)
{
    /// <summary>Writes the requests as the file whose first frame has this position.</summary>
    public static OutboxBatch Write(string directory, long first, OutboxKind kind, IReadOnlyList<byte[]> requests)
    {
        var bytes = new byte[SizeOf(requests)];
        new JournalSegment(first, 0).WriteTo(bytes);
        int at = JournalSegment.HeaderBytes;
        foreach (byte[] request in requests)
        {
            long position = first + at - JournalSegment.HeaderBytes;
            Span<byte> payload = bytes.AsSpan(at + Frame.HeaderBytes, 1 + request.Length);
            payload[0] = (byte)kind;
            request.CopyTo(payload[1..]);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Frame.HeadOf(position, payload));
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at + sizeof(long)), position);
            at += Frame.SizeOf(payload.Length);
        }

        string path = System.IO.Path.Combine(directory, JournalSegment.NameOf(first));
        WholeFile.Write(path, bytes, replaces: true); // what may lie there is of a use of these positions that nobody remembers
        return new OutboxBatch(first, path, kind, requests.Count, bytes.Length, first + at - JournalSegment.HeaderBytes, IsWhole: true);
    }

    /// <summary>Bytes of the file with these requests.</summary>
    public static int SizeOf(IReadOnlyList<byte[]> requests)
    {
        int size = JournalSegment.HeaderBytes;
        foreach (byte[] request in requests) size = checked(size + Frame.SizeOf(1 + request.Length));
        return size;
    }

    /// <summary>Reads a file from a position on; what is damaged is passed over.</summary>
    public static OutboxBatch Read(long first, string path, long from, ICollection<OutboxItem> items)
    {
        using var reader = new JournalReader([(first, path)], DiskFiles.Instance, first);
        int count = 0;
        OutboxKind kind = OutboxKind.Evidence;
        while (reader.TryRead(out _, out ReadOnlyMemory<byte> payload))
        {
            kind = (OutboxKind)payload.Span[0];
            if (reader.Position <= from) continue;
            count++;
            items.Add(new OutboxItem(kind, payload[1..].ToArray(), reader.Position));
        }

        return new OutboxBatch(first, path, kind, count, new FileInfo(path).Length, reader.Position, IsWhole: reader.Damage.Count == 0);
    }
}
