using Bandits.Storage.Files;

namespace Bandits.Storage.Journal;

/// <summary>Bytes of a journal that no intact frame covers.</summary>
/// <param name="From">Position at which a frame was expected.</param>
/// <param name="To">Position of the next intact frame, or the end of what the files hold.</param>
/// <param name="Path">The file.</param>
/// <param name="IsTail">Whether nothing intact follows: a write that a crash cut short.</param>
public readonly record struct JournalDamage(long From, long To, string Path, bool IsTail);

/// <summary>Reads the frames of a journal in the order of their positions, each once; where files overlap, from the one begun last.</summary>
/// <remarks>
/// Memory is bounded by a buffer of twice the longest frame, whatever the files say. Where a frame is not intact, the search goes on at every multiple of 8
/// for the next one that names its own place and whose checksum is right; the rest of a file is given up once frames whose checksum is wrong are longer together than twice the file and 64 MiB.
/// </remarks>
internal sealed class JournalReader : IDisposable
{
    private const int BufferBytes = 2 * (Frame.MostPayload + 64 * 1024);

    /// <summary>Bytes of frames with a wrong checksum that are borne in any file.</summary>
    private const long LeastPatience = 64 << 20;

    private readonly IStoreFiles _files;
    private readonly List<(long First, string Path)> _segments;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private readonly List<JournalDamage> _damage = [];
    private IStoreFile? _file;
    private JournalSegment _segment;
    private string _path = "";
    private long _fileEnd;
    private bool _isHeaderDamaged;
    private long _patience;
    private bool _hasGivenUp;
    private int _next;
    private long _bufferStart;
    private int _bufferCount;

    /// <summary>Begins at a position: earlier frames are passed over, and if the files begin later, what lies between is damage.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public JournalReader(string directory, IStoreFiles files, long position)
        : this(JournalArchive.Segments(directory, files), files, position) // none is passed over: after a fault files overlap, and the earlier may hold what the later does not
    {
    }

    /// <summary>Reads these files, which are in the order of their positions.</summary>
    public JournalReader(List<(long First, string Path)> segments, IStoreFiles files, long position) => (_segments, _files, Position) = (segments, files, position);

    /// <summary>Position after the last frame read.</summary>
    public long Position { get; private set; }

    /// <summary>What was passed over.</summary>
    public IReadOnlyList<JournalDamage> Damage => _damage;

    /// <summary>The last file and how many of its bytes are good; null when there is none. What follows is a torn tail or room set aside.</summary>
    public (string Path, long Bytes)? Last { get; private set; }

    /// <summary>Whether the last file may be continued: its header is whole.</summary>
    public bool IsLastWhole => !_isHeaderDamaged;

    /// <summary>Whether, after the last frame, nothing follows: the writer came to its end. Else it was killed, and what it wrote may not be on the device.</summary>
    public bool IsClosed { get; private set; } = true;

