using System.Runtime.InteropServices;
using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>What enters and leaves a router as a whole: joined evidence, captured and restored state.</content>
public sealed partial class BanditRouter
{
    private readonly Lock _changing = new();
    private readonly CellBudget? _reading;
    private OriginState[] _origins = [];

    private BanditRouter(RouterOptions options, RouterState state, List<string> faults, bool isReplayed)
    {
        Validate(options);
        if (!state.Dimensions.AsSpan().SequenceEqual([.. options.Dimensions]))
            Throw.Argument($"The state has the dimensions {string.Join(", ", state.Dimensions)}; the options say {string.Join(", ", options.Dimensions)}.");
        _given = options.Clone();
        _incarnation = options.Incarnation;
        _tag = DecisionLedger.TagOf(_incarnation);
        _tokenKey = DecisionToken.KeyOf(options);
        _schema = new SegmentSchema(options.Dimensions, options.MaxValuesPerDimension);
        RestoreValues(state, faults);
        _reading = CellBudget.Of(options);
        _segments = new SegmentMap(_schema, options.MaxSegments, _reading);
        _root = _segments.Root;
        _ledger = new DecisionLedger(options.LedgerCapacity);
        _sequences = new SequenceSource(options.LedgerCapacity);
        _features = FeatureArena.Of(options);
        if (options.SpendCaps.Count > 0) _spent = new SpendLedger(options.LedgerCapacity);
        _availability = new AvailabilityTable(options.AvailabilityHalfLifeSeconds);
        _settings = new RouterSettings(isReplayed ? ForReplay(options) : options, Merge(isReplayed ? null : options, state, faults), _schema);
        _sequence = Math.Max(0, state.Sequence);
        RestoreOpenings(state.Openings);
        RestoreEvidence(state, faults);
        RestoreRest(state, faults);
        if (isReplayed)
        {
            ReplayBudget(_spending.InForce(options.Budget, hasDecided: _sequence > 0));
            return;
        }

        CarryPutAway();
        Announce(state.Arms, _settings, position: -1, isReplayed: false); // what the options say now
        EndReading();
    }

    /// <summary>Rules number the values that they name; those that are still to be read had theirs first.</summary>
    private static RouterOptions WithoutRules(RouterOptions options)
    {
        RouterOptions copy = options.Clone();
        copy.BaselineRules = [];
        return copy;
    }

    /// <summary>Nor do caps leave anybody out of what was decided long ago: how much room there was is not written down.</summary>
    private static RouterOptions ForReplay(RouterOptions options)
    {
        RouterOptions copy = WithoutRules(options);
        copy.SpendCaps = [];
        return copy;
    }

    /// <summary>Once everything was restored and replayed.</summary>
    private void EndReading()
    {
        BoundEpochs();
        _reading!.End();
    }

    /// <summary>A leaf may have been copied between a restart and its way to the parents, which then still have what it has put away.</summary>
    private void CarryPutAway()
    {
        foreach (SegmentNode leaf in _segments.Nodes)
        {
            for (int arm = 0; leaf.Parent is not null && arm < leaf.Rolled.Length; arm++)
            {
                if (leaf.Rolled[arm].Total <= leaf.Own[arm].Total || !leaf.Own[arm].IsPlausible) continue;
                RollUp.Take(leaf, arm, out Evidence delta);
                leaf.Progress[arm] = default;
                RollUp.Carry(_settings, leaf, arm, delta);
            }
        }
    }

    /// <summary>Origins of joined evidence.</summary>
    public IReadOnlyList<OriginState> Origins => Volatile.Read(ref _origins);

    /// <summary>
    /// Joins what another origin has observed: replaces what was held of that origin if <paramref name="sequence"/> is higher, else changes nothing.
    /// Joined evidence is kept apart from the router's own and enters belief with its weight.
    /// </summary>
    /// <param name="origin">Name of the origin; 1 to 200 characters.</param>
    /// <param name="sequence">Version of the contribution, 0 or more; the whole contribution each time.</param>
    /// <param name="weight">Weight of each outcome in belief, in [0, 1].</param>
    /// <param name="cells">The cells; several of one segment and arm add up.</param>
    /// <exception cref="ArgumentException">Something is invalid; nothing changes.</exception>
    public Joined Join(string origin, long sequence, double weight, IEnumerable<JoinedEvidence> cells)
    {
        try
        {
            return JoinChecked(origin, sequence, weight, cells);
        }
        catch (ArgumentException)
        {
            Interlocked.Increment(ref _refused);
            throw;
        }
    }

