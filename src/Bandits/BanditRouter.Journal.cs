using System.Runtime.CompilerServices;
using Bandits.Concurrency;
using Bandits.Journaling;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>What is written down, so that nothing acknowledged is lost.</content>
public sealed partial class BanditRouter
{
    /// <summary>Past incarnations that are remembered, so that ids a crash lost are told from ids in use.</summary>
    private const int MostOpenings = 4096;

    private OpeningState[] _openings = [];
    private ulong[] _adopted = [];
    private long _openedAfter;
    private long _contextAt = -1;

    /// <summary>From now on everything is written down. Called once, before anybody decides.</summary>
    internal void Attach(IRouterJournal journal)
    {
        lock (_changing)
        {
            _openedAfter = _sequence;
            Write(journal, journal.EncodeOpening(_incarnation, _openedAfter, OpeningNumber), waits: true);
            Put(_settings.With(journal));
            _contextAt = WriteContext(journal, waits: true);
        }
    }

    /// <summary>From now on decisions are timed and recording is traced.</summary>
    internal void Attach(IRouterProbe probe)
    {
        lock (_changing) Put(_settings.With(probe));
    }

    /// <summary>Changes the weight with which the evidence of an origin enters belief.</summary>
    /// <param name="origin">Name of the origin.</param>
    /// <param name="weight">Weight of each outcome, in [0, 1].</param>
    /// <exception cref="ArgumentException">There is no such origin, or the weight is out of its range; nothing changes.</exception>
    public void SetOriginWeight(string origin, double weight)
    {
        ArgumentException.ThrowIfNullOrEmpty(origin);
        if (!(weight >= 0 && weight <= 1)) Throw.OutOfRange(nameof(weight), weight, "[0, 1]");
        long position = -1;
        lock (_changing)
        {
            int number = Array.FindIndex(_origins, o => o.Name == origin);
            if (number < 0) Throw.Argument($"There is no origin '{origin}'.");
            if (_origins[number].Weight == weight) return;
            if (_settings.Journal is { } journal) position = WriteChange(journal, journal.EncodeWeight(origin, weight));
            OriginState[] origins = [.. _origins];
            origins[number] = origins[number] with { Weight = weight };
            Volatile.Write(ref _origins, origins);
            EstimateMasses(Put(_settings.With(Array.ConvertAll(origins, o => o.Weight))));
        }

        Confirm(position);
    }

    /// <summary>
    /// Closes the epoch of an arm in a segment, because something is known to have changed: what was observed so far is kept, see
    /// <see cref="ClosedEvidenceOf"/>, and no longer believed; outcomes of earlier decisions go there too.
    /// </summary>
    /// <exception cref="ArgumentException">The segment or the arm is unknown; nothing changes.</exception>
    public void Restart(SegmentKey segment, string armId)
    {
        RouterSettings settings = Volatile.Read(ref _settings);
        ArgumentNullException.ThrowIfNull(armId);
        if (!settings.Catalog.TryIndexOf(armId, out int arm)) ThrowUnknown(armId);
        Confirm(RestartCell(NewLeaf(KeyOf(segment)).Node, arm));
    }

    /// <summary>Closes the epoch of a cell; returns the journal's position after it, -1 without one.</summary>
    private long RestartCell(SegmentNode leaf, int arm)
    {
        RouterSettings settings = Volatile.Read(ref _settings);
        long position = -1;
        int bytes = 0, room = 0;
        if (settings.Journal is { } journal)
        {
            _ = IsNamed(journal, leaf, waits: true);
            room = journal.EncodeRestart(leaf.Key, arm, long.MaxValue);
            if (!journal.Reserve(room)) room = 0;
        }

        settings = Enter(settings, leaf, arm);
        _sequences.EndBlocks(); // what is decided from now on belongs to the new epoch
        long latest = Volatile.Read(ref _sequence);
        if (room > 0)
        {
            bytes = settings.Journal!.EncodeRestart(leaf.Key, arm, latest);
            leaf.Position = position = settings.Journal.Append();
        }

        leaf.OrderedOf(settings).RestartByHand(settings, leaf, arm, latest);
        leaf.Gate.Exit();
        settings.Journal?.Release(room - bytes);
        CarryRestarts(settings, leaf);
        return position;
    }

