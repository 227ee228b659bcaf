namespace Bandits;

/// <summary>What a model of features does to belief.</summary>
public enum FeatureModelUse : byte
{
    /// <summary>
    /// It corrects the segment's belief: it learns how outcomes differ from what their segment expected, and moves mean quality, cost and latency by that. The segment carries what it knows
    /// best, pooled and watched for change, and the model what sets one task apart from the next; shrink it strongly (a ridge of 100).
    /// </summary>
    Correct = 0,

    /// <summary>It replaces the segment's belief by its own, as LinUCB and linear Thompson sampling do; for traffic that segments say nothing of.</summary>
    Replace = 1,
}
