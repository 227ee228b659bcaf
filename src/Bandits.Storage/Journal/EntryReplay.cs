using Bandits.Budgets;
using Bandits.Journaling;
using Bandits.Statistics;

namespace Bandits.Storage.Journal;

/// <summary>Tells a router the entries of its journal. An entry that cannot be read, or that names what is not known, is left out and reported.</summary>
internal sealed class EntryReplay(BanditRouter? router, string[] dimensions)
{
    /// <summary>Faults that are spelt out; the rest is counted.</summary>
    private const int MostFaults = 100;

    private readonly long[] _counts = new long[(int)EntryKind.Change + 1];
    private readonly List<string> _faults = [];
    private readonly List<JoinedEvidence> _cells = [];
    private string? _origin;
    private int _parts;

    /// <summary>Entries left out.</summary>
    public long LeftOut { get; private set; }

    public IReadOnlyList<string> Faults => _faults;

    public long CountOf(EntryKind kind) => _counts[(int)kind];

    /// <summary>Takes in the entry that ends at a position.</summary>
    public void Take(ReadOnlyMemory<byte> payload, long end)
    {
        try
        {
            var reader = new PayloadReader(payload);
            if (TryTake(ref reader, end)) return;
            Report($"The entry before position {end} names a segment or an arm that is not known.");
        }
        catch (Exception e) when (e is JournalException || PayloadReader.IsFault(e))
        {
            Report($"The entry before position {end} cannot be read: {(e.InnerException ?? e).Message}.");
        }
    }

    private bool TryTake(ref PayloadReader reader, long end)
    {
        int rest = reader.FieldsOrMore(1, "an entry");
        int fields = 1 + rest;
        int kind = reader.Byte();
        if (kind is < (int)EntryKind.Opening or > (int)EntryKind.Change) throw new InvalidDataException($"its kind is {kind}; the allowed range is 1 to {(int)EntryKind.Change}");
        bool isTaken = (EntryKind)kind switch
        {
            EntryKind.Outcome => TakeOutcome(ref reader, end),
            EntryKind.Decision => TakeDecision(ref reader, fields, end),
            EntryKind.Plan => true, // for whoever evaluates
            EntryKind.Segment => TakeSegment(ref reader),
            EntryKind.Arm => TakeArm(ref reader, rest - EntryEncoder.LeastArmFields, end),
            EntryKind.Opening => TakeOpening(ref reader),
            EntryKind.Settings => TakeSettings(ref reader),
            EntryKind.Restart => TakeRestart(ref reader, end),
            EntryKind.Weight => TakeWeight(ref reader),
            EntryKind.Joined => TakeJoined(ref reader),
            _ => TakeChange(ref reader, end),
        };
        if (isTaken) _counts[kind]++;
        return isTaken;
    }

    private bool TakeOutcome(ref PayloadReader reader, long end)
    {
        OutcomeEntry entry = default;
        ulong incarnation = reader.UInt64(), sequence = reader.UInt64(), segment = reader.UInt64();
        entry.IsConditional = reader.Flag();
        int arm = (int)reader.Bounded(ushort.MaxValue, "arm"), attempt = (int)reader.Bounded(ushort.MaxValue, "attempt");
        entry.Rank = (ushort)reader.Bounded(short.MaxValue, "revision");
        entry.Corrected = (OutcomeParts)reader.Bounded((int)OutcomeParts.All, "corrected parts");
        entry.Counted = EntryEncoder.ReadContribution(ref reader);
        entry.Known = reader.TryNil() ? Contribution.Empty : EntryEncoder.ReadContribution(ref reader);
        if ((entry.Corrected & ~entry.Known.Parts) != 0) throw new InvalidDataException("it takes back parts that were not known");
        if (entry.Counted.Kind != OutcomeKind.Expired || (entry.Counted.Parts & OutcomeParts.Judgement) == 0) entry.Rank++;
        entry.Latest = reader.Bounded(long.MaxValue, "latest sequence");
        float predicted = reader.Single();
        double propensity = reader.Double(), predictedCost = reader.Double();
        DecisionTraits traits = (DecisionTraits)reader.Byte() & ~DecisionTraits.AfterFailure;
        long decided = reader.Bounded((long)Outcome.MaxTimeTicks, "time of the decision");
        entry.TimeTicks = reader.Bounded((long)Outcome.MaxTimeTicks, "time");
        reader.Int64();
        entry.RetryAfter = TimeSpan.FromTicks(reader.Bounded(TimeSpan.TicksPerDay * 30, "Retry-After"));
        long learnt = reader.Bounded(long.MaxValue, "outcomes of the segment");
        CheckEstimates(predicted, propensity, predictedCost);
        entry.Decision = new Decision
        {
            Id = IdOf(incarnation, sequence),
            Segment = new SegmentKey(segment),
            Arm = arm,
            Attempt = attempt,
            Propensity = propensity,
            PredictedQuality = predicted,
            PredictedCostUsd = predictedCost,
            SegmentOutcomes = learnt,
            Traits = entry.IsConditional ? traits | DecisionTraits.AfterFailure : traits,
            TimeTicks = decided,
        };
        return router is null || router.ReplayOutcome(entry, end);
    }