    private Joined JoinChecked(string origin, long sequence, double weight, IEnumerable<JoinedEvidence> cells)
    {
        ArgumentException.ThrowIfNullOrEmpty(origin);
        ArgumentNullException.ThrowIfNull(cells);
        if (origin.Length > 200) Throw.Argument($"Origin name has {origin.Length} characters; the allowed range is 1 to 200.");
        if (!(weight >= 0 && weight <= 1)) Throw.OutOfRange(nameof(weight), weight, "[0, 1]");
        if (sequence < 0) Throw.OutOfRange(nameof(sequence), sequence, "0 or more");
        JoinedEvidence[] given = [.. cells];
        foreach (JoinedEvidence cell in given)
        {
            if (!cell.Evidence.IsPlausible) Throw.Argument($"Evidence of arm '{cell.ArmId}' from origin '{origin}' is impossible: its counts and sums contradict each other.");
            if (cell.Segment.Length > _schema.Depth) Throw.Argument($"The segment of a cell of origin '{origin}' has {cell.Segment.Length} values; the schema has {_schema.Depth} dimensions.");
            IndexOf(cell.ArmId);
        }

        var checkedCells = new List<(ulong Key, int Arm, Evidence Evidence)>(); // names are interned only once all is known to be right
        foreach (JoinedEvidence cell in given) checkedCells.Add((_schema.Pack(cell.Segment.Span), IndexOf(cell.ArmId), cell.Evidence));

        Joined joined = Joined.AlreadyKnown;
        long position;
        lock (_changing)
        {
            position = _settings.Journal?.Tail ?? -1;
            int number = Array.FindIndex(_origins, o => o.Name == origin);
            if (number < 0 || _origins[number].Sequence < sequence)
            {
                position = Replace(origin, number < 0 ? _origins.Length : number, sequence, weight, checkedCells);
                joined = Joined.Applied;
            }
        }

        Confirm(position);
        return joined;
    }

    /// <summary>Inside the lock of changes: puts a contribution in place of what was held of its origin; returns the journal's position after it.</summary>
    private long Replace(string origin, int number, long sequence, double weight, List<(ulong Key, int Arm, Evidence Evidence)> checkedCells)
    {
        long position = WriteDown(origin, sequence, weight, checkedCells);
        Replace(number, checkedCells);
        OriginState[] origins = _origins;
        if (number == origins.Length) Array.Resize(ref origins, number + 1);
        else origins = [.. origins];
        origins[number] = new OriginState(origin, sequence, weight);
        Volatile.Write(ref _origins, origins);
        RouterSettings settings = Put(_settings.With(Array.ConvertAll(origins, o => o.Weight)));
        EstimateMasses(settings);
        return position;
    }

    /// <summary>Copies everything learnt, while others decide and record: nobody waits for longer than the copy of one segment takes.</summary>
    /// <remarks>
    /// With a journal, the copy and what was written from its <see cref="RouterState.Position"/> on make one consistent state: the store replays it. Without one,
    /// each segment is consistent by itself, and for a copy in which ledger and segments agree nobody may be recording.
    /// </remarks>
    public RouterState CaptureState()
    {
        (RouterState state, int nodes) = CaptureHead();
        var segments = new List<SegmentState>();
        foreach (SegmentState segment in CaptureSegments(nodes)) segments.Add(segment);
        return state.With([.. segments], CaptureArms(state));
    }

