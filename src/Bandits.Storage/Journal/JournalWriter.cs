using Bandits.Storage.Files;

namespace Bandits.Storage.Journal;

/// <summary>Writes frames to the journal's files on a thread of its own: group commit, rotation, and another try in a new file where the disk refused.</summary>
/// <remarks>
/// What is not yet on the device stays in the ring (under <see cref="Durability.None"/>, what is not yet with the operating system). After a failed write
/// or flush nobody knows what the file holds, so it is left behind, and everything not durable is written again into a new one, which readers
/// prefer from its first position on.
/// </remarks>
internal sealed class JournalWriter : IDisposable
{
    private const int MostBatch = 1 << 20;
    private const int UsualBytes = 4096;

    /// <summary>Further tries when the disk refuses at the end, and milliseconds that the end waits for those who took room before it.</summary>
    private const int LastAttempts = 3;
    private const int RoundsForLatecomers = 1000;
    private static readonly TimeSpan IdlePause = TimeSpan.FromMilliseconds(20);

    private readonly string _directory;
    private readonly IStoreFiles _files;
    private readonly RouterStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly ulong _incarnation;
    private readonly Action? _began;
    private readonly FrameRing _ring;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly object _progress = new();
    private readonly AutoResetEvent _work = new(false);
    private IStoreFile? _file;
    private JournalSegment _segment;
    private long _written;
    private long _durable;
    private long _dropped;
    private long _faults;
    private readonly long _start;
    private long _lastFlush;
    private long _wanted;
    private long _fileStart;
    private long _nowTicks;
    private Exception? _fault;
    private int _isIdle;
    private long _doubtfulTo;
    private bool _isFlushFault;
    private bool _isClosing;
    private bool _isClosed;

    /// <summary>Goes on in a file that is whole, or begins a new one, and starts the thread.</summary>
    /// <param name="directory">The store.</param>
    /// <param name="files">Its files.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="incarnation">Incarnation of the router.</param>
    /// <param name="position">Position of the next frame.</param>
    /// <param name="unfinished">First position of a file that is whole up to there and may be continued; -1 for none.</param>
    /// <param name="isInDoubt">Whether what stands before may not be on the device.</param>
    /// <param name="began">Called when a further file is begun, from the writer's thread.</param>
    /// <exception cref="IOException">The file cannot be begun.</exception>
    public JournalWriter(
        string directory, IStoreFiles files, RouterStoreOptions options, TimeProvider clock, ulong incarnation, long position, long unfinished = -1, bool isInDoubt = false, Action? began = null)
    {
        (_directory, _files, _options, _clock, _incarnation, _began) = (directory, files, options, clock, incarnation, began);
        _ring = new FrameRing(options.QueueBytes, position);
        (_start, _written, _durable, _lastFlush, _nowTicks) = (position, position, position, clock.GetTimestamp(), clock.GetUtcNow().UtcTicks);
        if (isInDoubt) _doubtfulTo = position;
        if (unfinished < 0 || !TryContinue(unfinished, position)) Begin(position);
        _thread = new Thread(Work) { IsBackground = true, Name = "bandits journal" };
        _thread.Start();
    }

    /// <summary>Position after the last frame appended.</summary>
    public long Tail => _ring.Tail;

    /// <summary>Position of the first frame of the file that is being written.</summary>
    public long FileStart => Volatile.Read(ref _fileStart);

    /// <summary>Largest frame that can ever find room.</summary>
    public int Capacity => _ring.Capacity;

    /// <summary>Whether an entry of usual size would find room.</summary>
    public bool HasRoom => _ring.Room >= UsualBytes;

    /// <summary>Now, UTC ticks, to within a few hundredths of a second.</summary>
    public long NowTicks => Volatile.Read(ref _nowTicks);

    public StoreStatistics Statistics => new(
        _ring.Tail - _start, Volatile.Read(ref _written) - _start, Volatile.Read(ref _durable) - _start, Volatile.Read(ref _dropped), Volatile.Read(ref _faults), Volatile.Read(ref _fault)?.Message, 0);

