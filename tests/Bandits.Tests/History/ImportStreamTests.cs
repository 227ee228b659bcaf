using System.IO.Compression;
using System.Text;
using Bandits.History;
using FsCheck.Xunit;

namespace Bandits.Tests.History;

/// <summary>Pipes, gzip and chunks: bounded memory, nothing lost, nothing read twice.</summary>
public sealed class ImportStreamTests
{
    [Property(MaxTest = 40)]
    public bool Any_split_into_chunks_gives_the_same_history(int seed)
    {
        byte[] text = RecordLines.Log(30, seed % 2 == 0 ? "\n" : "\r\n");
        var whole = new ExecutionHistory();
        ImportAccount expected = whole.Import(text);
        var chunked = new ExecutionHistory();
        ImportAccount account = chunked.Import(new ChunkedStream(text, new Random(seed)));
        return (account.Read, account.Imported, account.Bytes) == (expected.Read, expected.Imported, expected.Bytes)
            && Same(whole.Analytics.Statistics(), chunked.Analytics.Statistics());
    }

    [Fact]
    public void Gzip_is_recognised_by_its_first_bytes_even_in_several_members()
    {
        byte[] text = RecordLines.Log(100);
        byte[] twoMembers = [.. Gzip(text.AsSpan(0, 5000)), .. Gzip(text.AsSpan(5000))];
        ImportAccount account = new ExecutionHistory().Import(new ChunkedStream(twoMembers, new Random(1)));
        Assert.Equal((100, text.Length), (account.Imported, account.Bytes));
        Assert.True(account.IsComplete);
    }

    [Fact]
    public void A_truncated_gzip_is_reported_and_what_was_read_stays()
    {
        byte[] gzip = Gzip(RecordLines.Log(2000));
        ImportAccount account = new ExecutionHistory().Import(new MemoryStream(gzip, 0, gzip.Length / 2));
        Assert.NotNull(account.SourceFault);
        Assert.False(account.IsComplete);
        Assert.InRange(account.Imported, 100, 1999);
        Assert.Equal(0, account.Rejected); // the line that was cut is not blamed
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(200)]
    public void A_gzip_that_lacks_even_its_last_bytes_is_reported(int missing)
    {
        byte[] gzip = Gzip(RecordLines.Log(200));
        Assert.NotNull(new ExecutionHistory().Import(new MemoryStream(gzip, 0, gzip.Length - missing)).SourceFault);
        Assert.Null(new ExecutionHistory().Import(new MemoryStream(gzip)).SourceFault);
    }

    [Fact]
    public void A_damaged_gzip_is_reported_and_what_was_read_stays()
    {
        byte[] gzip = Gzip(RecordLines.Log(5000));
        gzip.AsSpan(gzip.Length / 2, 200).Fill(0xff);
        var history = new ExecutionHistory();
        ImportAccount account = history.Import(new MemoryStream(gzip));
        Assert.NotNull(account.SourceFault);
        Assert.True(account.Imported > 100);
        Assert.Equal(account.Imported, history.RecordCount);
    }

    [Theory]
    [InlineData(256)]
    public void A_pipe_of_repeated_records_takes_bounded_memory(int mebibytes) => Pipe((long)mebibytes << 20, Encoding.UTF8.GetBytes(RecordLines.Numbered(1) + "\n"));

    [Theory]
    [InlineData(512)]
    public void A_line_without_end_takes_bounded_memory_and_is_one_rejection(int mebibytes)
    {
        ImportAccount account = Pipe((long)mebibytes << 20, new byte[4096].Select(_ => (byte)'x').ToArray());
        Assert.Equal((1, 1), (account.Read, account.RejectedFor(RejectionReason.LineTooLong)));
    }

    /// <summary>Takes a minute; set BANDITS_LARGE_TESTS=1.</summary>
    [Fact]
    [Trait("Category", "Large")]
    public void Two_gigabytes_through_a_pipe_take_bounded_memory()
    {
        if (Environment.GetEnvironmentVariable("BANDITS_LARGE_TESTS") != "1") return;
        Pipe(2L << 30, Encoding.UTF8.GetBytes(RecordLines.Numbered(1) + "\n"));
    }

