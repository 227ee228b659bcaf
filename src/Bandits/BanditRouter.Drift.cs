using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Journaling;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>Arms that change in all segments at once, and prices that change.</content>
public sealed partial class BanditRouter
{
    /// <summary>Changes that are remembered for <see cref="Changes"/>.</summary>
    private const int MostChanges = 256;

    /// <summary>Outcomes that a cell's costs count for after its price level was found to have moved: the new level is known from a few outcomes only.</summary>
    private const double DetectedCostOutcomes = 5;

    /// <summary>What a model's evidence of an arm still counts after its price level was found to have moved.</summary>
    private const double DetectedModelWeight = 0.1;

    /// <summary>More than any cell can have been restated by.</summary>
    private const double MostShift = 1e30;

    private readonly ArmWatch _watch = new();
    private ArmChange[] _changes = [];

    /// <summary>The latest changes of whole arms that were detected, or announced by new prices, oldest first; at most 256, of this router.</summary>
    public IReadOnlyList<ArmChange> Changes => Volatile.Read(ref _changes);

    /// <summary>
    /// After an outcome was counted: shows what is new in it to the detectors of its arm, and acts on what they find. Of a replayed outcome what was found stands in the journal as entries of its own, <see cref="ReplayChange"/> and
    /// <see cref="ReplayRestart"/>.
    /// </summary>
    private void Watch(RouterSettings settings, ArmDriftDetection drift, in Decision decision, in Contribution counted, in Contribution known, bool isReplayed)
    {
        if ((drift.Components & OutcomeComponents.Quality) != 0 && counted.Quality >= 0 && known.Quality < 0)
        {
            int alarm = _watch.ObserveQuality(settings.QualityShift!, decision, FixedPoint.QualityFrom(counted.Quality), _spending.ProbingOf(decision.Arm) > 0);
            if (alarm != 0 && !isReplayed) Change(settings, new ChangeEntry(decision.Arm, OutcomeComponents.Quality, alarm > 0, 1, decision.Id));
        }

        if ((drift.Components & OutcomeComponents.Cost) != 0 && counted.HasCost && !known.HasCost)
        {
            int alarm = _watch.ObserveCost(settings.CostShift!, decision, FixedPoint.UsdFrom(counted.CostNanoUsd), out double factor);
            if (alarm != 0 && !isReplayed) Change(settings, new ChangeEntry(decision.Arm, OutcomeComponents.Cost, factor > 1, factor, decision.Id));
        }
    }

    /// <summary>A change was detected: it is written down and acted on, and where quality has changed every cell of the arm begins anew.</summary>
    private void Change(RouterSettings settings, ChangeEntry change)
    {
        long position = -1;
        lock (_changing)
        {
            _sequences.EndBlocks();
            change.Until = DecisionCount;
            if (settings.Journal is { } journal) position = Write(journal, journal.EncodeChange(change), waits: true);
            Take(change, position, isReplayed: false);
        }

        foreach (SegmentNode node in change.Component == OutcomeComponents.Quality ? _segments.Nodes : [])
        {
            if (!node.Plan.IsLeaf || node.IsConditional || change.Arm >= node.Own.Length || node.Own[change.Arm].Total == 0) continue;
            position = Math.Max(position, RestartCell(node, change.Arm));
        }

        Confirm(position);
    }

    /// <summary>A change was detected; false when its arm is not known.</summary>
    internal bool ReplayChange(in ChangeEntry change, long position)
    {
        if ((uint)change.Arm >= (uint)ArmCount) return false;
        Take(change, position, isReplayed: true);
        return true;
    }

    /// <summary>Inside the lock of changes, or while replaying: all that a change brings but the restarts of cells.</summary>
    private void Take(in ChangeEntry change, long position, bool isReplayed)
    {
        RouterSettings settings = _settings;
        bool isCost = change.Component == OutcomeComponents.Cost, isWorse = change.IsHigher == isCost;
        _watch.Restart(change.Arm, change.Component, (ulong)change.Until);
        if (isCost) RestateDetected(change.Arm, change.Factor, position, isReplayed);
        RestartModels(settings, change.Arm, isCost ? DetectedModelWeight : 0, position, isReplayed);
        if (settings.ArmDrift is { } drift) _spending.Probe(change.Arm, isWorse ? drift.ProbingShare : 0, isWorse ? drift.ProbingDecisions : 0);
        Note(new ArmChange(settings.Catalog.Arms[change.Arm].Id, change.Component, change.IsHigher, false, change.DetectedBy));
    }

