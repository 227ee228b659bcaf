using Bandits.Rae.Formats;

namespace Bandits.Rae.Import;

/// <summary>What is there of one window of a chain.</summary>
internal sealed class EvidenceWindow(EvidencePart first)
{
    private readonly SortedDictionary<int, EvidencePart> _parts = new() { [first.Part] = first };

    public long Sequence => first.Sequence;

    public IReadOnlyList<string> Dimensions => first.Dimensions;

    /// <summary>Whether two different parts claim one place: nobody can tell which is right.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>Whether every part is there and none contradicts another.</summary>
    public bool IsComplete => !IsAmbiguous && _parts.Count == first.Parts;

    public IEnumerable<JoinedEvidence> Cells => _parts.Values.SelectMany(part => part.Cells);

    /// <summary>Adds a part; false when it was there.</summary>
    public bool Add(EvidencePart part)
    {
        IsAmbiguous |= part.Parts != first.Parts || part.Sequence != first.Sequence || !part.Dimensions.SequenceEqual(first.Dimensions);
        if (_parts.TryAdd(part.Part, part)) return true;
        IsAmbiguous |= _parts[part.Part].Checksum() != part.Checksum();
        return false;
    }
}
