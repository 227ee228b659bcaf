using System.Text.Json;

namespace Bandits.Tests.Docs;

/// <summary>Code that a page shows compiles, so that no page shows what no longer exists.</summary>
public sealed class BlockTests
{
    private static readonly string[] WithCSharp = [.. Pages.Blocks.Where(block => block.IsCSharp).Select(block => block.Page).Distinct()];

    public static TheoryData<string> PagesWithCSharp => [.. WithCSharp];

    [Fact]
    public void The_pages_known_to_show_code_are_found()
    {
        foreach (string page in (string[])["README.md", "docs/adding-a-policy.md"]) Assert.Contains(page, WithCSharp);
        foreach (string library in (string[])["Bandits", "Bandits.History", "Bandits.Storage"]) Assert.Contains($"src/{library}/README.md", WithCSharp);
        Assert.Contains(Pages.All, page => page.Path == "docs/decisions/0014-the-journal.md");
    }

    [Theory]
    [MemberData(nameof(PagesWithCSharp))]
    public void Every_block_of_CSharp_compiles(string page) =>
        Assert.Empty(PageProgram.Of(Pages.Blocks.Where(block => block.Page == page)).SelectMany(PageProgram.Faults));

    [Fact]
    public void Every_block_of_json_parses()
    {
        foreach (Block block in Pages.Blocks.Where(block => block.Language == "json")) AssertJson(block);
        Assert.ThrowsAny<Exception>(() => AssertJson(new Block("page", 1, "json", "{ \"a\": 1, }")));
    }

    /// <summary>What is C# says so, else it would not be compiled.</summary>
    [Fact]
    public void No_block_of_code_goes_without_its_language()
    {
        Assert.DoesNotContain(Pages.Blocks, LooksLikeCode);
        Assert.True(LooksLikeCode(new Block("page", 1, "", "var router = new BanditRouter(options);")));
    }

    [Fact]
    public void A_fault_is_told_with_page_and_line()
    {
        List<Block> page = Block.Of("docs/page.md", "# Page\n\n```csharp\nint one = 1;\n```\n\nand\n\n```csharp\nConsole.WriteLine(one);\nConsole.WriteLine(two);\n```\n");
        string fault = Assert.Single(PageProgram.Of(page).SelectMany(PageProgram.Faults));
        Assert.StartsWith("docs/page.md:11: CS0103 ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_sees_those_before_it_unless_it_stands_alone()
    {
        const string Page = "```csharp\nvar pair = new Pair(1, 2);\npublic sealed record Pair(int A, int B);\n```\n"
            + "```cs\nusing System.Globalization;\nstring text = pair.A.ToString(CultureInfo.InvariantCulture) + new Later().Value;\n```\n"
            + "```csharp\npublic sealed class Later { public int Value => 3; }\n```\n"
            + "   ```csharp alone\n   var pair = 1;\n   ```\n"
            + "```\nvar pair = not C#\n```\n";
        List<IReadOnlyList<Block>> programs = [.. PageProgram.Of(Block.Of("page", Page))];
        Assert.Equal([3, 1], programs.Select(program => program.Count));
        Assert.Empty(programs.SelectMany(PageProgram.Faults));
        Assert.NotEmpty(PageProgram.Faults([programs[0][1]]));
    }

    private static void AssertJson(Block block)
    {
        try
        {
            JsonDocument.Parse(block.Text).Dispose();
        }
        catch (JsonException e)
        {
            Assert.Fail($"{block}: {e.Message}");
        }
    }

    private static bool LooksLikeCode(Block block) => block.Language.Length == 0 && PageProgram.CanRead(block.Text);
}
