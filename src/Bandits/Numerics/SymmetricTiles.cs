using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bandits.Numerics;

/// <summary>Symmetric matrices of which only the lower half is stored, in tiles of 4 by 4 that are read from first to last.</summary>
/// <remarks>
/// <code>
/// Layout      rows go in panels of 4; panel I holds the tiles (I, 0) ... (I, I), each 16 numbers row by row, the last of them whole. Orders that are no
///             multiple of 4 are filled up with zeros, as are the vectors that go with them
/// Rule        a tile counts once for itself and once transposed, but for those on the diagonal
/// Cost        every stored number is read, or read and written, once: O(n^2 / 2) for all but the inverse; 0 B
/// Departures  always Vector256 and no fused multiply-add, as in <see cref="VectorMath"/>: every machine rounds alike
/// </code>
/// Vectors are as long as the padded order, a multiple of 4.
/// </remarks>
internal static class SymmetricTiles
{
    private const int Side = 4;
    private const int TileLength = Side * Side;

    /// <summary>The least multiple of 4 that holds so many numbers.</summary>
    public static int WidthOf(int order) => (order + Side - 1) & ~(Side - 1);

    /// <summary>Numbers in a matrix of a padded order.</summary>
    public static int LengthOf(int width) => width / Side * (width / Side + 1) / 2 * TileLength;

    /// <summary>Where an element is, on or below the diagonal.</summary>
    public static int At(int row, int column)
    {
        int panel = row / Side;
        return (panel * (panel + 1) / 2 + column / Side) * TileLength + row % Side * Side + column % Side;
    }

    /// <summary>x' y of vectors as long as a padded order: element i goes to lane i mod 16.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref double one = ref MemoryMarshal.GetReference(x), other = ref MemoryMarshal.GetReference(y[..x.Length]); // offsets below stay within both
        Vector256<double> first = Vector256<double>.Zero, second = first, third = first, fourth = first;
        nuint i = 0, length = (nuint)x.Length & ~(nuint)(Side - 1);
        for (; i + TileLength <= length; i += TileLength)
        {
            first += Vector256.LoadUnsafe(ref one, i) * Vector256.LoadUnsafe(ref other, i);
            second += Vector256.LoadUnsafe(ref one, i + Side) * Vector256.LoadUnsafe(ref other, i + Side);
            third += Vector256.LoadUnsafe(ref one, i + 2 * Side) * Vector256.LoadUnsafe(ref other, i + 2 * Side);
            fourth += Vector256.LoadUnsafe(ref one, i + 3 * Side) * Vector256.LoadUnsafe(ref other, i + 3 * Side);
        }