    private bool TakeDecision(ref PayloadReader reader, int fields, long end)
    {
        DecisionEntry entry = default;
        ulong incarnation = reader.UInt64(), sequence = reader.UInt64();
        reader.Int64();
        ulong segment = reader.UInt64();
        int arm = reader.Int32();
        if (arm is < -1 or > ushort.MaxValue) throw new InvalidDataException($"arm is {arm}; the allowed range is -1 to {ushort.MaxValue}");
        double propensity = reader.Double();
        entry.Unit = reader.Double();
        var traits = (DecisionTraits)reader.Byte();
        var whyNone = (Ineligibility)reader.Int32();
        long decided = reader.Bounded((long)Outcome.MaxTimeTicks, "time");
        reader.Int64();
        int attempt = (int)reader.Bounded(ushort.MaxValue, "attempt");
        reader.UInt64();
        reader.UInt64();
        entry.Session = reader.UInt64();
        float predicted = reader.Single();
        double predictedCost = reader.Double();
        entry.Latest = reader.Bounded(long.MaxValue, "latest sequence");
        reader.Skip(2);
        reader.Int64();
        entry.Features = reader.Floats("features");
        if (arm >= 0) CheckEstimates(predicted, propensity, predictedCost);
        if (fields >= EntryEncoder.DecisionFields) TakeBooking(ref reader, ref entry);
        entry.IsForAllArms = fields < EntryEncoder.DecisionFields || reader.Flag();
        entry.Decision = new Decision
        {
            Id = IdOf(incarnation, sequence),
            Segment = new SegmentKey(segment),
            Arm = arm,
            Attempt = attempt,
            Propensity = propensity,
            PredictedQuality = predicted,
            PredictedCostUsd = predictedCost,
            Traits = traits,
            TimeTicks = decided,
            WhyNone = whyNone,
        };
        return router is null || router.ReplayDecision(entry, end);
    }

    /// <summary>What a decision booked under spend caps; entries before these had room for it end earlier.</summary>
    private static void TakeBooking(ref PayloadReader reader, ref DecisionEntry entry)
    {
        entry.Tenant = reader.UInt64();
        entry.ReservedNanoUsd = reader.Bounded((long)(Outcome.MaxCostUsd * FixedPoint.NanoUsdPerUsd), "reserved cost");
        entry.Caps = new ulong[reader.Count(1, "caps")];
        if (entry.Caps.Length > CapSet.Most) throw new InvalidDataException($"it has {entry.Caps.Length} caps; the allowed range is 0 to {CapSet.Most}");
        for (int cap = 0; cap < entry.Caps.Length; cap++) entry.Caps[cap] = reader.UInt64();
    }

    private bool TakeSegment(ref PayloadReader reader)
    {
        ulong key = reader.UInt64();
        string[] names = reader.Strings("values");
        return router is null || router.ReplaySegment(key, names);
    }

    private bool TakeArm(ref PayloadReader reader, int more, long end)
    {
        int index = (int)reader.Bounded(ushort.MaxValue - 1, "place of an arm");
        (Arm arm, ArmStatus status) = StoredArm.Read(ref reader, more);
        var faults = new List<string>();
        arm.Validate(faults);
        if (faults.Count > 0) throw new InvalidDataException(string.Join(" ", faults));
        return router is null || router.ReplayArm(index, arm, status, end);
    }

    private bool TakeOpening(ref PayloadReader reader)
    {
        ulong incarnation = reader.UInt64();
        long after = reader.Bounded(long.MaxValue, "sequence");
        router?.ReplayOpening(incarnation, after, reader.Bounded(long.MaxValue - 1, "number of an opening"));
        return true;
    }