    /// <summary>
    /// Everything but the segments and arms, and how many nodes there were: <see cref="CaptureSegments"/> copies these one by one, and <see cref="CaptureArms"/> completes it.
    /// </summary>
    internal (RouterState Head, int Nodes) CaptureHead()
    {
        RouterSettings settings;
        OriginState[] origins;
        double[] spending, watch;
        long position;
        lock (_changing) // what is changed here is in the settings before its entry is before the tail
        {
            settings = _settings;
            origins = _origins;
            position = settings.Journal?.Tail ?? 0;
            (spending, watch) = (_spending.Capture(), _watch.Capture()); // at once: what is charged meanwhile is charged again; and changes of prices act on them inside the lock
        }

        // What has no position of its own comes first: replaying may count an entry of this moment once more there, but nothing is lost.
        SafetyState[] safety = _safety.Capture();
        CapState? caps = _spent?.Capture();
        double[] availability = _availability.Capture();
        AdaptiveExploration overall = _overall.Capture();

        // Slots are opened and filled before the entry that tells of it, so what is before the tail is in this copy; and a segment takes an outcome in while its slot is
        // held, so what is in a slot copied here is in its segment copied later.
        long[] ledger = _ledger.Capture();
        long[] sessions = _sessions?.Capture() ?? [];
        (long[] featureSlots, double[] features) = settings.Models is null ? ([], []) : _features!.Capture(_ledger);
        int nodes = _segments.Nodes.Length;
        ModelState[] models = CaptureModels(nodes);
        var masses = new List<MassState>();
        foreach (SegmentNode node in _segments.Nodes[..nodes])
        {
            if (node.Plan.IsLeaf) continue;
            node.Gate.Enter();
            masses.Add(new MassState(node.Key, node.Depth, node.Mass.Quality, node.Mass.Cost, node.Mass.Latency, node.NextMassAt));
            node.Gate.Exit();
        }

        var values = new string[_schema.Depth][];
        for (int d = 0; d < values.Length; d++) values[d] = _schema.ValuesOf(d);
        var head = new RouterState
        {
            Dimensions = [.. _schema.Dimensions],
            Values = values,
            Arms = settings.Catalog.Arms,
            Status = settings.Catalog.Status,
            Sequence = DecisionCount,
            Origins = [.. origins],
            Segments = [],
            Masses = [.. masses],
            Exploration = [overall.Rate, overall.Count, overall.Shortfall, overall.Variance],
            Availability = availability,
            Ledger = ledger,
            Sessions = sessions,
            SafetyScope = settings.SafetyGate?.Scope,
            Safety = safety,
            Position = position,
            Spending = spending,
            ArmWatch = watch,
            Models = models,
            FeatureSlots = featureSlots,
            Features = features,
            Openings = [.. KnownOpenings(), new OpeningState(_incarnation, _openedAfter, DecisionCount, OpeningNumber)],
            Caps = caps,
        };
        return (head, nodes);
    }

    /// <summary>A position in the journal, 0 without one, and how many nodes there are: <see cref="CaptureSegments"/> of these holds every outcome before that position, and may hold later ones.</summary>
    internal (long Position, int Nodes) CaptureTail()
    {
        lock (_changing)
        {
            long position = _settings.Journal?.Tail ?? 0; // before the nodes: an outcome enters its segment in the stay inside the gate in which it is appended
            return (position, _segments.Nodes.Length);
        }
    }

    /// <summary>Copies the segments among so many nodes, each in one stay inside its gate; of a million cells none waits for the others.</summary>
    internal IEnumerable<SegmentState> CaptureSegments(int nodes)
    {
        for (int i = 0; i < nodes; i++)
        {
            SegmentNode node = _segments.Nodes[i];
            if (!node.Plan.IsLeaf) continue;
            node.Gate.Enter();
            SegmentState segment = CaptureLeaf(node);
            node.Gate.Exit();
            yield return segment;
        }
    }

    /// <summary>The arms of a head, and behind them those that have come since; called last, so that every arm that a slot or a segment names is among them. What else has changed of them since, prices above all, the journal tells.</summary>
    internal ArmCatalog CaptureArms(RouterState head)
    {
        ArmCatalog catalog = Volatile.Read(ref _settings).Catalog;
        int known = head.Arms.Length;
        return new ArmCatalog([.. head.Arms, .. catalog.Arms[known..]], [.. head.Status, .. catalog.Status[known..]]);
    }

