using System.IO.Compression;

namespace Bandits.History;

/// <summary>Decompressed text that notices when its gzip source was cut off, which <see cref="GZipStream"/> takes for a regular end.</summary>
/// <remarks>
/// A gzip file may be followed by another one. When the source has ended, a tiny one is offered as the next: a source that ended between two
/// files is continued with exactly its text, one that was cut inside a file is not.
/// </remarks>
internal sealed class GzipText(SourceStream source) : Stream
{
    // gzip of the one byte 'x': header, one stored block, CRC-32, length (RFC 1951, 1952).
    private static readonly byte[] Probe =
    [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0x01, 1, 0, 0xfe, 0xff, (byte)'x', 0x83, 0x16, 0xdc, 0x8c, 1, 0, 0, 0,
    ];

    private readonly GZipStream _gzip = new(source, CompressionMode.Decompress);
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The source is damaged or was cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_ended) return 0;
        int read = _gzip.Read(buffer);
        if (read > 0 || buffer.IsEmpty) return read;
        _ended = true;
        source.Continue(Probe);
        Span<byte> probed = stackalloc byte[2];
        if (_gzip.Read(probed) != 1 || probed[0] != (byte)'x') throw new InvalidDataException("the gzip stream was cut off before its end, or something that is no gzip follows it");
        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _gzip.Dispose();
        base.Dispose(disposing);
    }
}
