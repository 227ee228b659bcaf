using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bandits.History;

/// <summary>Where the quotation marks of a line stand, found in one pass over its bytes. Without escapes every second one ends a string.</summary>
internal sealed class LineQuotes
{
    /// <summary>Shorter lines are not looked at; none of them holds the required fields.</summary>
    public const int ShortestLine = 64;

    private const int Block = 64;

    // Positions written at once, whether there are so many or not: most blocks have fewer, and no branch depends on how many.
    private const int Batch = 12;

    private int[] _positions = new int[256];

    /// <summary>The positions, and after the last of them at least four that lie beyond any line.</summary>
    public ReadOnlySpan<int> Positions => _positions;

    /// <summary>
    /// Finds them. False when the line is shorter than <see cref="ShortestLine"/> or holds a backslash or a control character: it is not plain then.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // its caller needs the registers
    public bool TryFind(ReadOnlySpan<byte> line, out bool isAscii)
    {
        isAscii = true;
        if (line.Length < ShortestLine) return false;
        ref byte start = ref MemoryMarshal.GetReference(line);
        Vector256<byte> odd = default, all = default;
        int count = 0, at = 0;
        for (; at <= line.Length - Block; at += Block) count = Append(count, at, Quotes(ref start, at, ref odd, ref all));
        if (at < line.Length)
        {
            int last = line.Length - Block; // overlaps the block before; what that one has seen is shifted out
            count = Append(count, at, Quotes(ref start, last, ref odd, ref all) >> (at - last));
        }

        _positions.AsSpan(count, 4).Fill(int.MaxValue);
        isAscii = all.ExtractMostSignificantBits() == 0;
        return odd == default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Quotes(ref byte start, int at, ref Vector256<byte> odd, ref Vector256<byte> all)
    {
        Vector256<byte> low = Vector256.LoadUnsafe(ref start, (nuint)at), high = Vector256.LoadUnsafe(ref start, (nuint)(at + Vector256<byte>.Count));
        Vector256<byte> quote = Vector256.Create((byte)'"'), backslash = Vector256.Create((byte)'\\'), control = Vector256.Create((byte)0x1F);
        all |= low | high;
        odd |= Vector256.Equals(low, backslash) | Vector256.Equals(high, backslash) | Vector256.Equals(Vector256.Min(Vector256.Min(low, high), control), Vector256.Min(low, high));
        return Vector256.Equals(low, quote).ExtractMostSignificantBits() | (ulong)Vector256.Equals(high, quote).ExtractMostSignificantBits() << 32;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Append(int count, int at, ulong quotes)
    {
        if (count > _positions.Length - Block - Batch) Array.Resize(ref _positions, 2 * _positions.Length);
        int end = count + BitOperations.PopCount(quotes);
        while (true)
        {
            Span<int> batch = _positions.AsSpan(count, Batch);
            batch[0] = Take(ref quotes, at);
            batch[1] = Take(ref quotes, at);
            batch[2] = Take(ref quotes, at);
            batch[3] = Take(ref quotes, at);
            batch[4] = Take(ref quotes, at);
            batch[5] = Take(ref quotes, at);
            batch[6] = Take(ref quotes, at);
            batch[7] = Take(ref quotes, at);
            batch[8] = Take(ref quotes, at);
            batch[9] = Take(ref quotes, at);
            batch[10] = Take(ref quotes, at);
            batch[11] = Take(ref quotes, at);
            if (quotes == 0) return end;
            count += Batch;
        }
    }

    /// <summary>The position of the lowest quotation mark, which is taken out; something beyond the block when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Take(ref ulong quotes, int at)
    {
        int position = at + BitOperations.TrailingZeroCount(quotes);
        quotes &= quotes - 1;
        return position;
    }
}