    /// <summary>How many segments there are among so many nodes.</summary>
    internal int SegmentsAmong(int nodes)
    {
        int count = 0;
        foreach (SegmentNode node in _segments.Nodes[..nodes])
            if (node.Plan.IsLeaf) count++;
        return count;
    }

    /// <summary>
    /// Makes a router that continues where <paramref name="state"/> was captured. Arms keep their index and status; the options' descriptions
    /// of known arms win, and new arms are added; a price that is another one is announced by that (see <see cref="SetPrices"/>). A part that cannot be right falls back to its prior and is reported in <paramref name="faults"/>; it never throws later.
    /// </summary>
    /// <param name="options">Options; give a new <see cref="RouterOptions.Incarnation"/> at every opening of a store.</param>
    /// <param name="state">The captured state.</param>
    /// <param name="faults">What could not be restored.</param>
    /// <exception cref="ArgumentException">The options are invalid, or their dimensions differ from the state's.</exception>
    /// <exception cref="InsufficientMemoryException">The state asks for more than <see cref="RouterOptions.MaxRestoredCells"/>.</exception>
    public static BanditRouter Restore(RouterOptions options, RouterState state, out IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(state);
        var found = new List<string>();
        var router = new BanditRouter(options, state, found, isReplayed: false);
        faults = found;
        return router;
    }

    private static void Validate(RouterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> faults = options.Validate();
        if (faults.Count > 0) Throw.Argument($"The router options have {faults.Count} fault(s): {string.Join(" ", faults)}");
    }

    /// <summary>Remembers who continued this state before; a router of the same incarnation is that one, continued.</summary>
    private void RestoreOpenings(OpeningState[] openings)
    {
        _openings = [.. openings];
        if (openings.Length == 0 || openings[^1].Incarnation != _incarnation) return;
        (_openings, _openedAfter) = (openings[..^1], openings[^1].After);
    }

    /// <summary>Interns the values in their order. Where one does not get its number, keys of it and of later ones would name the wrong value, so they are taken up to there.</summary>
    private void RestoreValues(RouterState state, List<string> faults)
    {
        if (state.Values.Length != _schema.Depth) faults.Add($"The state has values for {state.Values.Length} dimensions of {_schema.Depth}.");
        for (int d = 0; d < Math.Min(state.Values.Length, _schema.Depth); d++)
        {
            int number = SegmentSchema.Reserved - 1;
            foreach (string? value in state.Values[d] ?? [])
            {
                number++;
                if (string.IsNullOrEmpty(value) || _schema.TryPut(d, number, value)) continue; // an empty one stands for a number whose name was lost
                faults.Add($"Value '{value}' of dimension '{_schema.Dimensions[d]}' is repeated or beyond the bound; segments of it are dropped.");
            }
        }
    }

    /// <summary>The arms of a state, with those of the options described and disposed as these say.</summary>
    private static ArmCatalog Merge(RouterOptions? options, RouterState state, List<string> faults)
    {
        IList<Arm> given = options?.Arms ?? [];
        var arms = new List<Arm>();
        var status = new List<ArmStatus>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var givenIds = new HashSet<string>(StringComparer.Ordinal);
        foreach (Arm arm in given) givenIds.Add(arm.Id);
        foreach (Arm arm in state.Arms)
        {
            // Cells are stored by index, so a damaged description keeps its place and never takes part.
            var found = new List<string>();
            arm.Validate(found);
            bool isGiven = givenIds.Contains(arm.Id ?? "");
            ArmStatus kept = arms.Count < state.Status.Length ? state.Status[arms.Count] : ArmStatus.Disabled;
            bool isUnique = places.TryAdd(arm.Id ?? "", arms.Count);
            bool isSound = isUnique && (isGiven || found.Count == 0);
            if (!isSound || !Enum.IsDefined(kept) || arms.Count >= state.Status.Length)
                faults.Add($"Arm {arms.Count} '{arm.Id}' cannot be restored as stored ({string.Join(" ", found)}) and is kept out.");
            string name = string.IsNullOrEmpty(arm.Id) || arm.Id.Length > 200 || !isUnique ? $"(damaged {arms.Count})" : arm.Id;
            places.TryAdd(name, arms.Count);
            arms.Add(isSound ? arm : new Arm { Id = name });
            status.Add(!isSound ? ArmStatus.Retired : Enum.IsDefined(kept) ? kept : ArmStatus.Disabled);
        }

        foreach (Arm arm in given)
        {
            if (places.TryGetValue(arm.Id, out int known))
            {
                arms[known] = arm;
                continue;
            }

            places.Add(arm.Id, arms.Count);
            arms.Add(arm);
            status.Add(ArmStatus.Enabled);
        }

        foreach ((string id, ArmStatus wanted) in options?.ArmStatuses ?? new Dictionary<string, ArmStatus>())
        {
            if (!places.TryGetValue(id, out int index)) faults.Add($"ArmStatuses names arm '{id}', which is neither given nor known.");
            else if (status[index] != ArmStatus.Retired) status[index] = wanted; // a retired arm never returns
        }

        var catalog = new ArmCatalog(arms, status);
        catalog.CheckSimilar(given, faults);
        return catalog;
    }

