namespace Bandits.Rae.Formats;

/// <summary>Cuts a window into parts that a request can carry.</summary>
internal static class EvidenceParts
{
    /// <summary>Characters of names and words in a part, where every word had its most digits; most have few, and a request some 25 KiB.</summary>
    private const int MostCharacters = 64 << 10;

    /// <summary>Characters of a cell's words, at most.</summary>
    private const int CharactersOfWords = Evidence.WordCount * 21;

    public static List<EvidencePart> Cut(EvidenceState state, long window, long sequence, List<JoinedEvidence> cells, int cellsPerPart)
    {
        var cuts = new List<List<JoinedEvidence>> { new() };
        int characters = 0;
        foreach (JoinedEvidence cell in cells)
        {
            int size = CharactersOfWords + cell.ArmId.Length;
            foreach (string? value in cell.Segment.Span) size += value?.Length ?? 0;
            if (cuts[^1].Count > 0 && (cuts[^1].Count == cellsPerPart || characters + size > MostCharacters))
            {
                cuts.Add([]);
                characters = 0;
            }

            cuts[^1].Add(cell);
            characters += size;
        }

        var parts = new List<EvidencePart>(cuts.Count);
        foreach (List<JoinedEvidence> cut in cuts)
        {
            parts.Add(new EvidencePart
            {
                Store = state.Store,
                Chain = state.Chain,
                Window = window,
                Part = parts.Count,
                Parts = cuts.Count,
                Sequence = sequence,
                Dimensions = state.Dimensions,
                Cells = cut,
            });
        }

        return parts;
    }
}