    private bool TakeSettings(ref PayloadReader reader)
    {
        reader.Int32();
        string[] found = reader.Strings("dimensions");
        if (router is not null && !found.AsSpan().SequenceEqual(dimensions))
            throw new InvalidDataException($"it has the dimensions {string.Join(", ", found)}; the options say {string.Join(", ", dimensions)}");
        double adapts = double.NaN, rate = double.NaN, usd = double.NaN, horizon = double.NaN;
        for (int pairs = reader.Count(1, "settings") / 2; pairs > 0; pairs--)
        {
            string name = reader.String("name");
            if (name == "adapts_exploration") adapts = reader.Double();
            else if (name == "exploration_rate") rate = reader.Double();
            else if (name == "budget_usd_per_decision") usd = reader.OptionalDouble() ?? double.NaN;
            else if (name == "budget_horizon") horizon = reader.OptionalDouble() ?? double.NaN;
            else reader.Skip(1);
        }

        if (adapts is 0 or 1 && rate is >= 0 and <= 1) router?.ReplaySettings(adapts == 1, rate);
        router?.ReplayBudget(Budget.Of(usd, horizon));
        return true;
    }

    private bool TakeRestart(ref PayloadReader reader, long end)
    {
        ulong key = reader.UInt64();
        int arm = (int)reader.Bounded(ushort.MaxValue, "arm");
        long until = reader.Bounded(long.MaxValue, "sequence");
        return router is null || router.ReplayRestart(key, arm, until, end);
    }

    private bool TakeWeight(ref PayloadReader reader)
    {
        string origin = reader.String("origin");
        double weight = reader.Double();
        router?.SetOriginWeight(origin, weight);
        return true;
    }

    /// <summary>The parts of a contribution follow each other; one of which a part is missing never happened.</summary>
    private bool TakeJoined(ref PayloadReader reader)
    {
        string origin = reader.String("origin");
        long sequence = reader.Int64();
        double weight = reader.Double();
        int part = reader.Int32(), rest = reader.Int32(), count = reader.Count(3, "cells");
        if (part == 0)
        {
            _cells.Clear();
            (_origin, _parts) = (origin, 0);
        }

        if (router is null && _origin is null && part > 0) return true; // only looking, and the beginning is in another file
        if (origin != _origin || part != _parts) throw new InvalidDataException($"part {part} of a contribution of origin '{origin}' does not follow the one before");
        _parts++;
        Span<long> numbers = stackalloc long[Evidence.WordCount];
        for (int i = 0; i < count; i++)
        {
            int more = reader.FieldsOrMore(EntryEncoder.JoinedCellFields, "a joined cell");
            string[] segment = reader.Strings("values");
            string arm = reader.String("arm");
            int words = reader.Count(1, "evidence");
            if (words != Evidence.WordCount) throw new InvalidDataException($"evidence has {words} words; {Evidence.WordCount} are needed");
            for (int word = 0; word < words; word++) numbers[word] = reader.Int64();
            reader.Skip(more);
            _cells.Add(new JoinedEvidence(segment, arm, Evidence.FromWords(numbers)));
        }

        if (rest > 0) return true;
        router?.Join(origin, sequence, weight, _cells);
        _cells.Clear();
        _origin = null;
        return true;
    }

    private bool TakeChange(ref PayloadReader reader, long end)
    {
        int arm = (int)reader.Bounded(ushort.MaxValue, "arm");
        var component = (OutcomeComponents)reader.Byte();
        if (component is not (OutcomeComponents.Quality or OutcomeComponents.Cost)) throw new InvalidDataException($"what changed is {(int)component}; the allowed values are {(int)OutcomeComponents.Quality} and {(int)OutcomeComponents.Cost}");
        bool isHigher = reader.Flag();
        double factor = reader.Double();
        if (!(factor >= ChangeEntry.LeastFactor && factor <= ChangeEntry.MostFactor)) throw new InvalidDataException($"costs changed by a factor of {factor}; the allowed range is [{ChangeEntry.LeastFactor}, {ChangeEntry.MostFactor}]");
        ulong incarnation = reader.UInt64(), sequence = reader.UInt64();
        var change = new ChangeEntry(arm, component, isHigher, factor, IdOf(incarnation, sequence)) { Until = reader.Bounded(long.MaxValue, "sequence") };
        return router is null || router.ReplayChange(change, end);
    }

    private static DecisionId IdOf(ulong incarnation, ulong sequence)
    {
        if (incarnation == 0 || sequence is 0 or > long.MaxValue) throw new InvalidDataException($"decision {incarnation:x}-{sequence:x} is no id");
        return new DecisionId(incarnation, sequence);
    }

    private static void CheckEstimates(float predictedQuality, double propensity, double predictedCostUsd)
    {
        bool isSound = predictedQuality is >= 0 and <= 1 && (double.IsNaN(propensity) || propensity is > 0 and <= 1 + 1e-9) && double.IsFinite(predictedCostUsd);
        if (!isSound) throw new InvalidDataException($"it expects quality {predictedQuality}, cost {predictedCostUsd} at propensity {propensity}; no decision does");
    }

    private void Report(string fault)
    {
        LeftOut++;
        if (_faults.Count < MostFaults) _faults.Add(fault);
    }
}
