using System.Globalization;

namespace Bandits.History;

/// <summary>Numbers of an already validated JSON token: the nearest double, an exact count, and a spelling-free canonical text.</summary>
internal static class JsonDecimal
{
    /// <summary>Exponents beyond this are clamped to it in the canonical text; such numbers differ only in the exponent.</summary>
    public const long LargestExponent = 1_000_000_000_000_000;

    // Largest power of ten that a double holds exactly: m * 10^k and m / 10^k are then correctly rounded for m <= 2^53
    // (W. D. Clinger, How to read floating point numbers accurately, PLDI 1990).
    private const int ExactPower = 22;

    private static ReadOnlySpan<double> PowersOfTen =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>The nearest double; infinite when the number exceeds the type.</summary>
    public static double ToDouble(ReadOnlySpan<byte> token)
    {
        if (token.Length <= 19)
        {
            bool negative = token[0] == (byte)'-';
            ulong mantissa = 0;
            int scale = 0, i = negative ? 1 : 0;
            for (; i < token.Length && Digit(token[i]) is var d and <= 9; i++) mantissa = mantissa * 10 + d;
            if (i < token.Length && token[i] == (byte)'.')
            {
                int point = ++i;
                for (; i < token.Length && Digit(token[i]) is var d and <= 9; i++) mantissa = mantissa * 10 + d;
                scale = point - i;
            }

            if (i < token.Length) scale += (int)Math.Clamp(Exponent(token[(i + 1)..]), -10_000, 10_000);
            if (mantissa <= 1UL << 53 && (uint)(scale + ExactPower) <= 2 * ExactPower)
            {
                double value = scale < 0 ? mantissa / PowersOfTen[-scale] : mantissa * PowersOfTen[scale];
                return negative ? -value : value;
            }
        }

        return double.Parse(token, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Reads a count. <c>1</c>, <c>1.0</c> and <c>1e0</c> are the same count; <c>1.5</c> is <see cref="RejectionReason.FractionalCount"/>,
    /// and above <see cref="int.MaxValue"/> it is <see cref="RejectionReason.NumberOutOfRange"/>.
    /// </summary>
    public static bool TryToCount(ReadOnlySpan<byte> token, Span<byte> scratch, out long count, out RejectionReason reason)
    {
        count = 0;
        reason = RejectionReason.None;
        if (token.Length <= 10)
        {
            int i = 0;
            for (; i < token.Length && Digit(token[i]) is var d and <= 9; i++) count = count * 10 + d;
            if (i == token.Length) return Bound(count, ref reason);
        }

        int length = Canonical(token, scratch, out long exponent);
        ReadOnlySpan<byte> digits = scratch[..length];
        if (digits[0] == (byte)'-') reason = RejectionReason.NegativeNumber;
        else if (exponent < 0) reason = RejectionReason.FractionalCount;
        else if (length + exponent > 10) reason = RejectionReason.NumberOutOfRange;
        else
        {
            count = 0;
            foreach (byte digit in digits) count = count * 10 + Digit(digit);
            for (; exponent > 0; exponent--) count *= 10;
            return Bound(count, ref reason);
        }

        return false;

        static bool Bound(long count, ref RejectionReason reason)
        {
            if (count > int.MaxValue) reason = RejectionReason.NumberOutOfRange;
            return count <= int.MaxValue;
        }
    }

    /// <summary>
    /// Writes sign and significant digits, without leading or trailing zeros, such that the number is digits x 10^<paramref name="exponent"/>;
    /// zero is <c>0</c> with exponent 0. <paramref name="scratch"/> must be as long as the token.
    /// </summary>
    public static int Canonical(ReadOnlySpan<byte> token, Span<byte> scratch, out long exponent)
    {
        int i = 0, length = 0;
        if (token[0] == (byte)'-') scratch[length++] = token[i++];
        int first = length;
        long fraction = 0;
        bool afterPoint = false;
        for (; i < token.Length; i++)
        {
            byte c = token[i];
            if (c == (byte)'.')
            {
                afterPoint = true;
                continue;
            }

            if (Digit(c) > 9) break;
            if (afterPoint) fraction++;
            if (length > first || c != (byte)'0') scratch[length++] = c;
        }

        exponent = -fraction + (i < token.Length ? Exponent(token[(i + 1)..]) : 0);
        for (; length > first && scratch[length - 1] == (byte)'0'; length--) exponent++;
        exponent = Math.Clamp(exponent, -LargestExponent, LargestExponent);
        if (length > first) return length;
        exponent = 0;
        scratch[0] = (byte)'0';
        return 1;
    }

    private static uint Digit(byte c) => (uint)(c - '0');

    private static long Exponent(ReadOnlySpan<byte> text)
    {
        bool negative = text[0] == (byte)'-';
        long exponent = 0;
        for (int i = negative || text[0] == (byte)'+' ? 1 : 0; i < text.Length; i++)
            exponent = Math.Min(exponent * 10 + Digit(text[i]), LargestExponent);
        return negative ? -exponent : exponent;
    }
}
