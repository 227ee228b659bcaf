using System.Text.RegularExpressions;

namespace Bandits.Tests.Rae;

/// <summary>The memory server's scrubber of personal data as far as it is known, and wider where it is not: a label in place of what it takes for somebody's, filled up with asterisks to the same length.</summary>
internal static partial class Scrubber
{
    private static readonly (Regex Pattern, string Label)[] Rules =
    [
        (Email(), "[EMAIL]"), (Address(), "[IP]"), (Card(), "[CREDIT_CARD]"), (Phone(), "[PHONE]"), (SocialSecurity(), "[SSN]"), (Name(), "[NAME]"),
    ];

    public static string Scrub(string text)
    {
        foreach ((Regex pattern, string label) in Rules) text = pattern.Replace(text, match => label.PadRight(match.Length, '*'));
        return text;
    }

    [GeneratedRegex(@"[\w.+-]+@[\w-]+\.[\w.-]+")]
    private static partial Regex Email();

    [GeneratedRegex(@"\b\d{1,3}(\.\d{1,3}){3}\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"\b(?:\d[ .-]?){13,16}\b")]
    private static partial Regex Card();

    [GeneratedRegex(@"\b(?:\+?\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b")]
    private static partial Regex Phone();

    [GeneratedRegex(@"\b\d{3}[ -]?\d{2}[ -]?\d{4}\b")]
    private static partial Regex SocialSecurity();

    [GeneratedRegex(@"\b[A-Z][a-z]+ [A-Z][a-z]+\b")]
    private static partial Regex Name();
}
