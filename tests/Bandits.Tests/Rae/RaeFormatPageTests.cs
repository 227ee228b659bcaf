using System.Text.Json;
using Bandits.Rae.Formats;

namespace Bandits.Tests.Rae;

/// <summary>The normative page and the code say the same.</summary>
public sealed class RaeFormatPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rae-format.md"));

    [Fact]
    public void The_example_of_the_page_is_read_as_it_stands()
    {
        string json = Page.Split("```json", StringSplitOptions.None)[1].Split("```", StringSplitOptions.None)[0];
        using JsonDocument example = JsonDocument.Parse(json);
        EvidencePart? part = EvidencePartReader.Read(example.RootElement.GetProperty("metadata"), out string? fault);
        Assert.True(part is not null, fault);
        Assert.Equal(EvidencePartWriter.ContentOf(part, part.Checksum()), example.RootElement.GetProperty("content").GetString());
        Assert.Equal(3, Assert.Single(part.Cells).Evidence.Total);
    }

    [Fact]
    public void Every_field_that_is_written_is_named_there()
    {
        string json = Page.Split("```json", StringSplitOptions.None)[1].Split("```", StringSplitOptions.None)[0];
        using JsonDocument example = JsonDocument.Parse(json);
        foreach (JsonProperty field in example.RootElement.GetProperty("metadata").EnumerateObject()) Assert.Contains($"`{field.Name}`", Page, StringComparison.Ordinal);
    }
}