    /// <summary>Inside the lock of changes, or while nobody decides: prices of arms have been announced to be others than they were, so what these have cost is restated.</summary>
    private void Announce(Arm[] before, RouterSettings after, long position, bool isReplayed)
    {
        for (int arm = 0; arm < before.Length; arm++)
        {
            Arm former = before[arm], present = after.Catalog.Arms[arm];
            if (former.InputUsdPerMillionTokens == present.InputUsdPerMillionTokens && former.OutputUsdPerMillionTokens == present.OutputUsdPerMillionTokens) continue;
            double typical = RatioOf(former, present, after.TypicalInputTokens, after.TypicalOutputTokens);
            if (!(typical > 0 && double.IsFinite(typical))) continue; // one of the prices is not known
            _sequences.EndBlocks();
            _watch.Restart(arm, OutcomeComponents.Cost, (ulong)DecisionCount); // what was decided so far expected the former price
            Restate(arm, typical, cell => cell.TokenCount > 0 && RatioOf(former, present, cell.InputTokens, cell.OutputTokens) is > 0 and < double.PositiveInfinity and var own ? own : typical, double.PositiveInfinity, position, isReplayed);
            Note(new ArmChange(present.Id, OutcomeComponents.Cost, typical > 1, true, DecisionId.None));
        }

        static double RatioOf(Arm former, Arm present, double input, double output) =>
            (input * (present.InputUsdPerMillionTokens ?? double.NaN) + output * (present.OutputUsdPerMillionTokens ?? double.NaN))
            / (input * (former.InputUsdPerMillionTokens ?? double.NaN) + output * (former.OutputUsdPerMillionTokens ?? double.NaN));
    }

    /// <summary>Inside the lock of changes: restates what an arm has cost in every segment.</summary>
    /// <param name="arm">Dense index.</param>
    /// <param name="typical">By how much its costs change, on the whole.</param>
    /// <param name="factorOf">By how much the costs of a cell change.</param>
    /// <param name="most">Outcomes that they count for at most from now on.</param>
    /// <param name="position">The journal's position after the entry that says so; -1 without a journal.</param>
    /// <param name="isReplayed">Whether a segment that was copied after that position has it already.</param>
    private void Restate(int arm, double typical, Func<Evidence, double> factorOf, double most, long position, bool isReplayed)
    {
        RouterSettings settings = _settings;
        foreach (SegmentNode leaf in _segments.Nodes)
        {
            if (!leaf.Plan.IsLeaf || arm >= leaf.Own.Length || (isReplayed && leaf.RestatedAt >= position)) continue;
            leaf.Gate.Enter();
            leaf.RestatedAt = Math.Max(leaf.RestatedAt, position);
            leaf.Plan.Withdraw();
            leaf.Choices?.Outdate(arm);
            Evidence delta = default;
            bool isCarried = leaf.Parent is not null && !leaf.IsConditional;
            if (isCarried) RollUp.Take(leaf, arm, out delta); // so that parents have what is restated
            if (leaf.CostShifts.Length <= arm) Array.Resize(ref leaf.CostShifts, settings.Catalog.Count);
            CostShift former = leaf.CostShifts[arm];
            leaf.CostShifts[arm] = former.Restated(leaf.Own[arm], factorOf(leaf.Own[arm]), most);
            CostShift change = leaf.CostShifts[arm] - former;
            leaf.Gate.Exit();
            if (!isCarried) continue;
            RollUp.Carry(settings, leaf, arm, delta);
            RollUp.Carry(settings, leaf, arm, change);
        }

        _spending.Restate(arm, typical);
    }

    /// <summary>In a method of its own, as what a lambda captures is allocated wherever its method begins.</summary>
    private void RestateDetected(int arm, double factor, long position, bool isReplayed) => Restate(arm, factor, _ => factor, DetectedCostOutcomes, position, isReplayed);

    private void RestoreCostShifts(SegmentNode leaf, double[] saved, List<string> faults)
    {
        if (saved.Length == 0) return;
        bool isSound = saved.Length % 3 == 0 && saved.Length / 3 <= ArmCount;
        foreach (double number in saved) isSound &= double.IsFinite(number) && Math.Abs(number) <= MostShift;
        if (!isSound)
        {
            faults.Add($"The restated costs of segment {leaf.Key:x} are out of range; costs count as they were observed.");
            return;
        }

        leaf.EnsureArms(saved.Length / 3, isLeaf: true);
        leaf.CostShifts = new CostShift[saved.Length / 3];
        for (int arm = 0; arm < saved.Length / 3; arm++)
        {
            leaf.CostShifts[arm] = new CostShift(saved[3 * arm], saved[3 * arm + 1], saved[3 * arm + 2]);
            if (!leaf.IsConditional) RollUp.Carry(_settings, leaf, arm, leaf.CostShifts[arm]);
        }
    }

    private void Note(ArmChange change)
    {
        while (true)
        {
            ArmChange[] known = Volatile.Read(ref _changes);
            ArmChange[] longer = known.Length < MostChanges ? [.. known, change] : [.. known[1..], change];
            if (Interlocked.CompareExchange(ref _changes, longer, known) == known) return;
        }
    }
}
