using Bandits.Rae.Formats;

namespace Bandits.Rae.Import;

/// <summary>Puts parts of evidence together, in whatever order and however often they come: the state of a store is that after the longest run of complete windows from a chain's first on.</summary>
/// <remarks>A window of which a part is missing waits, with all after it; nothing is ever taken in by halves. Of several chains of a store the one that leads to the highest sequence counts.</remarks>
internal sealed class EvidenceChains
{
    /// <summary>Cells that may be held in all, in multiples of what one store may contribute.</summary>
    private const int MostStoresOfCells = 8;

    private readonly Dictionary<string, EvidenceState> _known = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Dictionary<ulong, SortedDictionary<long, EvidenceWindow>>> _stores = new(StringComparer.Ordinal);
    private readonly RaeOptions _options;
    private readonly List<string> _faults = [];
    private long _cells;
    private int _newStores;

    /// <param name="known">States that were reached before; their windows need not come again.</param>
    /// <param name="options">Bounds.</param>
    public EvidenceChains(IEnumerable<EvidenceState> known, RaeOptions options)
    {
        _options = options;
        foreach (EvidenceState state in known) _known[state.Store] = state;
    }

    /// <summary>What could not be put together, found by <see cref="Heads"/>.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Whether windows wait for others that are missing, found by <see cref="Heads"/>.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Adds a part; the reason when there is no room for it.</summary>
    public string? Add(EvidencePart part)
    {
        if (_known.TryGetValue(part.Store, out EvidenceState? known) && known.Chain == part.Chain && part.Window <= known.Window) return null;
        if (!_stores.TryGetValue(part.Store, out var chains))
        {
            if (known is null && _known.Count + _newStores >= _options.MaxInstances) return $"There are more than {nameof(RaeOptions.MaxInstances)}, {_options.MaxInstances}, other instances.";
            if (known is null) _newStores++;
            chains = _stores[part.Store] = [];
        }

        if (_cells + part.Cells.Count > (long)MostStoresOfCells * _options.MaxForeignCells) return $"There are more than {MostStoresOfCells} x {nameof(RaeOptions.MaxForeignCells)} cells in all.";
        if (!chains.TryGetValue(part.Chain, out SortedDictionary<long, EvidenceWindow>? windows)) windows = chains[part.Chain] = [];
        bool isNew = true;
        if (windows.TryGetValue(part.Window, out EvidenceWindow? window)) isNew = window.Add(part);
        else windows[part.Window] = new EvidenceWindow(part);
        if (isNew) _cells += part.Cells.Count;
        return null;
    }

    /// <summary>The newest complete state of each store, those known before among them.</summary>
    public List<EvidenceState> Heads()
    {
        _faults.Clear();
        IsWaiting = false;
        var heads = new SortedDictionary<string, EvidenceState>(_known, StringComparer.Ordinal);
        foreach ((string store, Dictionary<ulong, SortedDictionary<long, EvidenceWindow>> chains) in _stores)
        {
            foreach ((ulong chain, SortedDictionary<long, EvidenceWindow> windows) in chains)
                if (Walk(store, chain, windows) is { } end && (!heads.TryGetValue(store, out EvidenceState? best) || end.Sequence > best.Sequence)) heads[store] = end;

            // A chain that ends before the best state has nothing more to say, whatever is missing in it.
            long reached = heads.TryGetValue(store, out EvidenceState? head) ? head.Sequence : -1;
            foreach (SortedDictionary<long, EvidenceWindow> windows in chains.Values) IsWaiting |= windows.Values.Any(window => window.Sequence > reached);
        }

        return [.. heads.Values];
    }

    /// <summary>The state at the end of the complete windows of a chain; null where there is none.</summary>
    private EvidenceState? Walk(string store, ulong chain, SortedDictionary<long, EvidenceWindow> windows)
    {
        EvidenceState? state = _known.TryGetValue(store, out EvidenceState? known) && known.Chain == chain ? new EvidenceState(known) : null;
        foreach ((long number, EvidenceWindow window) in windows)
        {
            if (window.IsAmbiguous) _faults.Add($"Store {store} has two different windows {number} of one chain: a copy of it exports, too. Give the copy a folder of its own for its bookkeeping.");
            if (number != (state?.Window ?? 0) + 1 || !window.IsComplete) return state;
            if (state is not null && (window.Sequence <= state.Sequence || !window.Dimensions.SequenceEqual(state.Dimensions))) return state;
            var next = state ?? new EvidenceState(store, chain, window.Dimensions);
            next.Apply(number, window.Sequence, window.Cells);
            if (next.Cells.Count > _options.MaxForeignCells)
            {
                _faults.Add($"Store {store} has more than {nameof(RaeOptions.MaxForeignCells)}, {_options.MaxForeignCells}, cells; it is left out.");
                return null;
            }

            state = next;
        }

        return state;
    }
}
