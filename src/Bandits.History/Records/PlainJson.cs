using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bandits.History;

/// <summary>
/// Steps over the JSON that lines are made of: white space, strings without escapes, numbers. Whatever is not plain is left to
/// <see cref="System.Text.Json.Utf8JsonReader"/>, which alone says what is wrong with a line; a differential test holds the two together.
/// </summary>
internal static class PlainJson
{
    /// <summary>The index of the next byte that is not JSON white space; the length at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> line, int at)
    {
        // At most one space stands between tokens of nearly all lines.
        if ((uint)at < (uint)line.Length && line[at] == (byte)' ') at++;
        return (uint)at < (uint)line.Length && line[at] <= (byte)' ' ? SkipMore(line, at) : at;
    }

    /// <summary>The index of the quotation mark that ends a string whose text starts at <paramref name="at"/>; -1 when the string is not plain or does not end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfPlainString(ReadOnlySpan<byte> line, int at)
    {
        ref byte start = ref MemoryMarshal.GetReference(line);
        for (; at + Vector256<byte>.Count <= line.Length; at += Vector256<byte>.Count)
        {
            Vector256<byte> bytes = Vector256.LoadUnsafe(ref start, (nuint)at);
            Vector256<byte> stops = Vector256.Equals(bytes, Vector256.Create((byte)'"'))
                | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                | Vector256.LessThan(bytes, Vector256.Create((byte)' '));
            uint found = stops.ExtractMostSignificantBits();
            if (found == 0) continue;
            at += System.Numerics.BitOperations.TrailingZeroCount(found);
            return line[at] == (byte)'"' ? at : -1;
        }

        return EndNearEndOfLine(line, at);
    }

    /// <summary>The index after the number that starts at <paramref name="at"/>; -1 when there is no well-formed one.</summary>
    public static int EndOfNumber(ReadOnlySpan<byte> line, int at)
    {
        if (Is(line, at, (byte)'-')) at++;
        int first = at;
        at = SkipDigits(line, at);
        if (at == first || (line[first] == (byte)'0' && at > first + 1)) return -1;
        if (Is(line, at, (byte)'.'))
        {
            first = ++at;
            at = SkipDigits(line, at);
            if (at == first) return -1;
        }

        if ((uint)at < (uint)line.Length && (line[at] | 0x20) == (byte)'e')
        {
            at++;
            if (Is(line, at, (byte)'-') || Is(line, at, (byte)'+')) at++;
            first = at;
            at = SkipDigits(line, at);
            if (at == first) return -1;
        }

        return at;
    }

    private static int SkipMore(ReadOnlySpan<byte> line, int at)
    {
        while ((uint)at < (uint)line.Length && line[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
        return at;
    }

    private static int EndNearEndOfLine(ReadOnlySpan<byte> line, int at)
    {
        for (; at < line.Length; at++)
        {
            if (line[at] == (byte)'"') return at;
            if (line[at] is (byte)'\\' or < (byte)' ') return -1;
        }

        return -1;
    }

    private static int SkipDigits(ReadOnlySpan<byte> line, int at)
    {
        while ((uint)at < (uint)line.Length && (uint)(line[at] - '0') <= 9) at++;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Is(ReadOnlySpan<byte> line, int at, byte expected) => (uint)at < (uint)line.Length && line[at] == expected;
}
