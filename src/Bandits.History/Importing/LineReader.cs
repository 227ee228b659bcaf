using System.Buffers;

namespace Bandits.History;

/// <summary>Splits a stream into lines over one pooled buffer that never holds more than the longest allowed line.</summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    private const int ChunkBytes = 256 << 10;

    // One byte more than the longest line with a CRLF: a full buffer without a line end is then surely too long.
    private const int LargestBuffer = HistoryLimits.LineBytes + 3;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
    private int _start, _end;
    private bool _ended, _inLongLine;

    /// <summary>Bytes handed out so far.</summary>
    public long Position { get; private set; }

    /// <summary>Called after each read of the stream.</summary>
    public Action? OnRead { get; init; }

    /// <summary>Why the stream broke off, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>The next line without its line end, valid until the next call.</summary>
    public LineKind Next(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            ReadOnlySpan<byte> unread = _buffer.AsSpan(_start, _end - _start);
            int length = unread[searched..].IndexOf((byte)'\n');
            if (length >= 0) return Whole(unread[..(searched + length)], 1, out line);
            searched = unread.Length;
            if (_ended)
            {
                line = default;
                bool cut = Fault is not null;
                if (unread.IsEmpty || cut) return _inLongLine ? EndLongLine() : LineKind.End;
                return Whole(unread, 0, out line);
            }

            if (unread.Length >= LargestBuffer)
            {
                line = unread;
                Take(unread.Length);
                _inLongLine = true;
                return LineKind.LongPiece;
            }

            Fill();
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }

    private LineKind Whole(ReadOnlySpan<byte> found, int lineEnd, out ReadOnlySpan<byte> line)
    {
        Take(found.Length + lineEnd);
        line = found.EndsWith("\r"u8) ? found[..^1] : found;
        if (!_inLongLine && line.Length <= HistoryLimits.LineBytes) return LineKind.Line;
        return EndLongLine();
    }

    private LineKind EndLongLine()
    {
        _inLongLine = false;
        return LineKind.LongEnd;
    }

    private void Take(int length)
    {
        _start += length;
        Position += length;
    }

    private void Fill()
    {
        int pending = _end - _start;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, pending).CopyTo(_buffer);
            (_start, _end) = (0, pending);
        }

        if (pending == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(4 * _buffer.Length, LargestBuffer));
            _buffer.AsSpan(0, pending).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        try
        {
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            _ended = read == 0;
            _end += read;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            _ended = true;
            Fault = e.Message;
        }

        OnRead?.Invoke();
    }
}