    /// <summary>Inside the lock of changes: writes an arm down as it will be; returns the position after it, -1 without a journal.</summary>
    private static long WriteDown(RouterSettings changed, int arm) =>
        changed.Journal is { } journal ? WriteChange(journal, journal.EncodeArm(arm, changed.Catalog.Arms[arm], changed.Catalog.Status[arm])) : -1;

    /// <summary>Inside the lock of changes: writes a joined contribution down, the names of its segments first, so that replaying gives them the same numbers.</summary>
    private long WriteDown(string origin, long sequence, double weight, List<(ulong Key, int Arm, Evidence Evidence)> numbered)
    {
        if (_settings.Journal is not { } journal) return -1;
        var cells = new JoinedEvidence[numbered.Count];
        for (int i = 0; i < cells.Length; i++)
        {
            SegmentNode leaf = _segments.Leaf(numbered[i].Key).Node; // with its own names: one beyond a bound is that of all others, also when it is read
            _ = IsNamed(journal, leaf, waits: true);
            cells[i] = new JoinedEvidence(_schema.NamesOf(leaf.Key), _settings.Catalog.Arms[numbered[i].Arm].Id, numbered[i].Evidence);
        }

        long position = -1;
        int done = 0, part = 0;
        do
        {
            int bytes = journal.EncodeJoined(origin, sequence, weight, cells.AsSpan(done), part++, out int taken);
            position = WriteChange(journal, bytes);
            done += taken;
        }
        while (done < cells.Length);
        return position;
    }

    /// <summary>Writes a plan down; returns its position, or -1 when there is no journal or no room.</summary>
    private long WriteDown(RouterSettings settings, SegmentNode leaf, in Planner.Result plan, DecisionScratch scratch, DecisionTraits traits)
    {
        if (settings.Journal is not { } journal || !IsNamed(journal, leaf, waits: false)) return -1;
        int arms = settings.Catalog.Count;
        int bytes = journal.EncodePlan(new PlanEntry
        {
            Segment = leaf.Key,
            SettingsVersion = settings.Version,
            Round = plan.Round,
            ExplorationRate = plan.ExplorationRate,
            Traits = traits,
            Planned = scratch.Plan,
            WhyNot = scratch.Why.AsSpan(0, arms),
            Estimates = scratch.Estimates.AsSpan(0, arms),
        });
        return Write(journal, bytes, waits: false) is >= 0 and var end ? end - bytes : -1;
    }

    /// <summary>Writes a decision down; where it, or the plan it was drawn from, finds no room it is dropped and counted.</summary>
    private void WriteDown(IRouterJournal journal, SegmentNode leaf, in Decision decision, in Request request, double unit, long plan)
    {
        if (TryPrepare(journal, leaf, decision, request, unit, plan, Volatile.Read(ref _sequence)) > 0) journal.Append();
    }

    /// <summary>Encodes a decision and takes room for it; returns the bytes, 0 when there is no room.</summary>
    private int TryPrepare(IRouterJournal journal, SegmentNode leaf, in Decision decision, in Request request, double unit, long plan, long latest)
    {
        if (plan >= 0 && IsNamed(journal, leaf, waits: false))
        {
            int bytes = Encode(journal, decision, request, unit, plan, latest);
            return journal.TryReserve(bytes) ? bytes : 0;
        }

        journal.Drop();
        return 0;
    }

    private int Encode(IRouterJournal journal, in Decision decision, in Request request, double unit, long plan, long latest) =>
        _spent is { } spent ? EncodeBooked(spent, journal, decision, request, unit, plan, latest) : journal.EncodeDecision(decision, request, unit, plan, latest, default);

