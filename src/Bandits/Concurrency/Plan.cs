using Bandits.Segments;

namespace Bandits.Concurrency;

/// <summary>The probability mass function of a segment, kept until its beliefs or the settings change. Drawn from under a sequence lock.</summary>
internal sealed class Plan
{
    private SequenceLock _gate;
    private RouterSettings? _settings;
    private int _leafSequence;
    private int _rootSequence;
    private DecisionTraits _traits;
    private PlannedArm[] _arms = [];
    private int _count;

    /// <summary>Draws an arm when the plan is current; false sends the caller to plan anew.</summary>
    public bool TryDraw(RouterSettings settings, SegmentNode leaf, SegmentNode root, double unit, ref Draw draw)
    {
        int sequence = _gate.BeginRead();
        if (!ReferenceEquals(_settings, settings) || _leafSequence != leaf.Gate.Sequence || _rootSequence != root.Gate.Sequence) return false;
        DrawFrom(_arms.AsSpan(0, Math.Min(_count, _arms.Length)), unit, ref draw);
        draw.Traits |= _traits;
        return _gate.IsUnchanged(sequence);
    }

    /// <summary>Keeps a plan, unless another thread is doing so.</summary>
    public void Keep(RouterSettings settings, int leafSequence, int rootSequence, DecisionTraits traits, ReadOnlySpan<PlannedArm> arms)
    {
        if (!_gate.TryEnter()) return;
        if (_arms.Length < arms.Length) _arms = new PlannedArm[arms.Length];
        arms.CopyTo(_arms);
        _count = arms.Length;
        (_settings, _leafSequence, _rootSequence, _traits) = (settings, leafSequence, rootSequence, traits);
        _gate.Exit();
    }

    /// <summary>Inverse-transform draw: the first arm at which the cumulated probability exceeds <paramref name="unit"/>.</summary>
    public static void DrawFrom(ReadOnlySpan<PlannedArm> arms, double unit, ref Draw draw)
    {
        int chosen = -1;
        for (int i = 0; i < arms.Length; i++)
        {
            double probability = arms[i].Probability;
            if (!(probability > 0)) continue;
            chosen = i; // the last possible arm takes what rounding leaves
            unit -= probability;
            if (unit < 0) break;
        }

        if (chosen < 0) return;
        ref readonly PlannedArm arm = ref arms[chosen];
        draw.Arm = arm.Arm;
        draw.Propensity = arm.Probability;
        draw.PredictedQuality = arm.PredictedQuality;
        draw.PredictedCostUsd = arm.PredictedCostUsd;
        draw.Traits = arm.IsExploited ? DecisionTraits.None : DecisionTraits.Explored;
    }
}

/// <summary>One eligible arm of a plan.</summary>
internal struct PlannedArm
{
    public double Probability;
    public double PredictedCostUsd;
    public float PredictedQuality;
    public int Arm;
    public bool IsExploited;
}

/// <summary>The arm drawn, and what was believed of it.</summary>
internal struct Draw
{
    public double Propensity;
    public double PredictedCostUsd;
    public float PredictedQuality;
    public int Arm;
    public DecisionTraits Traits;
}
