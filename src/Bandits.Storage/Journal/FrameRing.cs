using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bandits.Storage.Journal;

/// <summary>Frames on their way to the journal's file: any number of writers, one reader, no lock. What is in the ring is byte for byte what the file will hold.</summary>
/// <remarks>
/// A writer first reserves room, which may be refused, and later appends, which never waits: so room can be waited for before a cell is taken. A frame's
/// first eight bytes are written last; until then they are zero, and the reader stops there. The reader fills with zeros what it frees.
/// </remarks>
internal sealed class FrameRing
{
    private readonly byte[] _bytes;
    private readonly long _mask;
    private Line _tail;
    private Line _room;
    private long _head;

    /// <param name="capacity">Bytes, a power of two.</param>
    /// <param name="start">Position of the first frame, a multiple of 8.</param>
    public FrameRing(int capacity, long start)
    {
        _bytes = GC.AllocateArray<byte>(capacity, pinned: true);
        _mask = capacity - 1;
        (_tail.Value, _room.Value, _head) = (start, capacity, start);
    }

    public int Capacity => _bytes.Length;

    /// <summary>Bytes that can still be reserved.</summary>
    public long Room => Volatile.Read(ref _room.Value);

    /// <summary>Position after the last frame appended, complete or not.</summary>
    public long Tail => Volatile.Read(ref _tail.Value);

    /// <summary>For the reader, who has written everything up to <paramref name="written"/>: whether nothing was appended since, and nobody holds room that is yet to be used.</summary>
    public bool IsAtRest(long written) => Room == Capacity - (written - _head) && Tail == written; // in this order: what used up room that was held is behind that position

    /// <summary>Takes room for frames of so many bytes; false when there is not enough.</summary>
    public bool TryReserve(int bytes)
    {
        long room = Volatile.Read(ref _room.Value);
        while (room >= bytes)
        {
            long seen = Interlocked.CompareExchange(ref _room.Value, room - bytes, room);
            if (seen == room) return true;
            room = seen;
        }

        return false;
    }

    /// <summary>Gives back room that was reserved and not used.</summary>
    public void Release(int bytes) => Interlocked.Add(ref _room.Value, bytes);

    /// <summary>Appends a frame, for which at least its size was reserved; returns its position.</summary>
    public long Append(ReadOnlySpan<byte> payload)
    {
        int size = Frame.SizeOf(payload.Length);
        long position = Interlocked.Add(ref _tail.Value, size) - size;
        int at = (int)(position & _mask), from = (int)((position + Frame.HeaderBytes) & _mask);
        ulong head = Frame.HeadOf(position, payload); // from memory of the thread, before the ring's lines are waited for
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan((int)((position + sizeof(long)) & _mask)), position);
        int first = Math.Min(payload.Length, _bytes.Length - from);
        payload[..first].CopyTo(_bytes.AsSpan(from));
        payload[first..].CopyTo(_bytes);
        Volatile.Write(ref HeadAt(at), head);
        return position;
    }

    /// <summary>For the reader: where the complete frames end that follow <paramref name="from"/>, at most about so many bytes on.</summary>
    public long Complete(long from, int most)
    {
        long to = from;
        while (to - from < most && to < Tail)
        {
            var length = (int)(uint)Volatile.Read(ref HeadAt((int)(to & _mask)));
            if (length == 0) break;
            to += Frame.SizeOf(length);
        }

        return to;
    }

    /// <summary>For the reader: size of the complete frame at a position.</summary>
    public int SizeAt(long position) => Frame.SizeOf((int)(uint)Volatile.Read(ref HeadAt((int)(position & _mask))));

    /// <summary>For the reader: the bytes between two positions, in two pieces.</summary>
    public void Between(long from, long to, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        int at = (int)(from & _mask), count = (int)(to - from), straight = Math.Min(count, _bytes.Length - at);
        first = _bytes.AsSpan(at, straight);
        second = _bytes.AsSpan(0, count - straight);
    }

    /// <summary>For the reader: frees everything before <paramref name="to"/>.</summary>
    public void Free(long to)
    {
        if (to == _head) return;
        Between(_head, to, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second);
        _bytes.AsSpan((int)(_head & _mask), first.Length).Clear();
        _bytes.AsSpan(0, second.Length).Clear();
        long freed = to - _head;
        _head = to;
        Interlocked.Add(ref _room.Value, freed); // a full fence: the zeros are seen before the room
    }

    private ref ulong HeadAt(int at) => ref MemoryMarshal.Cast<byte, ulong>(_bytes.AsSpan(at, sizeof(ulong)))[0];

    /// <summary>A number on a cache line of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Line
    {
        [FieldOffset(64)]
        public long Value;
    }
}