    [Fact]
    public void Distinct_names_without_end_take_bounded_memory()
    {
        var history = new ExecutionHistory();
        var text = new StringBuilder();
        for (int i = 0; i < 6000; i++)
            text.Append(RecordLines.Simple($"t{i}", $",\"task_area\":\"a{i}\",\"implementer_model\":\"m{i}\",\"error_type\":\"{new string('e', 600)}{i}\"")).Append('\n');
        Assert.Equal(6000, history.Import(Encoding.UTF8.GetBytes(text.ToString())).Imported);
        Assert.Equal(4097, history.Analytics.Models().Count);
        Assert.Equal(6000 - 4096, history.Analytics.ModelPerformance("(other)", HistoryRole.Implementer)!.TotalTasks);
        Assert.Equal(6000, history.TaskEvidence().Sum(e => e.Evidence.Total));
    }

    [Fact]
    public void Progress_ends_with_everything_read()
    {
        byte[] gzip = Gzip(RecordLines.Log(3000));
        var seen = new List<ImportProgress>();
        new ExecutionHistory().Import(new MemoryStream(gzip), new ImportOptions { OnProgress = seen.Add });
        Assert.Equal(new ImportProgress(gzip.Length, gzip.Length, 3000), seen[^1]);
        Assert.Equal(seen.Select(p => p.SourceBytes).Order(), seen.Select(p => p.SourceBytes));
    }

    [Fact]
    public void A_cancelled_import_keeps_what_was_read()
    {
        using var cancellation = new CancellationTokenSource();
        var history = new ExecutionHistory();
        var endless = new RepeatedStream(long.MaxValue, RecordLines.Log(50));
        var options = new ImportOptions { OnProgress = p => { if (p.Records > 1000) cancellation.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => history.Import(endless, options, cancellation.Token));
        Assert.Equal(50, history.RecordCount);
    }

    [Fact]
    public void Reader_yields_records_with_every_field()
    {
        var log = new MemoryStream(Encoding.UTF8.GetBytes(RecordLines.Simple(extra: ",\"num_steps\":3,\"metadata\":{\"reward\":0.25},\"error_message\":\"a\\nb\"") + "\nbad\n"));
        ExecutionRecord record = Assert.Single(ExecutionRecordReader.Read(log));
        Assert.Equal(("t1", 3, 0.25, "a\nb", "{\"reward\":0.25}"), (record.TaskId, record.NumSteps, record.Reward, record.ErrorMessage, record.MetadataJson));
        Assert.Null(record.TotalCostUsd);
    }

    internal static bool Same(HistoryStatistics x, HistoryStatistics y) =>
        (x.TotalTasks, x.SuccessRate, x.TotalCostUsd, x.TotalDurationSeconds) == (y.TotalTasks, y.SuccessRate, y.TotalCostUsd, y.TotalDurationSeconds);

    private static ImportAccount Pipe(long bytes, byte[] pattern)
    {
        var history = new ExecutionHistory();
        var pipe = new RepeatedStream(bytes, pattern);
        history.Import(pattern); // warm: cells and buffers exist
        long before = GC.GetAllocatedBytesForCurrentThread();
        ImportAccount account = history.Import(pipe);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(account.IsComplete);
        Assert.Equal(bytes, account.Bytes);
        Assert.InRange(allocated, 0, 8 << 20);
        return account;
    }

    private static byte[] Gzip(ReadOnlySpan<byte> text)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(text);
        return compressed.ToArray();
    }

    /// <summary>Hands out the text in pieces of any size, like a pipe.</summary>
    private sealed class ChunkedStream(byte[] text, Random random) : MemoryStream(text)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, random.Next(1, 700)));

        public override int Read(Span<byte> buffer)
        {
            var piece = new byte[Math.Min(buffer.Length, 700)];
            int read = Read(piece, 0, piece.Length);
            piece.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
    }

    /// <summary>A pattern over and over, up to a length.</summary>
    private sealed class RepeatedStream(long length, byte[] pattern) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int total = (int)Math.Min(buffer.Length, length - _position);
            for (int done = 0; done < total;)
            {
                ReadOnlySpan<byte> piece = pattern.AsSpan((int)((_position + done) % pattern.Length));
                int copied = Math.Min(piece.Length, total - done);
                piece[..copied].CopyTo(buffer[done..]);
                done += copied;
            }

            _position += total;
            return total;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