        for (; i < length; i += Side) first += Vector256.LoadUnsafe(ref one, i) * Vector256.LoadUnsafe(ref other, i);
        return Across((first + second) + (third + fourth));
    }

    /// <summary>x' y for the four vectors y that follow one another in <paramref name="rows"/>.</summary>
    public static Vector256<double> Dots(ReadOnlySpan<double> x, ReadOnlySpan<double> rows)
    {
        ref double point = ref MemoryMarshal.GetReference(x), row = ref MemoryMarshal.GetReference(rows[..(Side * x.Length)]); // offsets below stay within both
        Vector256<double> first = Vector256<double>.Zero, second = first, third = first, fourth = first;
        nuint length = (nuint)x.Length;
        for (nuint i = 0; i < length; i += Side)
        {
            var part = Vector256.LoadUnsafe(ref point, i);
            first += Vector256.LoadUnsafe(ref row, i) * part;
            second += Vector256.LoadUnsafe(ref row, i + length) * part;
            third += Vector256.LoadUnsafe(ref row, i + 2 * length) * part;
            fourth += Vector256.LoadUnsafe(ref row, i + 3 * length) * part;
        }

        return Vector256.Create(Across(first), Across(second), Across(third), Across(fourth));
    }

    /// <summary>x' T x.</summary>
    public static double QuadraticForm(ReadOnlySpan<double> tiles, ReadOnlySpan<double> x)
    {
        ref double tile = ref MemoryMarshal.GetReference(tiles[..LengthOf(x.Length)]); // offsets below stay within this and x
        ref double point = ref MemoryMarshal.GetReference(x);
        Vector256<double> total = Vector256<double>.Zero;
        nuint offset = 0;
        for (nuint row = 0; row < (nuint)x.Length; row += Side)
        {
            Vector256<double> first = Vector256<double>.Zero, second = first, third = first, fourth = first;
            nuint column = 0;
            for (; column + 2 * Side <= row; column += 2 * Side, offset += 2 * TileLength) // two tiles to a sum, so that additions wait for one another half as often
            {
                Vector256<double> part = Vector256.LoadUnsafe(ref point, column), next = Vector256.LoadUnsafe(ref point, column + Side);
                first += Vector256.LoadUnsafe(ref tile, offset) * part + Vector256.LoadUnsafe(ref tile, offset + 4 * Side) * next;
                second += Vector256.LoadUnsafe(ref tile, offset + Side) * part + Vector256.LoadUnsafe(ref tile, offset + 5 * Side) * next;
                third += Vector256.LoadUnsafe(ref tile, offset + 2 * Side) * part + Vector256.LoadUnsafe(ref tile, offset + 6 * Side) * next;
                fourth += Vector256.LoadUnsafe(ref tile, offset + 3 * Side) * part + Vector256.LoadUnsafe(ref tile, offset + 7 * Side) * next;
            }

            if (column < row)
            {
                var part = Vector256.LoadUnsafe(ref point, column);
                first += Vector256.LoadUnsafe(ref tile, offset) * part;
                second += Vector256.LoadUnsafe(ref tile, offset + Side) * part;
                third += Vector256.LoadUnsafe(ref tile, offset + 2 * Side) * part;
                fourth += Vector256.LoadUnsafe(ref tile, offset + 3 * Side) * part;
                offset += TileLength;
            }

            Vector256<double> half = Vector256.LoadUnsafe(ref point, row) * Vector256.Create(0.5); // of the tile on the diagonal, as all is doubled below
            first += Vector256.LoadUnsafe(ref tile, offset) * half;
            second += Vector256.LoadUnsafe(ref tile, offset + Side) * half;
            third += Vector256.LoadUnsafe(ref tile, offset + 2 * Side) * half;
            fourth += Vector256.LoadUnsafe(ref tile, offset + 3 * Side) * half;
            offset += TileLength;
            total += (first * Element(ref point, row) + second * Element(ref point, row + 1)) + (third * Element(ref point, row + 2) + fourth * Element(ref point, row + 3));
        }

        return 2 * Across(total);
    }

    /// <summary>y = T x.</summary>
    public static void Multiply(ReadOnlySpan<double> tiles, ReadOnlySpan<double> x, Span<double> y)
    {
        y = y[..x.Length];
        y.Clear();
        ref double tile = ref MemoryMarshal.GetReference(tiles[..LengthOf(x.Length)]); // offsets below stay within this, x and y
        ref double point = ref MemoryMarshal.GetReference(x), product = ref MemoryMarshal.GetReference(y);
        nuint offset = 0;
        for (nuint row = 0; row < (nuint)x.Length; row += Side)
        {
            Vector256<double> x0 = Element(ref point, row), x1 = Element(ref point, row + 1), x2 = Element(ref point, row + 2), x3 = Element(ref point, row + 3);
            Vector256<double> first = Vector256<double>.Zero, second = first, third = first, fourth = first;
            for (nuint column = 0; column < row; column += Side, offset += TileLength)
            {
                Vector256<double> t0 = Vector256.LoadUnsafe(ref tile, offset), t1 = Vector256.LoadUnsafe(ref tile, offset + Side);
                Vector256<double> t2 = Vector256.LoadUnsafe(ref tile, offset + 2 * Side), t3 = Vector256.LoadUnsafe(ref tile, offset + 3 * Side);
                var part = Vector256.LoadUnsafe(ref point, column);
                first += t0 * part;
                second += t1 * part;
                third += t2 * part;
                fourth += t3 * part;
                (Vector256.LoadUnsafe(ref product, column) + ((t0 * x0 + t1 * x1) + (t2 * x2 + t3 * x3))).StoreUnsafe(ref product, column);
            }

            var last = Vector256.LoadUnsafe(ref point, row);
            first += Vector256.LoadUnsafe(ref tile, offset) * last;
            second += Vector256.LoadUnsafe(ref tile, offset + Side) * last;
            third += Vector256.LoadUnsafe(ref tile, offset + 2 * Side) * last;
            fourth += Vector256.LoadUnsafe(ref tile, offset + 3 * Side) * last;
            offset += TileLength;
            Vector256.Create(Across(first), Across(second), Across(third), Across(fourth)).StoreUnsafe(ref product, row);
        }
    }

    /// <summary>T -= u u', then y = T x, in one pass.</summary>
    public static void SubtractOuterAndMultiply(Span<double> tiles, ReadOnlySpan<double> u, ReadOnlySpan<double> x, Span<double> y)
    {
        y = y[..x.Length];
        y.Clear();
        ref double tile = ref MemoryMarshal.GetReference(tiles[..LengthOf(x.Length)]); // offsets below stay within this, u, x and y
        ref double change = ref MemoryMarshal.GetReference(u[..x.Length]), point = ref MemoryMarshal.GetReference(x), product = ref MemoryMarshal.GetReference(y);
        nuint offset = 0;
        for (nuint row = 0; row < (nuint)x.Length; row += Side)
        {
            Vector256<double> u0 = Element(ref change, row), u1 = Element(ref change, row + 1), u2 = Element(ref change, row + 2), u3 = Element(ref change, row + 3);
            Vector256<double> x0 = Element(ref point, row), x1 = Element(ref point, row + 1), x2 = Element(ref point, row + 2), x3 = Element(ref point, row + 3);
            Vector256<double> first = Vector256<double>.Zero, second = first, third = first, fourth = first;
            for (nuint column = 0; column <= row; column += Side, offset += TileLength)
            {
                var step = Vector256.LoadUnsafe(ref change, column);
                Vector256<double> t0 = Vector256.LoadUnsafe(ref tile, offset) - u0 * step, t1 = Vector256.LoadUnsafe(ref tile, offset + Side) - u1 * step;
                Vector256<double> t2 = Vector256.LoadUnsafe(ref tile, offset + 2 * Side) - u2 * step, t3 = Vector256.LoadUnsafe(ref tile, offset + 3 * Side) - u3 * step;
                t0.StoreUnsafe(ref tile, offset);
                t1.StoreUnsafe(ref tile, offset + Side);
                t2.StoreUnsafe(ref tile, offset + 2 * Side);
                t3.StoreUnsafe(ref tile, offset + 3 * Side);
                var part = Vector256.LoadUnsafe(ref point, column);
                first += t0 * part;
                second += t1 * part;
                third += t2 * part;
                fourth += t3 * part;
                if (column < row) (Vector256.LoadUnsafe(ref product, column) + ((t0 * x0 + t1 * x1) + (t2 * x2 + t3 * x3))).StoreUnsafe(ref product, column);
            }

            Vector256.Create(Across(first), Across(second), Across(third), Across(fourth)).StoreUnsafe(ref product, row);
        }
    }

    /// <summary>T -= u u'.</summary>
    public static void SubtractOuter(Span<double> tiles, ReadOnlySpan<double> u)
    {
        ref double tile = ref MemoryMarshal.GetReference(tiles[..LengthOf(u.Length)]); // offsets below stay within this and u
        ref double point = ref MemoryMarshal.GetReference(u);
        nuint offset = 0;
        for (nuint row = 0; row < (nuint)u.Length; row += Side)
        {
            Vector256<double> u0 = Element(ref point, row), u1 = Element(ref point, row + 1), u2 = Element(ref point, row + 2), u3 = Element(ref point, row + 3);
            for (nuint column = 0; column <= row; column += Side, offset += TileLength)
            {
                var part = Vector256.LoadUnsafe(ref point, column);
                (Vector256.LoadUnsafe(ref tile, offset) - u0 * part).StoreUnsafe(ref tile, offset);
                (Vector256.LoadUnsafe(ref tile, offset + Side) - u1 * part).StoreUnsafe(ref tile, offset + Side);
                (Vector256.LoadUnsafe(ref tile, offset + 2 * Side) - u2 * part).StoreUnsafe(ref tile, offset + 2 * Side);
                (Vector256.LoadUnsafe(ref tile, offset + 3 * Side) - u3 * part).StoreUnsafe(ref tile, offset + 3 * Side);
            }
        }
    }

    /// <summary>T += sum of u u' over the rows of <paramref name="vectors"/>, of which only the first <paramref name="width"/> numbers are not 0; T is passed through once.</summary>
    public static void AddOuter(Span<double> tiles, ReadOnlySpan<double> vectors, int stride, int width)
    {
        ref double tile = ref MemoryMarshal.GetReference(tiles[..LengthOf(width)]); // offsets below stay within this and the rows
        ref double rows = ref MemoryMarshal.GetReference(vectors);
        nuint count = (nuint)(vectors.Length / stride), offset = 0;
        for (nuint row = 0; row < (nuint)width; row += Side)
        {
            nuint column = 0;
            for (; column + 2 * Side <= row + Side; column += 2 * Side, offset += 2 * TileLength) // two tiles share what is read of the rows
            {
                Vector256<double> t0 = Vector256.LoadUnsafe(ref tile, offset), t1 = Vector256.LoadUnsafe(ref tile, offset + Side);
                Vector256<double> t2 = Vector256.LoadUnsafe(ref tile, offset + 2 * Side), t3 = Vector256.LoadUnsafe(ref tile, offset + 3 * Side);
                Vector256<double> t4 = Vector256.LoadUnsafe(ref tile, offset + 4 * Side), t5 = Vector256.LoadUnsafe(ref tile, offset + 5 * Side);
                Vector256<double> t6 = Vector256.LoadUnsafe(ref tile, offset + 6 * Side), t7 = Vector256.LoadUnsafe(ref tile, offset + 7 * Side);
                for (nuint k = 0, start = 0; k < count; k++, start += (nuint)stride)
                {
                    Vector256<double> part = Vector256.LoadUnsafe(ref rows, start + column), next = Vector256.LoadUnsafe(ref rows, start + column + Side);
                    Vector256<double> r0 = Element(ref rows, start + row), r1 = Element(ref rows, start + row + 1);
                    t0 += r0 * part;
                    t4 += r0 * next;
                    t1 += r1 * part;
                    t5 += r1 * next;
                    Vector256<double> r2 = Element(ref rows, start + row + 2), r3 = Element(ref rows, start + row + 3);
                    t2 += r2 * part;
                    t6 += r2 * next;
                    t3 += r3 * part;
                    t7 += r3 * next;
                }

                t0.StoreUnsafe(ref tile, offset);
                t1.StoreUnsafe(ref tile, offset + Side);
                t2.StoreUnsafe(ref tile, offset + 2 * Side);
                t3.StoreUnsafe(ref tile, offset + 3 * Side);
                t4.StoreUnsafe(ref tile, offset + 4 * Side);
                t5.StoreUnsafe(ref tile, offset + 5 * Side);
                t6.StoreUnsafe(ref tile, offset + 6 * Side);
                t7.StoreUnsafe(ref tile, offset + 7 * Side);
            }

            if (column > row) continue;
            AddOuter(ref Unsafe.Add(ref tile, offset), ref rows, count, (nuint)stride, row, column);
            offset += TileLength;
        }
    }

    /// <summary>One tile of it.</summary>
    private static void AddOuter(ref double tile, ref double rows, nuint count, nuint stride, nuint row, nuint column)
    {
        Vector256<double> t0 = Vector256.LoadUnsafe(ref tile), t1 = Vector256.LoadUnsafe(ref tile, Side), t2 = Vector256.LoadUnsafe(ref tile, 2 * Side), t3 = Vector256.LoadUnsafe(ref tile, 3 * Side);
        for (nuint k = 0, start = 0; k < count; k++, start += stride)
        {
            var part = Vector256.LoadUnsafe(ref rows, start + column);
            t0 += Element(ref rows, start + row) * part;
            t1 += Element(ref rows, start + row + 1) * part;
            t2 += Element(ref rows, start + row + 2) * part;
            t3 += Element(ref rows, start + row + 3) * part;
        }

        t0.StoreUnsafe(ref tile);
        t1.StoreUnsafe(ref tile, Side);
        t2.StoreUnsafe(ref tile, 2 * Side);
        t3.StoreUnsafe(ref tile, 3 * Side);
    }

    /// <summary>Adds a number to the first <paramref name="order"/> elements of the diagonal.</summary>
    public static void AddToDiagonal(Span<double> tiles, int order, double value)
    {
        for (int i = 0; i < order; i++) tiles[At(i, i)] += value;
    }

    /// <summary>Sum of the first numbers on the diagonal.</summary>
    public static double Trace(ReadOnlySpan<double> tiles, int order)
    {
        double sum = 0;
        for (int i = 0; i < order; i++) sum += tiles[At(i, i)];
        return sum;
    }

    /// <summary>y += scale x, for vectors and whole matrices.</summary>
    public static void AddScaled(Span<double> y, ReadOnlySpan<double> x, double scale)
    {
        x = x[..y.Length];
        Span<Vector256<double>> wholeY = MemoryMarshal.Cast<double, Vector256<double>>(y);
        ReadOnlySpan<Vector256<double>> wholeX = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var factor = Vector256.Create(scale);
        for (int i = 0; i < wholeY.Length && i < wholeX.Length; i++) wholeY[i] += wholeX[i] * factor;
        for (int i = y.Length & ~(Side - 1); i < y.Length; i++) y[i] += x[i] * scale;
    }

    /// <summary>y = scale x, where x and y may be the same.</summary>
    public static void Scale(Span<double> y, ReadOnlySpan<double> x, double scale)
    {
        x = x[..y.Length];
        Span<Vector256<double>> wholeY = MemoryMarshal.Cast<double, Vector256<double>>(y);
        ReadOnlySpan<Vector256<double>> wholeX = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var factor = Vector256.Create(scale);
        for (int i = 0; i < wholeY.Length && i < wholeX.Length; i++) wholeY[i] = wholeX[i] * factor;
        for (int i = y.Length & ~(Side - 1); i < y.Length; i++) y[i] = x[i] * scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Element(ref double vector, nuint at) => Vector256.Create(Unsafe.Add(ref vector, at));

    private static double Across(Vector256<double> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
}
