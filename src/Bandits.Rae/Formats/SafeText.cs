using System.Globalization;
using System.Text;

namespace Bandits.Rae.Formats;

/// <summary>Words of a memory's content that the server's scrubber takes for nobody's name and no number of a person.</summary>
/// <remarks>
/// The scrubber replaces what looks like two capitalised words, a telephone, social security or card number, an address. So there are no capitals; names are letters, digits and <c>_</c>, none of which
/// separates digits for it; no more than eight digits follow each other; and what must be exact and may be long (ids, versions) is written with the letters a to p for the sixteen hexadecimal digits.
/// </remarks>
internal static class SafeText
{
    /// <summary>Digits that may follow each other; nine make a social security number.</summary>
    private const int MostDigits = 8;

    private const int MostDecimals = 6;

    /// <summary>Longest name, characters; what is longer is cut, as names are exact in the metadata.</summary>
    private const int LongestName = 48;

    /// <summary>A name as one lower-case word.</summary>
    public static StringBuilder Name(this StringBuilder text, string name)
    {
        int digits = 0, written = 0;
        foreach (char c in name)
        {
            if (written++ == LongestName) break;
            char lower = char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
            bool isDigit = char.IsAsciiDigit(c);
            digits = isDigit ? digits + 1 : 0;
            if (isDigit && (written == 1 || digits > MostDigits)) text.Append('n'); // no word begins as a number, and no run of digits is long
            if (digits > MostDigits) digits = 1;
            text.Append(isDigit || char.IsAsciiLetterLower(lower) ? lower : '_');
        }

        return written == 0 ? text.Append("none") : text;
    }

    /// <summary>A number exactly, in letters: a for 0 to p for 15, sixteen of them or fewer.</summary>
    public static StringBuilder Letters(this StringBuilder text, ulong number)
    {
        string digits = number.ToString("x", CultureInfo.InvariantCulture);
        foreach (char digit in digits) text.Append((char)('a' + (digit <= '9' ? digit - '0' : digit - 'a' + 10)));
        return text;
    }

    /// <summary>A number of at least 0 with at most eight digits in all, six of them after the point.</summary>
    public static StringBuilder Number(this StringBuilder text, double number)
    {
        if (!double.IsFinite(number) || number < 0) return text.Append("unknown");
        if (number > 99_999_999) return text.Append(number.ToString("0.###e0", CultureInfo.InvariantCulture));
        int whole = number < 10 ? 1 : (int)Math.Log10(number) + 1;
        int decimals = Math.Clamp(MostDigits - 1 - whole, 0, MostDecimals); // one digit to spare, where rounding adds one
        return text.Append(number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }

    /// <summary>A count; exact below 10^8.</summary>
    public static StringBuilder Count(this StringBuilder text, long count) => count is >= 0 and < 100_000_000 ? text.Append(count) : text.Number(count);
}
