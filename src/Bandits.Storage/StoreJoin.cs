using Bandits.Storage.Files;

namespace Bandits.Storage;

/// <summary>Joins another store: its own evidence as an origin of its name, and the origins that it holds.</summary>
/// <remarks>
/// What is taken of a store and its version: <see cref="StoreEvidence"/>.
/// </remarks>
internal sealed class StoreJoin
{
    private const int LongestOrigin = 200;

    private readonly BanditRouter _here;
    private readonly BanditRouter _there;
    private readonly RouterState _state;
    private readonly List<JoinedOrigin> _origins = [];
    private readonly Dictionary<string, ArmLeftOut> _leftOut = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    private StoreJoin(BanditRouter here, BanditRouter there, RouterState state) => (_here, _there, _state) = (here, there, state);

    /// <inheritdoc cref="RouterStore.Join"/>
    public static JoinReport Run(RouterStore store, RouterOptions options, string directory, double weight)
    {
        if (!Directory.Exists(directory)) throw new DirectoryNotFoundException($"There is no store '{directory}' to join.");
        string name = StoreName.Find(directory)
            ?? throw new FileNotFoundException($"'{directory}' has no {StoreName.FileName}, and no {TokenKey.FileName} to name it by: it is no store, or they were lost.");
        CheckDimensions(store, directory);
        Recovery recovery = Recovery.Read(directory, options, DiskFiles.Instance);
        var join = new StoreJoin(store.Router, recovery.Router, recovery.Router.CaptureState());
        if (name == store.Name) join.CheckCopy(directory);
        else join.JoinAll(store.Name, name, recovery.Report.To, weight);
        return new JoinReport
        {
            Name = name,
            Origins = join._origins,
            LeftOut = [.. join._leftOut.Values.OrderBy(arm => arm.ArmId, StringComparer.Ordinal)],
            Faults = join._faults,
            Recovery = recovery.Report,
        };
    }

    private static void CheckDimensions(RouterStore store, string directory)
    {
        if (StoredSettings.Find(directory) is { } settings && !settings.Dimensions.SequenceEqual(store.Router.Dimensions))
            throw new ArgumentException($"The store '{directory}' has the dimensions {string.Join(", ", settings.Dimensions)}; this one has {string.Join(", ", store.Router.Dimensions)}.");
    }

    /// <summary>A copy shares what was learnt before it was made; where it has been opened since, its own part cannot be told from that.</summary>
    private void CheckCopy(string directory)
    {
        OpeningState[] known = _here.CaptureState().Openings;
        foreach (OpeningState theirs in _state.Openings.AsSpan()[..^1]) // the last is this reading
        {
            int at = Array.FindIndex(known, ours => ours.Incarnation == theirs.Incarnation);
            bool isShared = at >= 0 ? theirs.Last <= known[at].Last : theirs.Number < known[0].Number;
            if (!isShared)
                throw new InvalidOperationException($"'{directory}' is a copy of this store that has gone its own way: what it learnt since cannot be told apart from what both share, so it cannot be joined.");
        }
    }

    private void JoinAll(string here, string there, long position, double weight)
    {
        Join(there, StoreEvidence.VersionOf(_there.OpeningNumber - 1, position), weight, StoreEvidence.CellsOf(_there, _state.Segments, static segment => segment.Own, _faults));
        for (int i = 0; i < _state.Origins.Length; i++)
        {
            OriginState origin = _state.Origins[i];
            string name = StoreName.Begins(origin.Name) ? origin.Name : $"{there}/{origin.Name}";
            if (name.StartsWith(here, StringComparison.Ordinal)) continue; // it came from here
            if (name.Length > LongestOrigin)
            {
                _faults.Add($"Origin '{origin.Name}' of the other store was left out: with the store's name it would have {name.Length} characters; the allowed range is 1 to {LongestOrigin}.");
                continue;
            }

            int number = i;
            Join(name, origin.Sequence, origin.Weight * weight, StoreEvidence.CellsOf(_there, _state.Segments, segment => number < segment.Joined.Length ? segment.Joined[number] : [], _faults));
        }
    }

    private void Join(string origin, long version, double weight, List<JoinedEvidence> cells)
    {
        cells.RemoveAll(cell =>
        {
            if (_here.TryIndexOf(cell.ArmId, out _)) return false;
            LeaveOut(cell.ArmId, cell.Evidence);
            return true;
        });
        _origins.Add(new JoinedOrigin(origin, version, weight, cells.Count, _here.Join(origin, version, weight, cells)));
    }

    private void LeaveOut(string id, in Evidence evidence)
    {
        _leftOut.TryGetValue(id, out ArmLeftOut left);
        _leftOut[id] = new ArmLeftOut(id, left.Cells + 1, left.Outcomes + evidence.Total);
    }
}
