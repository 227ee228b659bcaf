using System.Text.Json;
using System.Text.Json.Nodes;
using Bandits.Rae;
using Bandits.Rae.Formats;
using Bandits.Tests.Support;

namespace Bandits.Tests.Rae;

/// <summary>Evidence goes through a memory unchanged, and nothing that is no evidence passes for some.</summary>
public sealed class EvidencePartLaws
{
    private static readonly RaeOptions Options = new() { Endpoint = "http://localhost:8000" };

    [Law]
    public void A_part_is_read_as_it_was_written(Outcome[] outcomes, string? arm, string? value, ulong chain, long sequence)
    {
        EvidencePart part = PartOf(outcomes, arm, value, chain, sequence);
        using JsonDocument request = JsonDocument.Parse(EvidencePartWriter.ToRequest(part, Options));
        EvidencePart? back = EvidencePartReader.Read(request.RootElement.GetProperty("metadata"), out string? fault);
        Assert.True(back is not null, fault);
        Assert.Equal(part.Checksum(), back.Checksum());
        Assert.Equal(part.Cells.Select(cell => (CellName.Of(cell), cell.Evidence)), back.Cells.Select(cell => (CellName.Of(cell), cell.Evidence)));
        Assert.Equal((part.Store, part.Chain, part.Window, part.Part, part.Parts, part.Sequence), (back.Store, back.Chain, back.Window, back.Part, back.Parts, back.Sequence));
    }

    [Law]
    public void Its_text_is_short_unique_and_comes_out_of_the_scrubber_as_it_is(Outcome[] outcomes, string? arm, string? value, ulong chain, long sequence)
    {
        EvidencePart part = PartOf(outcomes, arm, value, chain, sequence);
        string text = EvidencePartWriter.ContentOf(part, part.Checksum());
        Assert.Equal(text, Scrubber.Scrub(text));
        Assert.InRange(text.Length, 20, 1499);
        EvidencePart other = part with { Window = part.Window + 1 };
        Assert.NotEqual(text, EvidencePartWriter.ContentOf(other, other.Checksum()));
    }

    /// <summary>Any one character of the metadata changed: it is refused, or it says the same.</summary>
    [Law]
    public void A_part_that_was_changed_on_its_way_is_refused(Outcome[] outcomes, int at, byte to)
    {
        EvidencePart part = PartOf(outcomes, "arm", "value", 7, 9);
        using JsonDocument request = JsonDocument.Parse(EvidencePartWriter.ToRequest(part, Options));
        char[] text = request.RootElement.GetProperty("metadata").GetRawText().ToCharArray();
        text[Math.Abs(at % text.Length)] = (char)(' ' + to % 95);
        EvidencePart? back;
        try
        {
            using JsonDocument changed = JsonDocument.Parse(new string(text));
            back = EvidencePartReader.Read(changed.RootElement, out string? fault);
            Assert.True(back is not null || fault is not null);
        }
        catch (JsonException)
        {
            return;
        }

        if (back is not null) Assert.Equal(part.Checksum(), back.Checksum());
    }

    [Theory]
    [InlineData("1 2 3")]
    [InlineData("")]
    [InlineData("9223372036854775808 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0")]
    [InlineData("-1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0")]
    [InlineData("0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 5 0 0 0 0 0 0 0 0 0 0")]
    public void Words_that_make_no_evidence_are_refused(string words) => Assert.False(EvidenceWords.TryRead(words, out _));

    [Fact]
    public void Nothing_of_it_relies_on_numbers_beyond_those_that_every_reader_keeps()
    {
        EvidencePart part = PartOf([new Outcome { Kind = OutcomeKind.Success, CostUsd = 1_000_000 }], "x", "y", ulong.MaxValue, long.MaxValue);
        JsonNode metadata = JsonNode.Parse(EvidencePartWriter.ToRequest(part, Options))!["metadata"]!;
        Assert.All(Numbers(metadata), number => Assert.InRange(number, 0, 1L << 53));

        static IEnumerable<long> Numbers(JsonNode? node) => node switch
        {
            JsonObject o => o.SelectMany(field => Numbers(field.Value)),
            JsonArray a => a.SelectMany(Numbers),
            JsonValue v when v.GetValueKind() == JsonValueKind.Number => [v.GetValue<long>()],
            _ => [],
        };
    }

    private static EvidencePart PartOf(Outcome[] outcomes, string? arm, string? value, ulong chain, long sequence)
    {
        string id = WellFormed(arm, "arm")[..Math.Min(200, WellFormed(arm, "arm").Length)];
        var cells = new List<JoinedEvidence>();
        for (int i = 0; i < 9; i++)
        {
            var evidence = new Evidence();
            foreach (Outcome outcome in outcomes.Take(i)) evidence.Add(outcome);
            cells.Add(new JoinedEvidence(new[] { WellFormed(value, "value") + i, "b" }, id, evidence));
        }

        return new EvidencePart
        {
            Store = "0123456789abcdef",
            Chain = chain,
            Window = Math.Abs(sequence % 1000) + 1,
            Part = 0,
            Parts = 1,
            Sequence = sequence & long.MaxValue,
            Dimensions = ["role", "area"],
            Cells = cells,
        };
    }

    /// <summary>The router takes no halves of surrogate pairs.</summary>
    private static string WellFormed(string? text, string otherwise)
    {
        string whole = new([.. (text ?? "").Where(c => !char.IsSurrogate(c))]);
        return whole.Length == 0 ? otherwise : whole[..Math.Min(150, whole.Length)];
    }
}
