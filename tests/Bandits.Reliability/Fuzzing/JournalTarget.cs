using System.Buffers.Binary;
using Bandits.Reliability.Disk;
using Bandits.Storage;
using Bandits.Storage.Journal;

namespace Bandits.Reliability.Fuzzing;

/// <summary>The reader of journals, and the router that was told their entries.</summary>
internal sealed class JournalTarget : IFuzzTarget
{
    /// <summary>One input in so many is opened as a store, written to and opened again.</summary>
    private const int Opened = 20;

    public string Name => "journal";

    public long MostAllocated(int bytes) => 256L * bytes + (16 << 20);

    public byte[] Next(Random random)
    {
        Sample sample = Sample.All[random.Next(Sample.All.Length)], other = Sample.All[random.Next(Sample.All.Length)];
        if (random.Next(5) == 0) return Mutation.Bytes(sample.Journal, other.Journal, random);
        var payloads = new List<byte[]>(sample.Payloads);
        for (int n = random.Next(1, 4); n > 0 && payloads.Count > 0; n--)
        {
            int at = random.Next(payloads.Count);
            byte[] donor = other.Payloads[random.Next(other.Payloads.Count)];
            switch (random.Next(8))
            {
                case 0: payloads.Insert(random.Next(payloads.Count + 1), payloads[at]); break;
                case 1: payloads.RemoveAt(at); break;
                case 2: payloads.Insert(at, donor); break;
                case 3: payloads.Add(payloads[at]); break;
                case 4: payloads[at] = Mutation.Bytes(payloads[at], donor, random); break;
                default: payloads[at] = Mutation.MessagePack(payloads[at], donor, random); break;
            }
        }

        byte[] file = Rebuild(sample.Journal.AsSpan(0, JournalSegment.HeaderBytes), payloads);
        return random.Next(10) == 0 ? Mutation.Bytes(file, other.Journal, random) : file;
    }

    public Fed Feed(byte[] input, Random random)
    {
        Sample sample = Sample.All[random.Next(Sample.All.Length)];
        var disk = new FaultyDisk();
        disk.Put(Path.Combine(Sample.Folder, JournalSegment.NameOf(0)), input);
        if (random.Next(3) == 0) disk.Put(Path.Combine(Sample.Folder, RouterStore.SnapshotName), sample.Snapshot);
        return random.Next(Opened) == 0 ? Open(disk, sample) : Replay(disk, sample);
    }

    /// <summary>The reader alone, on this thread.</summary>
    private static Fed Replay(FaultyDisk disk, Sample sample)
    {
        RouterOptions options = sample.Options();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Recovery recovery;
        try
        {
            recovery = Recovery.Run(Sample.Folder, options, disk.Mount(), new SnapshotFile(Path.Combine(Sample.Folder, RouterStore.SnapshotName), disk.Mount()));
        }
        catch (Exception e) when (e is JournalException or InsufficientMemoryException)
        {
            return new Fed(true, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Afterwards.Live(recovery.Router, isHoled: true);
        return new Fed(!recovery.Report.IsClean, allocated);
    }

    /// <summary>The store: what it writes after what it found must be found again.</summary>
    private static Fed Open(FaultyDisk disk, Sample sample)
    {
        bool isClean;
        try
        {
            using RouterStore store = RouterStore.Open(Sample.Folder, sample.Options(), Sample.StoreOptions(5), TimeProvider.System, disk.Mount());
            isClean = store.Recovery.IsClean;
            Afterwards.Live(store.Router, isHoled: true);
        }
        catch (Exception e) when (e is JournalException or InsufficientMemoryException)
        {
            return new Fed(true, 0);
        }

        using RouterStore again = RouterStore.Open(Sample.Folder, sample.Options(), Sample.StoreOptions(6), TimeProvider.System, disk.Mount());
        if (again.Recovery.From == 0 && again.Recovery.Decisions == 0) throw new BrokenPromiseException("Opened again, the store knows nothing of what it wrote.");
        Afterwards.Live(again.Router, isHoled: true);
        return new Fed(!isClean, 0);
    }

    private static byte[] Rebuild(ReadOnlySpan<byte> header, List<byte[]> payloads)
    {
        using var file = new MemoryStream();
        file.Write(header);
        Span<byte> head = stackalloc byte[Frame.HeaderBytes];
        foreach (byte[] payload in payloads)
        {
            if (payload.Length == 0) continue;
            long position = file.Length - JournalSegment.HeaderBytes;
            BinaryPrimitives.WriteUInt64LittleEndian(head, Frame.HeadOf(position, payload));
            BinaryPrimitives.WriteInt64LittleEndian(head[sizeof(long)..], position);
            file.Write(head);
            file.Write(payload);
            file.SetLength(JournalSegment.HeaderBytes + position + Frame.SizeOf(payload.Length));
            file.Position = file.Length;
        }

        return file.ToArray();
    }
}