    private static SegmentState CaptureLeaf(SegmentNode leaf)
    {
        bool isBehind = leaf.Rolled.Length > 0 && !leaf.IsConditional && !AreSame(leaf.Own, leaf.Rolled);
        int recorded = leaf.Progress.Length;
        while (recorded > 0 && leaf.Progress[recorded - 1] == default) recorded--;
        var progress = new long[recorded * 2];
        for (int arm = 0; arm < recorded; arm++) (progress[2 * arm], progress[2 * arm + 1]) = leaf.Progress[arm];
        AdaptiveExploration e = leaf.Exploration;
        return new SegmentState
        {
            Key = leaf.Key,
            Own = ToWords(leaf.Own),
            Rolled = isBehind ? ToWords(leaf.Rolled) is { Length: > 0 } rolled ? rolled : new long[Evidence.WordCount] : [],
            Progress = progress,
            Joined = Array.ConvertAll(leaf.Joined, ToWords),
            Exploration = [e.Rate, e.Count, e.Shortfall, e.Variance, leaf.Unseen.Count, leaf.Unseen.Shortfall, leaf.Unseen.Variance],
            Ordered = leaf.Ordered is { } ordered ? Capture(ordered) : null,
            Position = leaf.Position,
            IsConditional = leaf.IsConditional,
            CostShifts = CostShift.ToNumbers(leaf.CostShifts),
            RestatedAt = leaf.RestatedAt,
            Latencies = CaptureLatencies(leaf),
        };
    }

    /// <summary>Whether cells are equal; nearly always they are so bit for bit.</summary>
    private static bool AreSame(Evidence[] cells, Evidence[] others) =>
        MemoryMarshal.AsBytes(cells.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(others.AsSpan())) || cells.AsSpan().SequenceEqual(others);

    private static OrderedSegmentState Capture(OrderedState ordered)
    {
        int count = ordered.Epochs.Length;
        while (count > 0 && ordered.Epochs[count - 1] == default) count--;
        var epochs = new long[2 * count];
        for (int arm = 0; arm < count; arm++) (epochs[2 * arm], epochs[2 * arm + 1]) = ordered.Epochs[arm];
        return new OrderedSegmentState { Closed = ToWords(ordered.Closed), Epochs = epochs, Policy = [.. ordered.Policy], Memory = [.. ordered.Memory], Drift = CaptureDrift(ordered) };
    }

    private static double[][] CaptureDrift(OrderedState ordered)
    {
        if (ordered.Queue.Length == 0) return [];
        var drift = new double[1 + ordered.Detectors.Length][];
        drift[0] = [.. ordered.Queue];
        for (int i = 1; i < drift.Length; i++) drift[i] = [.. ordered.Detectors[i - 1]];
        return drift;
    }

