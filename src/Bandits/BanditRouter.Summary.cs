using Bandits.Concurrency;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>How learning goes.</content>
public sealed partial class BanditRouter
{
    /// <summary>Loss of quality that a saving may bring.</summary>
    private const double ToleratedLoss = 0.1;

    /// <summary>Confidence that a saving needs.</summary>
    private const double SavingConfidence = 0.9;

    /// <summary>Sums up what was learnt, with the <paramref name="topSavings"/> largest savings. Allocates.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="topSavings"/> is negative.</exception>
    public LearningSummary Summarize(int topSavings = 3)
    {
        if (topSavings < 0) Throw.OutOfRange(nameof(topSavings), topSavings, "0 or more");
        RouterSettings settings = _settings;
        var byArm = new Evidence[settings.Catalog.Count];
        var exploration = new List<SegmentExploration>();
        var savings = new List<Saving>();
        DecisionScratch scratch = DecisionScratch.For(settings.Catalog.Count, _schema.Depth + 2);
        foreach (SegmentNode leaf in _segments.Nodes)
        {
            if (leaf.Depth != _schema.Depth) continue;
            BeliefDerivation.Derive(settings, leaf, _availability, 0, scratch, out AdaptiveExploration adaptive);
            string[] values = ValuesOf(new SegmentKey(leaf.Key));
            if (settings.AdaptExploration && adaptive.HasRate) exploration.Add(new SegmentExploration(values, adaptive.Rate));
            int current = -1;
            long most = 0;
            for (int arm = 0; arm < byArm.Length; arm++)
            {
                Evidence evidence = Read(leaf, arm, AllOf);
                byArm[arm].Add(evidence);
                if (evidence.Total > most) (current, most) = (arm, evidence.Total);
            }

            if (current >= 0 && BestSaving(settings, scratch, current, values) is { } saving) savings.Add(saving);
        }

        savings.Sort((x, y) => y.SavingUsd.CompareTo(x.SavingUsd));
        Evidence all = default;
        var providers = new SortedDictionary<string, Evidence>(StringComparer.Ordinal);
        for (int arm = 0; arm < byArm.Length; arm++)
        {
            all.Add(byArm[arm]);
            if (byArm[arm].Total == 0) continue;
            string provider = settings.Catalog.Arms[arm].Provider;
            Evidence sum = providers.GetValueOrDefault(provider);
            sum.Add(byArm[arm]);
            providers[provider] = sum;
        }

        var comparison = new List<ProviderSummary>();
        foreach ((string provider, Evidence e) in providers)
            comparison.Add(new ProviderSummary(provider, e.Total, e.QualitySum / e.QualityCount, e.CostSumUsd / e.CostCount, e.LatencySumSeconds / e.LatencyCount));
        return new LearningSummary
        {
            Strategy = settings.Strategy,
            Decisions = DecisionCount,
            Executions = all.Total,
            SuccessRate = all.QualitySum / all.QualityCount,
            TotalCostUsd = all.CostSumUsd,
            ExplorationRate = settings.AdaptExploration && _overall.Rate > 0 ? _overall.Rate : settings.ExplorationRate,
            Exploration = exploration,
            Providers = comparison,
            Savings = savings.GetRange(0, Math.Min(topSavings, savings.Count)),
        };
    }

    private static Evidence AllOf(SegmentNode node, int arm)
    {
        Evidence sum = At(node.Own, arm);
        foreach (Evidence[] joined in node.Joined) sum.Add(At(joined, arm));
        return sum;
    }

    /// <summary>The enabled arm that saves most against the current one and is confidently not more than the tolerated loss below it.</summary>
    private static Saving? BestSaving(RouterSettings settings, DecisionScratch scratch, int current, string[] values)
    {
        ref readonly ArmEstimate now = ref scratch.Estimates[current];
        Belief floor = OnQuality(now.Belief, -ToleratedLoss);
        Saving? best = null;
        for (int arm = 0; arm < settings.Catalog.Count; arm++)
        {
            ref readonly ArmEstimate other = ref scratch.Estimates[arm];
            double saving = now.CostUsd - other.CostUsd;
            if (settings.Catalog.Status[arm] != ArmStatus.Enabled || other.Belief.Samples < settings.MinSamples || !(saving > (best?.SavingUsd ?? 0) && saving >= settings.MinSavingUsd)) continue;
            double confidence = Confidence.Of(OnQuality(other.Belief, 0), floor);
            if (confidence < SavingConfidence) continue;
            best = new Saving(
                values, settings.Catalog.Arms[current].Id, settings.Catalog.Arms[arm].Id, saving, other.Belief.QualityMean - now.Belief.QualityMean, confidence);
        }

        return best;
    }

    private static Belief OnQuality(in Belief belief, double shift) => new(belief.Alpha, belief.Beta, 1, shift, belief.Samples);
}
