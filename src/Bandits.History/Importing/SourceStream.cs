namespace Bandits.History;

/// <summary>A source as it is stored: counts its bytes and can look at the first two, which tell gzip from text.</summary>
internal sealed class SourceStream : Stream
{
    private readonly Stream _inner;
    private byte[] _head = new byte[2];
    private int _headLength, _headTaken;

    private SourceStream(Stream inner) => _inner = inner;

    /// <summary>Bytes taken from the source.</summary>
    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The text of <paramref name="source"/>, decompressed when it starts like gzip, whatever it is called.</summary>
    public static Stream OpenText(Stream source, out SourceStream counted)
    {
        counted = new SourceStream(source);
        counted._headLength = source.ReadAtLeast(counted._head, 2, throwOnEndOfStream: false);
        bool isGzip = counted._headLength == 2 && counted._head is [0x1f, 0x8b];
        return isGzip ? new GzipText(counted) : counted;
    }

    /// <summary>Lets <paramref name="bytes"/> follow what was read, uncounted.</summary>
    public void Continue(byte[] bytes)
    {
        BytesRead -= bytes.Length;
        (_head, _headLength, _headTaken) = (bytes, bytes.Length, 0);
    }

    public override int Read(Span<byte> buffer)
    {
        int read;
        if (_headTaken < _headLength)
        {
            read = Math.Min(buffer.Length, _headLength - _headTaken);
            _head.AsSpan(_headTaken, read).CopyTo(buffer);
            _headTaken += read;
        }
        else
        {
            read = _inner.Read(buffer);
        }

        BytesRead += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