    /// <summary>Puts back what depends on order. State longer than the policy's, or not finite, starts anew.</summary>
    private void RestoreOrdered(SegmentNode leaf, OrderedSegmentState saved, List<string> faults)
    {
        RouterSettings settings = _settings;
        OrderedState ordered = leaf.OrderedOf(settings);
        Evidence[] closed = FromWords(saved.Closed, leaf.Key, faults);
        closed.CopyTo(ordered.Closed, 0);
        for (int arm = 0; arm < Math.Min(ordered.Epochs.Length, saved.Epochs.Length / 2); arm++)
            ordered.Epochs[arm] = (Math.Max(0, saved.Epochs[2 * arm]), Math.Max(0, saved.Epochs[2 * arm + 1])); // may be beyond the sequence noted before: see BoundEpochs
        RestoreNumbers(ordered.Policy, saved.Policy, $"The policy's state of segment {leaf.Key:x}", faults);
        RestoreNumbers(ordered.Memory, settings.Forgetting.Present(saved.Memory), $"What segment {leaf.Key:x} remembers", faults);
        if (!settings.Forgetting.IsNone && !settings.Forgetting.Restore(ordered.Memory)) faults.Add($"What segment {leaf.Key:x} remembers does not fit the options or is impossible in part; that part was dropped.");
        if (settings.Drift is null || saved.Drift.Length == 0) return;
        RestoreNumbers(ordered.Queue, saved.Drift[0], $"The queue of segment {leaf.Key:x}", faults);
        for (int i = 0; i < Math.Min(ordered.Detectors.Length, saved.Drift.Length - 1); i++)
        {
            double[] detector = saved.Drift[i + 1];
            if (detector.Length > DriftDetection.MostStateLength) faults.Add($"A detector of segment {leaf.Key:x} has {detector.Length} numbers, too many; it starts anew.");
            else RestoreNumbers(ordered.Detectors[i] = new double[detector.Length], detector, $"A detector of segment {leaf.Key:x}", faults);
        }
    }

    /// <summary>
    /// Once everything was restored and replayed: no epoch ends after the last decision there was, or new decisions would count as old. A state notes the sequence
    /// first and copies segments later, so until the journal was replayed an epoch may rightly end beyond that sequence.
    /// </summary>
    private void BoundEpochs()
    {
        foreach (SegmentNode node in _segments.Nodes) node.Ordered?.BoundEpochs(_sequence);
    }

    private static void RestoreNumbers(double[] target, double[] saved, string what, List<string> faults)
    {
        bool isSound = saved.Length <= target.Length;
        foreach (double number in saved) isSound &= double.IsFinite(number);
        if (isSound) saved.CopyTo(target, 0);
        else faults.Add($"{what} does not fit the options or is not finite; it starts anew.");
    }

    /// <summary>The stored form of the cells up to the last that is not empty.</summary>
    private static long[] ToWords(Evidence[] cells)
    {
        int count = cells.Length;
        while (count > 0 && cells[count - 1].IsZero) count--;
        var words = new long[count * Evidence.WordCount];
        for (int arm = 0; arm < count; arm++) cells[arm].CopyTo(words.AsSpan(arm * Evidence.WordCount));
        return words;
    }

    private Evidence[] FromWords(long[] words, ulong key, List<string> faults)
    {
        var cells = new Evidence[Math.Min(words.Length / Evidence.WordCount, ArmCount)];
        for (int arm = 0; arm < cells.Length; arm++)
        {
            Evidence cell = Evidence.FromWords(words.AsSpan(arm * Evidence.WordCount));
            if (cell.IsPlausible) cells[arm] = cell;
            else faults.Add($"Evidence of segment {key:x}, arm '{ArmAt(arm).Id}' is impossible and was dropped; the arm falls back to its prior there.");
        }

        return cells;
    }

