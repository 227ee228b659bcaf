namespace Bandits.Contextual;

/// <summary>What a character is to <see cref="TextFeatures"/>: a fixed table, so that no culture, version of Unicode or operating system changes a feature.</summary>
/// <remarks>
/// Lower case by arithmetic in the alphabets of ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic; other scripts stay as they are. Digits become 0: how long a number is matters, not which it is.
/// Text is not normalised: a letter and its combining accent are two characters. Surrogates are characters of words like any other, paired or not.
/// </remarks>
internal static class TextFold
{
    /// <summary>The character that text is compared by; every white space is a blank.</summary>
    public static char Fold(char c) => c switch
    {
        >= 'a' and <= 'z' => c,
        >= 'A' and <= 'Z' => (char)(c | 0x20),
        >= '0' and <= '9' => '0',
        < (char)0x80 => c <= ' ' ? ' ' : c,
        _ => FoldBeyondAscii(c),
    };

    /// <summary>Whether a folded character is part of a word; beyond ASCII all is but the blocks of punctuation.</summary>
    public static bool IsWord(char folded) => folded switch
    {
        >= 'a' and <= 'z' or '0' or '_' => true,
        < (char)0xC0 or (char)0xD7 or (char)0xF7 => false,
        >= (char)0x2000 and <= (char)0x206F or >= (char)0x3000 and <= (char)0x303F => false,
        _ => true,
    };

    private static char FoldBeyondAscii(char c) => (int)c switch
    {
        0x85 or 0xA0 or 0x1680 or (>= 0x2000 and <= 0x200B) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000 or 0xFEFF => ' ',
        0xD7 => c,
        >= 0xC0 and <= 0xDE => (char)(c + 0x20), // Latin-1
        0x130 or 0x131 or 0x138 or 0x149 or 0x17F => c, // no pair beside them
        0x178 => (char)0xFF,
        >= 0x100 and <= 0x137 or >= 0x14A and <= 0x177 => (char)(c | 1), // Latin Extended-A: capitals are even
        >= 0x139 and <= 0x148 or >= 0x179 and <= 0x17E => (char)(c + (c & 1)), // and here odd
        0x3A2 => c,
        >= 0x391 and <= 0x3AB => (char)(c + 0x20), // Greek
        >= 0x410 and <= 0x42F => (char)(c + 0x20), // Cyrillic
        >= 0x400 and <= 0x40F => (char)(c + 0x50),
        _ => c,
    };
}
