namespace Bandits.Rae.Formats;

/// <summary>All cells of a store as they stand after a window of a chain.</summary>
internal sealed class EvidenceState
{
    private readonly SortedDictionary<string, JoinedEvidence> _cells = new(StringComparer.Ordinal);

    public EvidenceState(string store, ulong chain, IReadOnlyList<string> dimensions) => (Store, Chain, Dimensions) = (store, chain, dimensions);

    public EvidenceState(EvidenceState other)
        : this(other.Store, other.Chain, other.Dimensions)
    {
        (Window, Sequence) = (other.Window, other.Sequence);
        foreach ((string name, JoinedEvidence cell) in other._cells) _cells.Add(name, cell);
    }

    public string Store { get; }

    public ulong Chain { get; }

    public IReadOnlyList<string> Dimensions { get; }

    /// <summary>The latest window in it; 0 before the first.</summary>
    public long Window { get; private set; }

    public long Sequence { get; private set; }

    /// <summary>The cells that hold anything.</summary>
    public IReadOnlyCollection<JoinedEvidence> Cells => _cells.Values;

    /// <summary>Cells that differ in what a store holds now; those that it no longer has are among them, empty.</summary>
    public List<JoinedEvidence> ChangedIn(IReadOnlyList<JoinedEvidence> now)
    {
        var changed = new List<JoinedEvidence>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JoinedEvidence cell in now)
        {
            string name = CellName.Of(cell);
            names.Add(name);
            if (!_cells.TryGetValue(name, out JoinedEvidence before) || before.Evidence != cell.Evidence) changed.Add(cell);
        }

        foreach ((string name, JoinedEvidence cell) in _cells)
            if (!names.Contains(name)) changed.Add(cell with { Evidence = default });
        return changed;
    }

    /// <summary>Takes in the cells of the next window.</summary>
    public void Apply(long window, long sequence, IEnumerable<JoinedEvidence> cells)
    {
        foreach (JoinedEvidence cell in cells)
        {
            string name = CellName.Of(cell);
            if (cell.Evidence == default) _cells.Remove(name);
            else _cells[name] = cell;
        }

        (Window, Sequence) = (window, sequence);
    }

    /// <summary>As one part that holds every cell: what bookkeeping keeps.</summary>
    public EvidencePart ToPart() => new()
    {
        Store = Store,
        Chain = Chain,
        Window = Window,
        Part = 0,
        Parts = 1,
        Sequence = Sequence,
        Dimensions = Dimensions,
        Cells = [.. _cells.Values],
    };

    /// <summary>From such a part.</summary>
    public static EvidenceState Of(EvidencePart part)
    {
        var state = new EvidenceState(part.Store, part.Chain, part.Dimensions);
        state.Apply(part.Window, part.Sequence, part.Cells);
        return state;
    }
}