    private void RestoreEvidence(RouterState state, List<string> faults)
    {
        var origins = new List<OriginState>();
        foreach (OriginState origin in state.Origins)
        {
            bool isValid = origin.Weight is >= 0 and <= 1;
            if (!isValid) faults.Add(Fault.Range($"Weight of origin '{origin.Name}'", origin.Weight, "[0, 1]; its evidence is ignored"));
            origins.Add(isValid ? origin : origin with { Weight = 0 });
        }

        _origins = [.. origins];
        _settings = _settings.With(Array.ConvertAll(_origins, o => o.Weight));
        int unremembered = 0;
        foreach (SegmentState saved in state.Segments)
        {
            if (!_schema.IsLeaf(saved.Key) || saved.Position < 0)
            {
                faults.Add($"Segment key {saved.Key:x} does not fit the schema; its evidence was dropped.");
                continue;
            }

            SegmentNode leaf = _segments.Leaf(saved.Key).Node;
            if (saved.IsConditional) leaf = _segments.ConditionalOf(leaf);
            leaf.Position = saved.Position;
            Evidence[] own = FromWords(saved.Own, saved.Key, faults);
            Evidence[] rolled = saved.Rolled.Length == 0 ? own : FromWords(saved.Rolled, saved.Key, faults);
            leaf.EnsureArms(Math.Max(own.Length, rolled.Length), isLeaf: true);
            own.CopyTo(leaf.Own, 0);
            for (int arm = 0; arm < Math.Min(leaf.Progress.Length, saved.Progress.Length / 2); arm++)
                leaf.Progress[arm] = (Math.Max(0, saved.Progress[2 * arm]), Math.Max(0, saved.Progress[2 * arm + 1]));
            if (leaf.Parent is not null && !leaf.IsConditional)
            {
                rolled.CopyTo(leaf.Rolled, 0);
                AddToParents(leaf, rolled);
            }

            for (int origin = 0; origin < Math.Min(saved.Joined.Length, _origins.Length); origin++)
            {
                Evidence[] joined = FromWords(saved.Joined[origin], saved.Key, faults);
                for (SegmentNode? node = joined.Length > 0 ? leaf : null; node is not null; node = node.Parent)
                {
                    Evidence[] cells = node.JoinedOf(origin, joined.Length);
                    for (int arm = 0; arm < joined.Length; arm++) cells[arm].Add(joined[arm]);
                }
            }

            RestoreCostShifts(leaf, saved.CostShifts, faults);
            leaf.RestatedAt = Math.Max(0, saved.RestatedAt);
            RestoreExploration(leaf, saved.Exploration, faults);
            RestoreLatencies(leaf, saved.Latencies, faults);
            if (saved.Ordered is { } ordered) RestoreOrdered(leaf, ordered, faults);
            if (!_settings.Forgetting.IsNone && HasGrades(leaf.Own) && (leaf.Ordered is not { } memory || memory.Memory.AsSpan().IndexOfAnyExcept(0) < 0)) unremembered++;
        }

        if (unremembered > 0)
            faults.Add($"{unremembered} segment(s) learnt without forgetting: their own evidence is kept, but under the forgetting now in force they remember none of it and start anew.");
    }

    private static bool HasGrades(Evidence[] cells)
    {
        foreach (ref readonly Evidence cell in cells.AsSpan())
            if (cell.Graded > 0) return true;
        return false;
    }

    private void AddToParents(SegmentNode leaf, Evidence[] rolled)
    {
        for (SegmentNode? node = leaf.Parent; node is not null; node = node.Parent)
        {
            node.EnsureArms(rolled.Length, isLeaf: false);
            for (int arm = 0; arm < rolled.Length; arm++)
            {
                node.Own[arm].Add(rolled[arm]);
                node.Graded += rolled[arm].Graded;
            }
        }
    }

    private static void RestoreExploration(SegmentNode leaf, double[] saved, List<string> faults)
    {
        if (saved.Length == 7 && IsExploration(saved) && saved[4] is >= 0 and < int.MaxValue && double.IsFinite(saved[5]) && saved[6] >= 0 && double.IsFinite(saved[6]))
        {
            leaf.Exploration = ToExploration(saved);
            leaf.Unseen = ((int)saved[4], saved[5], saved[6]);
        }
        else
        {
            faults.Add($"The exploration share of segment {leaf.Key:x} is out of range; it starts anew.");
        }
    }