    /// <summary>Takes room without waiting; what has none is dropped and counted.</summary>
    public bool TryReserve(int bytes)
    {
        if (!Volatile.Read(ref _isClosing) && TryTakeRoom(bytes) && !IsTooLate(bytes)) return true;
        Drop();
        return false;
    }

    /// <summary>After room was taken: whether the end has begun meanwhile, and may not have seen it; then it is given back.</summary>
    private bool IsTooLate(int bytes)
    {
        if (!Volatile.Read(ref _isClosing)) return false;
        _ring.Release(bytes);
        return true;
    }

    /// <summary>Counts an entry that was not written.</summary>
    public void Drop() => Interlocked.Increment(ref _dropped);

    /// <summary>Takes room, waiting for it where the options say so.</summary>
    /// <returns>False when the options say to drop.</returns>
    /// <exception cref="JournalException">There is no room because the journal cannot be written.</exception>
    public bool Reserve(int bytes)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosing), this);
        if (bytes > _ring.Capacity) throw new JournalException($"An entry takes {bytes} bytes and the journal's queue holds {_ring.Capacity}; nothing was recorded. Raise {nameof(RouterStoreOptions.QueueBytes)}.");
        if (TryTakeRoom(bytes))
        {
            ObjectDisposedException.ThrowIf(IsTooLate(bytes), this);
            return true;
        }

        if (_options.BackPressure == BackPressure.Drop)
        {
            Drop();
            return false;
        }

        long seen = Volatile.Read(ref _faults);
        Wake();
        lock (_progress)
        {
            while (!_ring.TryReserve(bytes))
            {
                if (_fault is { } fault && _faults > seen + 1) throw new JournalException($"The journal in '{_directory}' cannot be written, and its queue is full; nothing was recorded.", fault);
                ObjectDisposedException.ThrowIf(_isClosed, this);
                if (_fault is not null) Wake();
                Monitor.Wait(_progress, IdlePause);
            }
        }

        ObjectDisposedException.ThrowIf(IsTooLate(bytes), this);
        return true;
    }

    /// <summary>Gives back room that was not used.</summary>
    public void Release(int bytes) => _ring.Release(bytes);

    /// <summary>Appends a frame for which room was taken; returns the position after it. Never waits.</summary>
    public long Append(ReadOnlySpan<byte> payload) => _ring.Append(payload) + Frame.SizeOf(payload.Length);

    /// <summary>The thread wakes by itself now and then; before the room is gone it is woken here, never at an append, which may be inside a gate.</summary>
    private bool TryTakeRoom(int bytes)
    {
        if (!_ring.TryReserve(bytes)) return false;
        if (_ring.Room < _ring.Capacity / 2 && Volatile.Read(ref _isIdle) != 0) Wake();
        return true;
    }

    /// <summary>Returns when everything before a position is as durable as the options promise on return of a record.</summary>
    /// <exception cref="JournalException">It cannot be made so now; it may still be later.</exception>
    public void Confirm(long position)
    {
        if (_options.Durability != Durability.EachCommit) return;
        Await(position);
        if (position > 0 && position <= DoubtfulTo)
            throw new JournalException($"What was recorded counts, but stands in what a killed or failing writer left in '{_directory}', which may not be on the device; save a snapshot, which holds it.");
    }

    /// <summary>Position up to which a failed flush may have lost what only the operating system had; 0 when nothing is in doubt.</summary>
    public long DoubtfulTo => Volatile.Read(ref _doubtfulTo);

    /// <summary>A snapshot holds everything before a position.</summary>
    public void Resolve(long position) => Interlocked.CompareExchange(ref _doubtfulTo, 0, position >= DoubtfulTo ? DoubtfulTo : -1);

    /// <summary>Returns when everything appended so far is on the device.</summary>
    /// <param name="isForSnapshot">Whether it does not matter that something may be lost: a snapshot that holds it follows.</param>
    /// <exception cref="JournalException">It cannot be written.</exception>
    public void Flush(bool isForSnapshot = false)
    {
        long position = _ring.Tail;
        long seen = Volatile.Read(ref _wanted);
        while (seen < position)
        {
            long before = Interlocked.CompareExchange(ref _wanted, position, seen);
            if (before == seen) break;
            seen = before;
        }

        Await(position);
        if (!isForSnapshot && DoubtfulTo > 0)
            throw new JournalException($"A flush of the journal in '{_directory}' failed, and what it should have kept may be lost; save a snapshot, which holds it.");
    }

    /// <summary>Writes and flushes what is left and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosing) return;
            Volatile.Write(ref _isClosing, true);
        }

        Wake();
        _thread.Join();
        Cut();
        _file?.Dispose();
        _work.Dispose();
    }

    /// <summary>Gives back the room set aside at the end of the file; what is in it is durable already, so a refusal costs nothing but that room.</summary>
    private void Cut()
    {
        try
        {
            if (_file is not null && _durable == _written && DoubtfulTo == 0) _file.Length = _segment.PlaceOf(_written); // a file that is not cut says that its end is in doubt
        }
        catch (IOException)
        {
        }
    }

    private void Await(long position)
    {
        if (Volatile.Read(ref _durable) >= position) return;
        long seen = Volatile.Read(ref _faults); // what is being tried just now may fail for an old reason: it is tried once more
        Wake();
        lock (_progress)
        {
            while (Volatile.Read(ref _durable) < position)
            {
                if (_fault is { } fault && _faults > seen + 1) throw new JournalException($"The journal in '{_directory}' cannot be written: what was recorded counts, but is not durable yet.", fault);
                ObjectDisposedException.ThrowIf(_isClosed, this);
                if (_fault is not null) Wake();
                Monitor.Wait(_progress, IdlePause);
            }
        }
    }

    private void Wake() => _work.Set();

    private void Work()
    {
        int attempts = 0, rounds = 0;
        while (true)
        {
            bool isClosing = Volatile.Read(ref _isClosing);
            Volatile.Write(ref _nowTicks, _clock.GetUtcNow().UtcTicks);
            try
            {
                bool wrote = WriteBatch();
                bool flushed = FlushIfDue(isClosing);
                if (_fault is not null) Report(null);
                if (isClosing && !wrote && (_ring.IsAtRest(_written) || ++rounds > RoundsForLatecomers)) break;
                if (!wrote && !flushed) Idle(isClosing);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                Report(e);
                if (isClosing && ++attempts > LastAttempts) break;
                _work.WaitOne(_options.RetryPause);
                Retreat();
            }
        }

        lock (_progress)
        {
            _isClosed = true;
            Monitor.PulseAll(_progress);
        }
    }

    private void Idle(bool isClosing)
    {
        if (isClosing)
        {
            Thread.Sleep(1); // somebody who took room before the end began has still to append
            return;
        }

        Volatile.Write(ref _isIdle, 1);
        _work.WaitOne(_options.Durability == Durability.Interval && _durable < _written ? UntilFlush() : IdlePause);
        Volatile.Write(ref _isIdle, 0);
    }

    private TimeSpan UntilFlush()
    {
        TimeSpan left = _options.FlushInterval - _clock.GetElapsedTime(_lastFlush);
        return left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left < IdlePause ? left : IdlePause;
    }

    private bool WriteBatch()
    {
        long from = _written, to = _ring.Complete(from, MostBatch);
        if (to == from) return false;
        while (from < to)
        {
            if (_file is null || _segment.PlaceOf(from) + _ring.SizeAt(from) > _options.SegmentBytes) Begin(from);
            long end = from;
            while (end < to && _segment.PlaceOf(end) + _ring.SizeAt(end) <= _options.SegmentBytes) end += _ring.SizeAt(end);
            _ring.Between(from, end, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second);
            _file!.Write(first, _segment.PlaceOf(from));
            if (!second.IsEmpty) _file.Write(second, _segment.PlaceOf(from) + first.Length);
            from = end;
            Volatile.Write(ref _written, end);
        }

        if (_options.Durability == Durability.None) Progress(freeTo: to);
        return true;
    }

    private bool FlushIfDue(bool isClosing)
    {
        if (_durable == _written) return false;
        bool isDue = isClosing || Volatile.Read(ref _wanted) > _durable || _options.Durability == Durability.EachCommit
            || (_options.Durability == Durability.Interval && (_written - _durable > _ring.Capacity / 2 || _clock.GetElapsedTime(_lastFlush) >= _options.FlushInterval));
        if (!isDue) return false;
        _isFlushFault = true;
        _file!.Flush();
        _isFlushFault = false;
        _lastFlush = _clock.GetTimestamp();
        Volatile.Write(ref _durable, _written);
        Progress(freeTo: _written);
        return true;
    }

    private void Progress(long freeTo)
    {
        _ring.Free(freeTo);
        lock (_progress) Monitor.PulseAll(_progress);
    }

    private void Report(Exception? fault)
    {
        lock (_progress)
        {
            _fault = fault;
            if (fault is not null) _faults++;
            Monitor.PulseAll(_progress);
        }
    }

    /// <summary>After a fault: leaves the file behind and goes back to what is surely kept. Without durability the ring no longer has that, so the file gets a last flush.</summary>
    private void Retreat()
    {
        if (_options.Durability != Durability.None)
        {
            Volatile.Write(ref _written, _durable);
        }
        else if (_file is not null && _durable < _written)
        {
            // What a failed flush lost, another does not bring back.
            if (_isFlushFault || !TryFlush(_file)) Volatile.Write(ref _doubtfulTo, _written);
            Volatile.Write(ref _durable, _written);
        }

        _isFlushFault = false;
        _file?.Dispose();
        _file = null;
    }

    private static bool TryFlush(IStoreFile file)
    {
        try
        {
            file.Flush();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Goes on in a file where it ends, unless it is nearly full.</summary>
    private bool TryContinue(long first, long position)
    {
        var segment = new JournalSegment(first, _incarnation);
        if (segment.PlaceOf(position) > _options.SegmentBytes - 2L * Frame.MostPayload && segment.PlaceOf(position) > _options.SegmentBytes / 2) return false;
        IStoreFile file = _files.Open(System.IO.Path.Combine(_directory, JournalSegment.NameOf(first)), StoreFileMode.Change);
        try
        {
            file.Length = segment.PlaceOf(position); // what follows is of no use, and must not be taken for frames
            file.Length = Math.Max(_options.SegmentBytes, segment.PlaceOf(position));
            file.Flush();
            _files.FlushDirectory(_directory); // whoever created it may have been killed before this
        }
        catch
        {
            file.Dispose();
            throw;
        }

        (_file, _segment, _fileStart) = (file, segment, first);
        return true;
    }

    /// <summary>Begins a file at a position; the one before is cut to what it holds and flushed.</summary>
    private void Begin(long position)
    {
        if (_file is not null)
        {
            _isFlushFault = true;
            _file.Flush();
            _isFlushFault = false;
            _file.Length = _segment.PlaceOf(position); // after the flush: a file that is cut says that all of it is on the device
            _file.Dispose();
            _file = null;
            Volatile.Write(ref _durable, position);
            Progress(freeTo: position);
        }

        string path = System.IO.Path.Combine(_directory, JournalSegment.NameOf(position));
        _files.Delete(path); // left behind by a fault, or by a crash before anything in it was acknowledged
        var segment = new JournalSegment(position, _incarnation);
        IStoreFile file = _files.Open(path, StoreFileMode.Create, _options.SegmentBytes);
        try
        {
            Span<byte> header = stackalloc byte[JournalSegment.HeaderBytes];
            segment.WriteTo(header);
            file.Length = _options.SegmentBytes;
            file.Write(header, 0);
            file.Flush();
            _files.FlushDirectory(_directory);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        (_file, _segment) = (file, segment);
        Volatile.Write(ref _fileStart, position);
        _began?.Invoke();
    }
}
