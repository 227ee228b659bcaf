using Bandits.Concurrency;
using Bandits.Contextual;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>What models of features learn, and where they are kept.</content>
public sealed partial class BanditRouter
{
    /// <summary>After an outcome was counted: lets the model of its segment learn it, in place of what was known before.</summary>
    private void LearnModel(RouterSettings settings, FeatureModels models, SegmentNode leaf, in Decision decision, in Contribution before, in Contribution after, long position, bool isReplayed)
    {
        if (after.Quality < 0 || _features is null || (uint)decision.Arm >= (uint)settings.Catalog.Count) return;
        Span<float> features = models.Buffer();
        if (!_features.TryGet(decision, features, out FeatureBase without)) return;
        SegmentNode node = models.NodeOf(leaf);
        if (leaf.Ordered is { } ordered && ordered.IsClosed(decision.Id, decision.Arm)) return;
        bool isBorrowingDue = LearnModel(settings, models, node, features, decision.Arm, without, before, after, position, isReplayed) && models.IsBorrowingDue(node, decision.Arm);
        if (models.Depth == 0) return;
        LearnModel(settings, models, _root, features, decision.Arm, without, before, after, position, isReplayed);
        if (!isBorrowingDue) return;
        _root.Gate.Enter();
        node.Gate.Enter(); // root before node, here and nowhere else
        models.Borrow(node, _root, decision.Arm);
        node.Gate.Exit();
        _root.Gate.Exit();
    }

    /// <summary>Lets the model of a node learn an outcome; false when it has, as a copy that was made later says.</summary>
    private static bool LearnModel(
        RouterSettings settings, FeatureModels models, SegmentNode node, ReadOnlySpan<float> features, int arm, FeatureBase without, in Contribution before, in Contribution after, long position, bool isReplayed)
    {
        if (isReplayed && node.ModelPosition >= position) return false;
        node.Gate.Enter();
        models.Learn(settings, node, features, arm, without, before, after);
        node.ModelPosition = Math.Max(node.ModelPosition, position);
        node.Gate.Exit();
        return true;
    }

    /// <summary>An arm has changed: what models know of it counts less, or is put aside.</summary>
    private void RestartModels(RouterSettings settings, int arm, double kept, long position, bool isReplayed)
    {
        if (settings.Models is not { } models) return;
        foreach (SegmentNode node in _segments.Nodes)
        {
            if (node.Model.Length == 0 || (isReplayed && node.ModelPosition >= position)) continue;
            node.Gate.Enter();
            models.Discount(settings, node, arm, kept);
            node.ModelPosition = Math.Max(node.ModelPosition, position);
            node.Gate.Exit();
        }
    }

    private ModelState[] CaptureModels(int nodes)
    {
        var models = new List<ModelState>();
        foreach (SegmentNode node in _segments.Nodes[..nodes])
        {
            if (node.Model.Length == 0) continue;
            node.Gate.Enter();
            models.Add(new ModelState(node.Key, node.Depth, node.ModelPosition, [.. node.Model]));
            node.Gate.Exit();
        }

        return [.. models];
    }

    private void RestoreModels(ModelState[] models, List<string> faults)
    {
        foreach (ModelState saved in models)
        {
            if (_settings.Models is not { } kept || _segments.Find(saved.Key)?.Node is not { } node || node.Depth != saved.Depth || !kept.TryRestore(_settings, node, saved.Numbers))
                faults.Add($"The model of segment {saved.Key:x} does not fit the options or is not finite; it starts anew.");
            else node.ModelPosition = Math.Max(0, saved.Position);
        }
    }
}