    private void RestoreRest(RouterState state, List<string> faults)
    {
        foreach (MassState mass in state.Masses)
        {
            SegmentNode? node = _segments.Find(mass.Key)?.Node;
            if (node is null || node.Depth != mass.Depth) continue;
            if (IsMass(mass.Quality) && IsMass(mass.Cost) && IsMass(mass.Latency) && mass.NextAt > 0)
            {
                node.Mass = new PoolingMass { Quality = mass.Quality, Cost = mass.Cost, Latency = mass.Latency };
                node.NextMassAt = mass.NextAt;
            }
            else
            {
                faults.Add($"The pooling masses of segment {mass.Key:x} are out of range; they start anew.");
            }
        }

        if (state.Exploration.Length == 4 && IsExploration(state.Exploration)) _overall.Restore(ToExploration(state.Exploration));
        else faults.Add("The overall exploration share is out of range; it starts anew.");
        int unheard = _availability.Restore(state.Availability);
        if (unheard > 0) faults.Add($"The availability of {unheard} arm(s) is out of range; it starts anew.");
        if (!_spending.Restore(state.Spending, _segments.Nodes.Length, ArmCount)) faults.Add("What was noted of spending cannot be right in part; the price of money is found anew.");
        if (!_watch.Restore(state.ArmWatch, ArmCount)) faults.Add("The detectors of arms do not fit the arms; they start anew.");
        if (_features is not null && _features.Restore(state.FeatureSlots, state.Features) is > 0 and var unfit) faults.Add($"The features of {unfit} open decision(s) do not fit the options; their outcomes will teach no model.");
        RestoreModels(state.Models, faults);
        RestoreComposition(state, faults);
        RestoreCaps(state, faults);
        int dropped = _ledger.Restore(state.Ledger, _sequence, _segments.Nodes.Length, ArmCount);
        if (dropped > 0) faults.Add($"{dropped} open decision(s) of the ledger cannot be right and were dropped; their outcomes will be refused.");
        if (_settings.KeepsOrder) RecountPending();

        static bool IsMass(double mass) => mass is >= 0 and <= PoolingMass.Most;
    }

    /// <summary>Counts by segment and arm the decisions that wait for their judgement.</summary>
    private void RecountPending()
    {
        foreach (SegmentNode node in _segments.Nodes) node.Ordered?.Pending.AsSpan().Clear();
        _ledger.VisitPending((segment, arm) => _segments.Nodes[segment].OrderedOf(_settings).Pending[arm]++);
    }

    private static bool IsExploration(double[] saved) =>
        (saved[0] is 0 or >= AdaptiveExploration.Lowest and <= AdaptiveExploration.Highest)
        && saved[1] is >= 0 and < AdaptiveExploration.Window * 1000 && double.IsFinite(saved[2]) && saved[3] >= 0 && double.IsFinite(saved[3]);

    private static AdaptiveExploration ToExploration(double[] saved) =>
        new() { Rate = saved[0], Count = (int)saved[1], Shortfall = saved[2], Variance = saved[3] };

    /// <summary>Swaps in the cells of one origin, node by node.</summary>
    private void Replace(int origin, List<(ulong Key, int Arm, Evidence Evidence)> cells)
    {
        int arms = ArmCount;
        var fresh = new Dictionary<SegmentNode, Evidence[]>();
        foreach ((ulong key, int arm, Evidence evidence) in cells)
        {
            for (SegmentNode? node = _segments.Leaf(key).Node; node is not null; node = node.Parent)
            {
                if (!fresh.TryGetValue(node, out Evidence[]? sums))
                {
                    _reading?.Check((fresh.Count + 1L) * arms / 2); // sums alone
                    fresh.Add(node, sums = new Evidence[arms]);
                }

                sums[arm].Add(evidence);
            }
        }

        foreach (SegmentNode node in _segments.Nodes)
        {
            bool has = fresh.TryGetValue(node, out Evidence[]? sums);
            if (!has && node.Joined.Length <= origin) continue;
            node.Gate.Enter();
            node.Plan.Withdraw();
            Span<Evidence> held = node.JoinedOf(origin, arms);
            if (has) sums.CopyTo(held);
            else held.Clear();
            node.Gate.Exit();
        }
    }

    /// <summary>Estimates the pooling masses of all parents, children first.</summary>
    private void EstimateMasses(RouterSettings settings)
    {
        ReadOnlySpan<SegmentNode> nodes = _segments.Nodes;
        for (int i = nodes.Length - 1; i >= 0; i--)
        {
            SegmentNode node = nodes[i];
            if (node.Plan.IsLeaf) continue;
            RollUp.EstimateMass(settings, node);
        }
    }
}
