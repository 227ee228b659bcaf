using System.Buffers.Binary;
using Bandits.Reliability.Disk;
using Bandits.Storage;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Tests.Storage.Journal;

/// <summary>Frames, their files, and what is left of them after faults and crashes.</summary>
public sealed class JournalTests
{
    private const string Folder = "/store";
    private static readonly RouterStoreOptions Small = new() { QueueBytes = 1 << 16, SegmentBytes = 1 << 20, Durability = Durability.EachCommit };

    [Fact]
    public void The_checksum_is_that_of_rfc_3720()
    {
        Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8A9136AA, Crc32C.Of(new byte[32]));
        Assert.Equal(Crc32C.Of("123456789"u8), Crc32C.Of("56789"u8, Crc32C.Of("1234"u8)));
    }

    [Fact]
    public void What_is_appended_is_read_again_over_several_files()
    {
        var files = new FaultyDisk();
        long end = Write(files, Small, 0, 3000, 1000);
        Assert.True(files.List(Folder, JournalSegment.Ending).Count >= 3, "All in one file.");
        Assert.Equal(Enumerable.Range(0, 3000), Numbers(files, 0, out IReadOnlyList<JournalDamage> damage, out long position));
        Assert.Empty(damage);
        Assert.Equal(end, position);
    }

    [Fact]
    public async Task Many_threads_append_each_frame_once_and_their_own_in_order()
    {
        var files = new FaultyDisk();
        using (var writer = new JournalWriter(Folder, files.Mount(), new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 4 << 20, Durability = Durability.None }, TimeProvider.System, 1, 0))
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(thread => Task.Run(() =>
            {
                for (int i = 0; i < 5000; i++) Append(writer, thread * 10_000 + i, 8 + i % 90);
            })));
        }

        int[] numbers = [.. Numbers(files, 0, out IReadOnlyList<JournalDamage> damage, out _)];
        Assert.Empty(damage);
        Assert.Equal(30_000, numbers.Length);
        for (int thread = 0; thread < 6; thread++)
            Assert.Equal(Enumerable.Range(thread * 10_000, 5000), numbers.Where(number => number / 10_000 == thread));
    }

    [Fact]
    public void Damage_in_the_middle_is_passed_over_and_reported()
    {
        var files = new FaultyDisk();
        Write(files, Small, 0, 100, 48);
        string path = Assert.Single(files.List(Folder, JournalSegment.Ending));
        int size = Frame.SizeOf(48);
        files.Damage(path, JournalSegment.HeaderBytes + 10 * size + 30, [0xff]); // payload of frame 10
        files.Damage(path, JournalSegment.HeaderBytes + 20 * size, [0, 0, 0, 0]); // length of frame 20
        files.Damage(path, JournalSegment.HeaderBytes + 30 * size + 8, new byte[3 * size]); // frames 30 to 33
        Assert.Equal(Enumerable.Range(0, 100).Except([10, 20, 30, 31, 32, 33]), Numbers(files, 0, out IReadOnlyList<JournalDamage> damage, out _));
        Assert.Equal([(10L * size, 11L * size), (20 * size, 21 * size), (30 * size, 34 * size)], damage.Select(d => (d.From, d.To)));
        Assert.All(damage, d => Assert.False(d.IsTail));
    }

    [Fact]
    public void A_torn_tail_is_reported_as_such()
    {
        var files = new FaultyDisk();
        Write(files, Small, 0, 10, 48);
        string path = Assert.Single(files.List(Folder, JournalSegment.Ending));
        files.Damage(path, JournalSegment.HeaderBytes + 9 * Frame.SizeOf(48) + 40, [0xff]);
        Assert.Equal(Enumerable.Range(0, 9), Numbers(files, 0, out IReadOnlyList<JournalDamage> damage, out long position));
        Assert.True(Assert.Single(damage).IsTail);
        Assert.Equal(9L * Frame.SizeOf(48), position);
    }

    [Fact]
    public void A_damaged_header_loses_no_frame_and_a_future_version_is_refused()
    {
        var files = new FaultyDisk();
        Write(files, Small, 0, 10, 48);
        string path = Assert.Single(files.List(Folder, JournalSegment.Ending));
        files.Damage(path, 20, [0xff]);
        Assert.Equal(Enumerable.Range(0, 10), Numbers(files, 0, out IReadOnlyList<JournalDamage> damage, out _));
        Assert.Single(damage);
        files.Damage(path, 8, [2]);
        Assert.Equal(Enumerable.Range(0, 10), Numbers(files, 0, out _, out _)); // a flipped bit is no future
        files.Put(path, Future.Journal(files.Read(path), 2));
        Assert.Contains("version 2", Assert.Throws<JournalException>(() => Numbers(files, 0, out _, out _)).Message, StringComparison.Ordinal);
    }

    /// <summary>fsync that fails may have lost the pages: what was not durable is written again elsewhere, and nothing that was confirmed is missing.</summary>
    [Theory]
    [InlineData(Durability.EachCommit)]
    [InlineData(Durability.Interval)]
    public void After_failing_flushes_everything_confirmed_survives_a_power_failure(Durability durability)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var files = new FaultyDisk();
            var options = new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 1 << 20, Durability = durability, FlushInterval = TimeSpan.FromMilliseconds(1) };
            int confirmed = 0;
            var writer = new JournalWriter(Folder, files.Mount(), options, TimeProvider.System, 1, 0);
            for (int i = 0; i < 200; i++)
            {
                if (i % 50 == 20) files.FailingFlushes = 1 + random.Next(2);
                if (i % 50 == 40) files.Room = random.Next(200);
                if (i % 50 == 45) files.Room = long.MaxValue;
                try
                {
                    Append(writer, i, 40);
                    if (durability == Durability.Interval && i % 10 == 9) writer.Flush();
                    if (durability == Durability.EachCommit || i % 10 == 9) confirmed = i + 1;
                }
                catch (JournalException)
                {
                }
            }

            files.Crash(random);
            writer.Dispose();
            int[] numbers = [.. Numbers(files, 0, out _, out _)];
            Assert.True(numbers.Length >= confirmed, $"Seed {seed}: {numbers.Length} of {confirmed} confirmed frames.");
            Assert.Equal(Enumerable.Range(0, numbers.Length), numbers);
        }
    }

    private static long Write(FaultyDisk files, RouterStoreOptions options, long from, int count, int bytes)
    {
        using var writer = new JournalWriter(Folder, files.Mount(), options, TimeProvider.System, 1, from);
        for (int i = 0; i < count; i++)
        {
            Assert.True(writer.Reserve(Frame.SizeOf(bytes)));
            writer.Append(PayloadOf(i, bytes));
        }

        return writer.Tail;
    }

    private static void Append(JournalWriter writer, int number, int bytes)
    {
        Assert.True(writer.Reserve(Frame.SizeOf(bytes)));
        writer.Confirm(writer.Append(PayloadOf(number, bytes)));
    }

    private static byte[] PayloadOf(int number, int bytes)
    {
        byte[] payload = new byte[bytes];
        payload.AsSpan().Fill((byte)(number | 1));
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        return payload;
    }

    private static List<int> Numbers(FaultyDisk files, long from, out IReadOnlyList<JournalDamage> damage, out long position)
    {
        using var reader = new JournalReader(Folder, files.Mount(), from);
        var numbers = new List<int>();
        while (reader.TryRead(out _, out ReadOnlyMemory<byte> payload)) numbers.Add(BinaryPrimitives.ReadInt32LittleEndian(payload.Span));
        (damage, position) = (reader.Damage, reader.Position);
        return numbers;
    }
}
