using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>What a text looks like without being read: its length, its lines, how much of it is digits or code. Cheap, and what an answer costs depends on it.</summary>
/// <remarks>
/// In this order: ln(1 + characters), ln(1 + lines), ln(1 + numbers), ln(1 + question marks), ln(1 + answer options), then shares of the characters read: digits, ASCII capitals, characters usual in
/// code, white space, characters beyond ASCII. An answer option is a letter from A to J before ')' or '.', at the start or after white space or '('.
/// </remarks>
internal static class TextSurface
{
    public const int Count = 10;

    private const int Logs = 5;

    /// <summary>Writes what all the text says, from the parts of it that are read.</summary>
    /// <param name="length">Characters of the whole text.</param>
    /// <param name="head">Its beginning.</param>
    /// <param name="tail">Its end, where that is not part of the beginning.</param>
    /// <param name="features"><see cref="Count"/> numbers.</param>
    public static void Write(int length, ReadOnlySpan<char> head, ReadOnlySpan<char> tail, Span<double> features)
    {
        features = features[..Count];
        features.Clear();
        Read(head, features);
        Read(tail, features);
        features[0] = length;
        double read = Math.Max(1, head.Length + tail.Length);
        for (int i = 0; i < Logs; i++) features[i]++;
        VectorMath.Log(features[..Logs], features[..Logs]);
        for (int i = Logs; i < Count; i++) features[i] /= read;
    }

    private static void Read(ReadOnlySpan<char> text, Span<double> counts)
    {
        char before = ' ', twoBefore = ' ';
        foreach (char c in text)
        {
            bool isDigit = char.IsAsciiDigit(c);
            if (c == '\n') counts[1]++;
            if (isDigit && !char.IsAsciiDigit(before)) counts[2]++;
            if (c == '?') counts[3]++;
            if (c is ')' or '.' && before is >= 'A' and <= 'J' && (twoBefore == '(' || TextFold.Fold(twoBefore) == ' ')) counts[4]++;
            if (isDigit) counts[5]++;
            else if (char.IsAsciiLetterUpper(c)) counts[6]++;
            else if (c is '{' or '}' or '[' or ']' or '(' or ')' or '<' or '>' or '=' or ';' or '_' or '/' or '\\' or '|' or '&' or '*' or '+' or '^' or '#' or '$' or '@' or '`' or '~' or '%') counts[7]++;
            else if (TextFold.Fold(c) == ' ') counts[8]++;
            else if (c >= 0x80) counts[9]++;
            (twoBefore, before) = (before, c);
        }
    }
}