    /// <summary>Whether the journal's present file names this segment, and before it the settings and arms; writes them where it does not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsNamed(IRouterJournal journal, SegmentNode leaf, bool waits)
    {
        long start = journal.FileStart;
        return (Volatile.Read(ref leaf.NamedAt) >= start && Volatile.Read(ref _contextAt) >= start) || TryName(journal, leaf, start, waits);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryName(IRouterJournal journal, SegmentNode leaf, long start, bool waits)
    {
        if (Volatile.Read(ref _contextAt) < start && _changing.TryEnter())
        {
            try
            {
                _contextAt = WriteContext(journal, waits);
            }
            finally
            {
                _changing.Exit();
            }
        }

        if (Volatile.Read(ref leaf.NamedAt) >= start) return true;
        int bytes = journal.EncodeSegment(leaf.Key, _schema.NamesOf(leaf.Key));
        long end = Write(journal, bytes, waits);
        if (end < 0) return false;
        Volatile.Write(ref leaf.NamedAt, end - bytes);
        return true;
    }

    /// <summary>Writes settings and arms; returns the position of the first of them, or -1 when there was no room for all.</summary>
    private long WriteContext(IRouterJournal journal, bool waits)
    {
        RouterSettings settings = _settings;
        int bytes = journal.EncodeSettings(settings, _schema.Dimensions);
        long end = Write(journal, bytes, waits), start = end - bytes;
        for (int arm = 0; end >= 0 && arm < settings.Catalog.Count; arm++) end = Write(journal, journal.EncodeArm(arm, settings.Catalog.Arms[arm], settings.Catalog.Status[arm]), waits);
        return end < 0 ? -1 : start;
    }

    /// <summary>Writes what this thread has encoded; returns the position after it, or -1 when there is no room.</summary>
    private static long Write(IRouterJournal journal, int bytes, bool waits) => (waits ? journal.Reserve(bytes) : journal.TryReserve(bytes)) ? journal.Append() : -1;

    /// <summary>Inside the lock of changes: writes a change, which must not be dropped.</summary>
    private static long WriteChange(IRouterJournal journal, int bytes)
    {
        long end = Write(journal, bytes, waits: true);
        if (end < 0) ThrowNoRoom();
        return end;
    }

    private static void ThrowNoRoom() => Throw.Invalid("The journal has no room for a change of arms, origins or settings; nothing changed. Try again when it has caught up.");

    private void Confirm(long position)
    {
        if (position >= 0) _settings.Journal?.Confirm(position);
    }

    /// <summary>Whether a decision is of a past router of this state, and a crash lost it: it came after the last that survived, or its arm or segment is gone as well.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsLost(in Decision decision)
    {
        foreach (OpeningState opening in _openings)
        {
            if (opening.Incarnation == decision.Id.Incarnation)
                return (long)decision.Id.Sequence > opening.Last || (uint)decision.Arm >= (uint)ArmCount || _segments.Find(decision.Segment.Packed) is not { IsLeaf: true };
        }

        return false;
    }

    /// <summary>How many-th opening of its state this router is, from 1.</summary>
    internal long OpeningNumber => _openings.Length == 0 ? 1 : Math.Min(_openings[^1].Number, long.MaxValue - 1) + 1; // a forged one stays where it is

    private ReadOnlySpan<OpeningState> KnownOpenings() => _openings.AsSpan(Math.Max(0, _openings.Length - (MostOpenings - 1)));

    /// <summary>Remembers an incarnation that a caller brought along.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Remember(ulong incarnation)
    {
        ulong[] known = Volatile.Read(ref _adopted);
        if (known.Length < MostOpenings && Array.IndexOf(known, incarnation) < 0) Interlocked.CompareExchange(ref _adopted, [.. known, incarnation], known);
    }
}
