using System.Text.RegularExpressions;
using Bandits.Storage;
using Bandits.Storage.Journal;

namespace Bandits.Tests.Storage;

/// <summary>The normative pages say what the code does.</summary>
public sealed partial class FormatPagesTests
{
    [Fact]
    public void The_journal_page_lists_every_field_of_every_entry_in_its_order()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "journal-format.md"));
        foreach (EntryKind kind in Enum.GetValues<EntryKind>())
        {
            string section = page[page.IndexOf($"**{(int)kind} {EntryFields.NameOf(kind)}**", StringComparison.Ordinal)..];
            section = section[..section.IndexOf("\n\n", section.IndexOf("|---", StringComparison.Ordinal), StringComparison.Ordinal)];
            Assert.Equal(EntryFields.Of(kind).Skip(1).Select(field => field.Name), FieldRow().Matches(section).Select(row => row.Groups[1].Value));
        }

        foreach ((string what, EntryField[] fields) in (ReadOnlySpan<(string, EntryField[])>)[("planned arm", EntryFields.Planned), ("contribution", EntryFields.Contribution), ("joined cell", EntryFields.JoinedCell)])
        {
            string section = page[page.IndexOf($"A **{what}** is", StringComparison.Ordinal)..];
            section = section[..section.IndexOf("\n\n", StringComparison.Ordinal)];
            Assert.All(fields, field => Assert.Contains($"`{field.Name}`", section, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_pages_name_the_versions_in_force()
    {
        Assert.Contains($"# The journal format, version {JournalSegment.FormatVersion}", File.ReadAllText(Path.Combine(Repository.Root, "docs", "journal-format.md")), StringComparison.Ordinal);
        Assert.Contains($"# The snapshot format, version {RouterSnapshot.FormatVersion}", File.ReadAllText(Path.Combine(Repository.Root, "docs", "snapshot-format.md")), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| \d+ \| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex FieldRow();
}
