using System.Globalization;
using System.Text;

namespace Bandits.Rae.Formats;

/// <summary>A cell of evidence as text: its 27 words in decimal with a space between them. JSON numbers are read as doubles by many and end at 2^53.</summary>
internal static class EvidenceWords
{
    /// <summary>Longest text: 27 words of 20 characters and what stands between them.</summary>
    private const int Longest = Evidence.WordCount * 21;

    public static string Write(in Evidence evidence)
    {
        Span<long> words = stackalloc long[Evidence.WordCount];
        evidence.CopyTo(words);
        var text = new StringBuilder();
        foreach (long word in words)
        {
            if (text.Length > 0) text.Append(' ');
            text.Append(CultureInfo.InvariantCulture, $"{word}");
        }

        return text.ToString();
    }

    /// <summary>Reads 27 words that make possible evidence; false for anything else.</summary>
    public static bool TryRead(string text, out Evidence evidence)
    {
        evidence = default;
        if (text.Length > Longest) return false;
        Span<long> words = stackalloc long[Evidence.WordCount];
        int count = 0;
        foreach (Range range in text.AsSpan().Split(' '))
        {
            if (count == words.Length || !long.TryParse(text.AsSpan(range), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out words[count++])) return false;
        }

        if (count != words.Length) return false;
        evidence = Evidence.FromWords(words);
        return evidence.IsPlausible;
    }
}
