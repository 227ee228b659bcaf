using System.Buffers;
using System.IO.Hashing;
using Bandits.Storage.Files;

namespace Bandits.Storage;

/// <summary>Writes a snapshot to a file portion by portion, so that saving a large router holds no second copy of it.</summary>
internal sealed class SnapshotStream(IStoreFile file) : IBufferWriter<byte>, IDisposable
{
    private const int Portion = 1 << 20;

    private readonly XxHash3 _hash = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Portion);
    private int _count;
    private long _written = RouterSnapshot.HeaderBytes;

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_count);
    }

    /// <summary>Writes what a router knows, the header last.</summary>
    /// <returns>Position in the journal: what was written holds every entry before it.</returns>
    /// <exception cref="ArgumentException">The state takes more than <see cref="RouterSnapshot.MaxBytes"/>.</exception>
    public long Write(BanditRouter router)
    {
        (RouterState head, int nodes) = router.CaptureHead();
        SnapshotPayload.Write(head, router.CaptureSegments(nodes), router.SegmentsAmong(nodes), () => ArmsOf(router, head), this);
        Hand();
        if (_written > RouterSnapshot.MaxBytes) throw new ArgumentException($"The state takes {_written} bytes; a snapshot holds at most {RouterSnapshot.MaxBytes}.");
        Span<byte> header = stackalloc byte[RouterSnapshot.HeaderBytes];
        RouterSnapshot.WriteHeader(header, _written - RouterSnapshot.HeaderBytes, _hash);
        file.Write(header, 0);
        return head.Position;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private static (Arm[] Arms, ArmStatus[] Status) ArmsOf(BanditRouter router, RouterState head)
    {
        ArmCatalog catalog = router.CaptureArms(head);
        return (catalog.Arms, catalog.Status);
    }

    private void Reserve(int bytes)
    {
        bytes = Math.Max(bytes, 16);
        if (_buffer.Length - _count >= bytes) return;
        Hand();
        if (_buffer.Length >= bytes) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(bytes);
    }

    private void Hand()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _count);
        _hash.Append(bytes);
        file.Write(bytes, _written);
        _written += _count;
        _count = 0;
    }
}
