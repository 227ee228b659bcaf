using Bandits.Rae.Formats;

namespace Bandits.Rae.Import;

/// <summary>Puts parts of evidence together, in whatever order and however often they come: the state of a store is that after the longest run of complete windows from a chain's first on.</summary>
/// <remarks>
/// A window of which a part is missing waits, with all after it; nothing is ever taken in by halves. Of several chains of a store the one that leads to the highest sequence counts, of those the one that
/// began last: its next windows are the ones to come.
/// </remarks>
internal sealed class EvidenceChains
{
    /// <summary>Cells that may be held in all, in multiples of what one store may contribute.</summary>
    private const int MostStoresOfCells = 8;

    /// <summary>How much longer than a new store one that is known must have been silent to make room for it: more than the longest time between two exchanges, lest stores take turns.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromDays(2);

    private readonly Dictionary<string, EvidenceState> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Store, ulong Chain), long> _newest = [];
    private readonly HashSet<string> _listed = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, long> _seen;
    private readonly SortedDictionary<string, Dictionary<ulong, SortedDictionary<long, EvidenceWindow>>> _stores = new(StringComparer.Ordinal);
    private readonly RaeOptions _options;
    private readonly List<string> _faults = [];
    private readonly List<WaitingChain> _waiting = [];
    private readonly Dictionary<string, (ulong Chain, long Sequence)> _reached = new(StringComparer.Ordinal);
    private bool _mayShed;
    private long _cells;
    private int _newStores;

    /// <param name="known">States that were reached before; their windows need not come again.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="seen">Times of the newest parts that led to those states, in ticks, by store.</param>
    public EvidenceChains(IEnumerable<EvidenceState> known, RaeOptions options, IReadOnlyDictionary<string, long>? seen = null)
    {
        (_options, _seen) = (options, seen ?? new Dictionary<string, long>());
        foreach (EvidenceState state in known) _known[state.Store] = state;
    }

    /// <summary>What could not be put together, found by <see cref="Heads"/>.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The chains of which windows wait for others that are missing, found by <see cref="Heads"/>.</summary>
    public IReadOnlyList<WaitingChain> Waiting => _waiting;

    /// <summary>Whether there are any.</summary>
    public bool IsWaiting => _waiting.Count > 0;

    /// <summary>Time of the newest part of a head's chain, in ticks; 0 where the server does not say.</summary>
    public long NewestOf(EvidenceState head)
    {
        bool isKnown = _known.TryGetValue(head.Store, out EvidenceState? known) && known.Chain == head.Chain;
        return Math.Max(_newest.GetValueOrDefault((head.Store, head.Chain)), isKnown ? _seen.GetValueOrDefault(head.Store) : 0);
    }

    /// <summary>Adds a part; the reason when there is no room for it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="createdAt">When its memory was created; null where the server does not say.</param>
    public string? Add(EvidencePart part, DateTimeOffset? createdAt = null)
    {
        if (_known.TryGetValue(part.Store, out EvidenceState? known)) _listed.Add(part.Store);
        if (known?.Chain == part.Chain && part.Window <= known.Window)
        {
            Note(part, createdAt);
            return null;
        }

        if (!_stores.TryGetValue(part.Store, out var chains))
        {
            // Until all is listed nobody can tell which of the known ones are gone, so as many new ones may be at hand as have room in the end.
            bool hasRoom = _known.Count + _newStores < _options.MaxInstances || createdAt is not null && _newStores < _options.MaxInstances;
            if (known is null && !hasRoom) return $"There are more than {nameof(RaeOptions.MaxInstances)}, {_options.MaxInstances}, other instances.";
            if (known is null) _newStores++;
            chains = _stores[part.Store] = [];
        }

        if (_reached.TryGetValue(part.Store, out var reached) && reached.Chain != part.Chain && part.Sequence <= reached.Sequence) return null;
        long most = (long)MostStoresOfCells * _options.MaxForeignCells;
        if (_cells + part.Cells.Count > most && _mayShed) Shed();
        if (_cells + part.Cells.Count > most) return $"There are more than {MostStoresOfCells} x {nameof(RaeOptions.MaxForeignCells)} cells in all.";
        if (!chains.TryGetValue(part.Chain, out SortedDictionary<long, EvidenceWindow>? windows)) windows = chains[part.Chain] = [];
        bool isNew = true;
        if (windows.TryGetValue(part.Window, out EvidenceWindow? window)) isNew = window.Add(part);
        else windows[part.Window] = new EvidenceWindow(part);
        if (isNew) _cells += part.Cells.Count;
        _mayShed |= isNew;
        Note(part, createdAt);
        return null;
    }

    /// <summary>The newest complete state of each store, those known before among them.</summary>
    /// <param name="isAll">Whether all that there is was added, so that a store of which there was nothing is gone.</param>
    public List<EvidenceState> Heads(bool isAll = false)
    {
        _faults.Clear();
        _waiting.Clear();
        var heads = new SortedDictionary<string, EvidenceState>(_known, StringComparer.Ordinal);
        foreach ((string store, Dictionary<ulong, SortedDictionary<long, EvidenceWindow>> chains) in _stores)
        {
            foreach ((ulong chain, SortedDictionary<long, EvidenceWindow> windows) in chains)
                if (Walk(store, chain, windows) is { } end && (!heads.TryGetValue(store, out EvidenceState? best) || IsAhead(end.Sequence, chain, best))) heads[store] = end;

            // A chain that ends before the best state has nothing more to say, whatever is missing in it.
            heads.TryGetValue(store, out EvidenceState? head);
            foreach ((ulong chain, SortedDictionary<long, EvidenceWindow> windows) in chains)
                if (windows.Values.Any(window => head is null || IsAhead(window.Sequence, chain, head))) _waiting.Add(new WaitingChain(store, chain, _newest.GetValueOrDefault((store, chain))));
        }

        MakeRoom(heads, isAll);
        return [.. heads.Values];
    }

    /// <summary>Whether a chain is ahead of a state when it reaches a sequence: at the same one the chain that has the newest memories is, as its store goes on with that.</summary>
    private bool IsAhead(long sequence, ulong chain, EvidenceState state) =>
        sequence > state.Sequence || sequence == state.Sequence && chain != state.Chain && _newest.GetValueOrDefault((state.Store, chain)) > NewestOf(state);

    /// <summary>Where there are more stores than may be kept, forgets those that were silent longest for those that are new; what is joined of them stays joined.</summary>
    private void MakeRoom(SortedDictionary<string, EvidenceState> heads, bool isAll)
    {
        if (heads.Count < _options.MaxInstances) return;
        var silent = new Queue<EvidenceState>(_known.Values.Select(known => heads[known.Store]).OrderBy(IsThere).ThenBy(NewestOf));
        List<EvidenceState> fresh = [.. heads.Values.Where(head => !_known.ContainsKey(head.Store)).OrderByDescending(NewestOf)];
        foreach (EvidenceState head in fresh.Skip(Math.Max(0, _options.MaxInstances - _known.Count)))
        {
            if (HasRoom(NewestOf(head)))
            {
                heads.Remove(silent.Dequeue().Store);
                continue;
            }

            heads.Remove(head.Store);
            _faults.Add($"Store {head.Store} is left out: there are more than {nameof(RaeOptions.MaxInstances)}, {_options.MaxInstances}, other instances.");
        }

        _waiting.RemoveAll(chain => !heads.ContainsKey(chain.Store) && !HasRoom(chain.Newest)); // what would be left out is not waited for

        bool IsThere(EvidenceState state) => !isAll || _listed.Contains(state.Store);

        bool HasRoom(long newest) => silent.TryPeek(out EvidenceState? longest) && newest - NewestOf(longest) > (IsThere(longest) ? Silence.Ticks : 0);
    }

    /// <summary>Gives up the chains that others of their store have overtaken, and from then on what comes of them: only what may still count takes room.</summary>
    private void Shed()
    {
        _mayShed = false;
        foreach ((string store, Dictionary<ulong, SortedDictionary<long, EvidenceWindow>> chains) in _stores)
        {
            (ulong Chain, long Sequence) best = (0, -1);
            foreach ((ulong chain, SortedDictionary<long, EvidenceWindow> windows) in chains)
            {
                long sequence = Reach(store, chain, windows);
                if (sequence > best.Sequence || sequence == best.Sequence && _newest.GetValueOrDefault((store, chain)) > _newest.GetValueOrDefault((store, best.Chain))) best = (chain, sequence);
            }

            if (best.Sequence < 0) continue;
            _reached[store] = best;
            foreach ((ulong chain, SortedDictionary<long, EvidenceWindow> windows) in chains.ToList())
            {
                if (chain == best.Chain || windows.Values.Any(window => window.Sequence > best.Sequence)) continue;
                chains.Remove(chain);
                _cells -= windows.Values.Sum(window => (long)window.Cells.Count());
            }
        }
    }

    /// <summary>The sequence at the end of the complete windows of a chain; -1 where there is none.</summary>
    private long Reach(string store, ulong chain, SortedDictionary<long, EvidenceWindow> windows)
    {
        (long number, long sequence) = _known.TryGetValue(store, out EvidenceState? known) && known.Chain == chain ? (known.Window, known.Sequence) : (0, -1);
        foreach ((long next, EvidenceWindow window) in windows)
        {
            if (next != number + 1 || !window.IsComplete || window.Sequence <= sequence) break;
            (number, sequence) = (next, window.Sequence);
        }

        return sequence;
    }

    private void Note(EvidencePart part, DateTimeOffset? createdAt) =>
        _newest[(part.Store, part.Chain)] = Math.Max(_newest.GetValueOrDefault((part.Store, part.Chain)), createdAt?.UtcTicks ?? 0);

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
