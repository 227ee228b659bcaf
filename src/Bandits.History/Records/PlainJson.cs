using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Bandits.History;

/// <summary>
/// Steps over the JSON that lines are made of: white space and numbers. Whatever is not plain is left to
/// <see cref="System.Text.Json.Utf8JsonReader"/>, which alone says what is wrong with a line; a differential test holds the two together.
/// </summary>
internal static class PlainJson
{
    /// <summary>What stands between a key and its value, and between members, in the spacing that most writers choose.</summary>
    public const ushort ColonSpace = ':' | ' ' << 8, CommaSpace = ',' | ' ' << 8;

    /// <summary>Two bytes of the line as one number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Pair(ReadOnlySpan<byte> line, int at) => BinaryPrimitives.ReadUInt16LittleEndian(line[at..]);

    /// <summary>The index of the next byte that is not JSON white space; the length at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> line, int at)
    {
        // At most one space stands between tokens of nearly all lines.
        if ((uint)at < (uint)line.Length && line[at] == (byte)' ') at++;
        return (uint)at < (uint)line.Length && line[at] <= (byte)' ' ? SkipMore(line, at) : at;
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

    private static int SkipDigits(ReadOnlySpan<byte> line, int at)
    {
        while ((uint)at < (uint)line.Length && (uint)(line[at] - '0') <= 9) at++;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Is(ReadOnlySpan<byte> line, int at, byte expected) => (uint)at < (uint)line.Length && line[at] == expected;
}
