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

    private readonly ArmWatch _watch = new();
    private ArmChange[] _changes = [];

    /// <summary>The latest changes of whole arms that were detected, or announced by new prices, oldest first; at most 256, of this router.</summary>
    public IReadOnlyList<ArmChange> Changes => Volatile.Read(ref _changes);

    /// <summary>After an outcome was counted: shows what is new in it to the detectors of its arm, and acts on what they find.</summary>
    private void Watch(RouterSettings settings, ArmDriftDetection drift, in Decision decision, in Contribution counted, in Contribution known)
    {
        if ((drift.Components & OutcomeComponents.Quality) != 0 && counted.Quality >= 0 && known.Quality < 0)
        {
            int alarm = _watch.ObserveQuality(settings.QualityShift!, decision, FixedPoint.QualityFrom(counted.Quality), _spending.ProbingOf(decision.Arm) > 0);
            if (alarm != 0) RestartEverywhere(settings, drift, decision, alarm);
        }

        if ((drift.Components & OutcomeComponents.Cost) == 0 || !counted.HasCost || known.HasCost) return;
        if (_watch.ObserveCost(settings.CostShift!, decision, FixedPoint.UsdFrom(counted.CostNanoUsd), out double factor) != 0)
        {
            lock (_changing) RestateDetected(decision.Arm, factor);
            RestartModels(settings, decision.Arm, DetectedModelWeight);
            _spending.Probe(decision.Arm, factor > 1 ? drift.ProbingShare : 0, factor > 1 ? drift.ProbingDecisions : 0);
            Note(new ArmChange(settings.Catalog.Arms[decision.Arm].Id, OutcomeComponents.Cost, factor > 1, false, decision.Id));
        }
    }

    /// <summary>
    /// As <see cref="Watch"/> did when the outcome was recorded. Restarts stand in the journal as entries of their own, so what is found of quality is not acted on twice; restated costs do not, so they are restated again.
    /// </summary>
    private void ReplayWatch(RouterSettings settings, ArmDriftDetection drift, in OutcomeEntry entry)
    {
        int arm = entry.Decision.Arm;
        if ((drift.Components & OutcomeComponents.Quality) != 0 && entry.Counted.Quality >= 0 && entry.Known.Quality < 0)
            _watch.ObserveQuality(settings.QualityShift!, entry.Decision, FixedPoint.QualityFrom(entry.Counted.Quality), _spending.ProbingOf(arm) > 0);
        if ((drift.Components & OutcomeComponents.Cost) != 0 && entry.Counted.HasCost && !entry.Known.HasCost
            && _watch.ObserveCost(settings.CostShift!, entry.Decision, FixedPoint.UsdFrom(entry.Counted.CostNanoUsd), out double factor) != 0)
            RestateDetected(arm, factor);
    }

    private void RestartEverywhere(RouterSettings settings, ArmDriftDetection drift, in Decision decision, int direction)
    {
        string id = settings.Catalog.Arms[decision.Arm].Id;
        _watch.Restart(decision.Arm, (ulong)DecisionCount);
        foreach (SegmentNode node in _segments.Nodes)
        {
            if (!node.Plan.IsLeaf || node.IsConditional || decision.Arm >= node.Own.Length || node.Own[decision.Arm].Total == 0) continue;
            Restart(new SegmentKey(node.Key), id);
        }

        RestartModels(settings, decision.Arm, 0);
        _spending.Probe(decision.Arm, direction < 0 ? drift.ProbingShare : 0, direction < 0 ? drift.ProbingDecisions : 0);
        Note(new ArmChange(id, OutcomeComponents.Quality, direction > 0, false, decision.Id));
    }

    /// <summary>Inside the lock of changes: an arm's price has been announced to be another one, so what it has cost is restated at it.</summary>
    private void Announce(RouterSettings before, RouterSettings after)
    {
        for (int arm = 0; arm < before.Catalog.Count; arm++)
        {
            Arm former = before.Catalog.Arms[arm], present = after.Catalog.Arms[arm];
            if (former.InputUsdPerMillionTokens == present.InputUsdPerMillionTokens && former.OutputUsdPerMillionTokens == present.OutputUsdPerMillionTokens) continue;
            double typical = RatioOf(former, present, after.TypicalInputTokens, after.TypicalOutputTokens);
            if (!(typical > 0 && double.IsFinite(typical))) continue; // one of the prices is not known
            Restate(arm, typical, cell => cell.TokenCount > 0 && RatioOf(former, present, cell.InputTokens, cell.OutputTokens) is > 0 and < double.PositiveInfinity and var own ? own : typical, double.PositiveInfinity);
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
    private void Restate(int arm, double typical, Func<Evidence, double> factorOf, double most)
    {
        RouterSettings settings = _settings;
        foreach (SegmentNode leaf in _segments.Nodes)
        {
            if (!leaf.Plan.IsLeaf || arm >= leaf.Own.Length) continue;
            leaf.Gate.Enter();
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
    private void RestateDetected(int arm, double factor) => Restate(arm, factor, _ => factor, DetectedCostOutcomes);

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
