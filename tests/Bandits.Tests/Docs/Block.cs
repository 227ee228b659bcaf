using System.Text.RegularExpressions;

namespace Bandits.Tests.Docs;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">Path from the repository's root.</param>
/// <param name="Line">Number of the block's first line, below the fence.</param>
/// <param name="Label">What stands behind the opening fence: the language, and what else is said about the block.</param>
/// <param name="Text">The lines between the fences, without the fence's indentation.</param>
internal sealed partial record Block(string Page, int Line, string Label, string Text)
{
    public string Language => Label.Split(' ')[0];

    public bool IsCSharp => Language is "csharp" or "cs" or "c#";

    public bool Says(string word) => Label.Split(' ').Skip(1).Contains(word);

    public override string ToString() => $"{Page}:{Line}";

    /// <summary>The blocks of a page in their order.</summary>
    /// <exception cref="FormatException">A block has no end.</exception>
    public static List<Block> Of(string page, string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        var blocks = new List<Block>();
        for (int i = 0; i < lines.Length; i++)
        {
            if (Opening().Match(lines[i]) is not { Success: true } fence) continue;
            int end = Array.FindIndex(lines, i + 1, line => line.Trim() is { } closing && closing.StartsWith(fence.Groups["fence"].Value, StringComparison.Ordinal) && closing.Trim('`', '~').Length == 0);
            if (end < 0) throw new FormatException($"{page}:{i + 1}: the block has no end.");
            int indent = fence.Groups["indent"].Length;
            IEnumerable<string> inside = lines[(i + 1)..end].Select(line => line[Math.Min(indent, line.Length - line.TrimStart(' ').Length)..]);
            blocks.Add(new Block(page, i + 2, fence.Groups["label"].Value.Trim(), string.Join('\n', inside)));
            i = end;
        }

        return blocks;
    }

    [GeneratedRegex(@"^(?<indent> *)(?<fence>`{3,}|~{3,})(?<label>[^`]*)$")]
    private static partial Regex Opening();
}