    /// <summary>Reads the next frame; its payload is valid until the next call.</summary>
    /// <exception cref="JournalException">A file is of a future version.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public bool TryRead(out long position, out ReadOnlyMemory<byte> payload)
    {
        while (true)
        {
            if (_file is not null && TryReadHere(out position, out payload)) return true;
            if (!OpenNext())
            {
                (position, payload) = (0, default);
                return false;
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private bool OpenNext()
    {
        _file?.Dispose();
        _file = null;
        if (_next == _segments.Count) return false;
        (long first, string path) = _segments[_next++];
        IStoreFile file = _files.Open(path, StoreFileMode.Read);
        Span<byte> header = stackalloc byte[JournalSegment.HeaderBytes];
        int read = file.Read(header, 0);
        _isHeaderDamaged = !JournalSegment.TryRead(header[..read], path, out JournalSegment segment) || segment.First != first;
        if (_isHeaderDamaged) segment = new JournalSegment(first, 0); // the name says where its frames begin, and each says so itself
        (_file, _segment, _path, _fileEnd) = (file, segment, path, Math.Min(first + Math.Max(0, file.Length - JournalSegment.HeaderBytes), Superseded()));
        (_bufferStart, _bufferCount) = (first, 0);
        _patience = Math.Max(LeastPatience, 2 * (_fileEnd - first));
        Last = (path, segment.PlaceOf(Math.Max(first, Math.Min(Position, _fileEnd))));
        return true;
    }

    /// <summary>
    /// Where the file just opened no longer counts: a later one begins there, because all from there on was written again after a fault. One that holds nothing, as
    /// the disk was still refusing, takes nothing over.
    /// </summary>
    private long Superseded()
    {
        Span<byte> header = stackalloc byte[Frame.HeaderBytes];
        for (int i = _next; i < _segments.Count; i++)
        {
            (long first, string path) = _segments[i];
            using IStoreFile file = _files.Open(path, StoreFileMode.Read);
            if (file.Read(header, JournalSegment.HeaderBytes) < header.Length || Frame.LengthAt(first, header) is not (> 0 and var length)) continue;
            Span<byte> payload = _buffer.AsSpan(0, length);
            if (file.Read(payload, JournalSegment.HeaderBytes + Frame.HeaderBytes) == length && Frame.IsIntact(first, header, payload)) return first;
        }

        return long.MaxValue;
    }

    private bool TryReadHere(out long position, out ReadOnlyMemory<byte> payload)
    {
        long at = Math.Max(Position, _segment.First);
        while (true)
        {
            int length = Fill(at, Frame.HeaderBytes) ? Frame.LengthAt(at, Header(at)) : 0;
            if (length > 0 && Fill(at, Frame.HeaderBytes + length) && Frame.IsIntact(at, Header(at), Payload(at, length).Span))
            {
                if (_isHeaderDamaged && Last?.Bytes == JournalSegment.HeaderBytes) _damage.Add(new JournalDamage(_segment.First, _segment.First, _path, IsTail: false));
                if (at > Position) _damage.Add(new JournalDamage(Position, at, _path, IsTail: false));
                position = at;
                payload = Payload(at, length);
                Position = at + Frame.SizeOf(length);
                Last = (_path, _segment.PlaceOf(Position));
                return true;
            }

            // Zeros from here to the end are room set aside; anything else is searched for the next frame. Frames that are none overlap only where somebody made them so.
            if (length > 0 && at + Frame.HeaderBytes + length <= _fileEnd) _patience -= length; // else it was not looked at
            if (_patience < 0)
            {
                GiveUp();
                (position, payload) = (0, default);
                return false;
            }

            at = NextCandidate(at + Frame.Alignment);
            if (at < 0) break;
        }

        IsClosed = _fileEnd <= Position && !_hasGivenUp;
        if (_next == _segments.Count && HasRest()) _damage.Add(new JournalDamage(Math.Max(Position, _segment.First), _fileEnd, _path, IsTail: true));
        (position, payload) = (0, default);
        return false;
    }

    /// <summary>Passes over the rest of a file, which is damage and no tail: nothing is written in its place.</summary>
    private void GiveUp()
    {
        long end = Math.Max(Position, (_next < _segments.Count ? Math.Min(_fileEnd, _segments[_next].First) : _fileEnd) & -Frame.Alignment);
        _damage.Add(new JournalDamage(Math.Max(Position, _segment.First), end, _path, IsTail: false));
        Position = end;
        _isHeaderDamaged = true; // it is not continued
        _hasGivenUp = true;
        IsClosed = false;
    }

    /// <summary>The next place at which eight bytes name their own position, or -1.</summary>
    private long NextCandidate(long at)
    {
        for (; at + Frame.HeaderBytes <= _fileEnd; at += Frame.Alignment)
        {
            if (!Fill(at, Frame.HeaderBytes)) return -1;
            if (Frame.LengthAt(at, Header(at)) > 0) return at;
        }

        return -1;
    }

    /// <summary>Whether anything but zeros follows the last good frame.</summary>
    private bool HasRest()
    {
        for (long at = Math.Max(Position, _segment.First); at < _fileEnd;)
        {
            int count = (int)Math.Min(BufferBytes, _fileEnd - at);
            if (!Fill(at, count)) return true;
            if (_buffer.AsSpan((int)(at - _bufferStart), count).ContainsAnyExcept((byte)0)) return true;
            at += count;
        }

        return false;
    }

    private ReadOnlySpan<byte> Header(long at) => _buffer.AsSpan((int)(at - _bufferStart), Frame.HeaderBytes);

    private ReadOnlyMemory<byte> Payload(long at, int length) => _buffer.AsMemory((int)(at - _bufferStart) + Frame.HeaderBytes, length);

    /// <summary>Brings bytes from a position on into the buffer; false when the file ends before.</summary>
    private bool Fill(long at, int count)
    {
        if (at + count > _fileEnd) return false;
        if (at >= _bufferStart && at + count <= _bufferStart + _bufferCount) return true;
        int want = (int)Math.Min(BufferBytes, _fileEnd - at);
        _bufferCount = _file!.Read(_buffer.AsSpan(0, want), _segment.PlaceOf(at));
        _bufferStart = at;
        return count <= _bufferCount;
    }
}
