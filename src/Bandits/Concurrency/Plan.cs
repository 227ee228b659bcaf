using System.Runtime.CompilerServices;
using Bandits.Segments;

namespace Bandits.Concurrency;

/// <summary>The probability mass function of a segment, kept until its beliefs or the settings change. Drawn from under a sequence lock.</summary>
/// <remarks>
/// All that a decision reads of its segment is here and close together. Recording in the segment withdraws the plan; a change of the parents shows in the
/// root's sequence.
/// </remarks>
internal sealed class Plan(SegmentNode node, bool isLeaf)
{
    private RouterSettings? _settings;
    private PlannedArm[] _arms = [];
    private SequenceLock _gate;
    private int _isCurrent;
    private int _rootSequence;
    private long _stamp;
    private int _count;
    private DecisionTraits _traits;
    private long _entry = -1;

    /// <summary>Key of the segment.</summary>
    public readonly ulong Key = node.Key;

    /// <summary>Index of the segment.</summary>
    public readonly int Index = node.Index;

    /// <summary>False for a parent, which is never decided for.</summary>
    public readonly bool IsLeaf = isLeaf;

    /// <summary>The segment.</summary>
    public readonly SegmentNode Node = node;

    /// <summary>Draws an arm when the plan is current; false sends the caller to plan anew. Says where the journal has the plan, -1 for nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryDraw(RouterSettings settings, int rootSequence, long stamp, double unit, out PlannedArm drawn, out DecisionTraits traits, out long entry)
    {
        int sequence = _gate.BeginRead();
        PlannedArm[] arms = _arms;
        int count = Volatile.Read(ref _count); // once: what was checked is what is used
        entry = _entry;
        if (_isCurrent == 0 || !ReferenceEquals(_settings, settings) || _rootSequence != rootSequence || _stamp != stamp || (uint)count > (uint)arms.Length)
        {
            drawn = default;
            traits = default;
            return false;
        }

        drawn = DrawFrom(arms.AsSpan(0, count), unit);
        traits = _traits;
        return _gate.IsUnchanged(sequence);
    }

    /// <summary>Inside the segment's gate: the plan no longer holds.</summary>
    public void Withdraw() => Volatile.Write(ref _isCurrent, 0);

    /// <summary>Keeps a plan, unless another thread is doing so.</summary>
    /// <remarks>
    /// The plan is declared current before the segment's sequence is compared, across a fence; a recorder raises the sequence before
    /// it withdraws the plan. So a plan that outdated beliefs stand behind never stays current.
    /// </remarks>
    public void Keep(RouterSettings settings, int leafSequence, int rootSequence, long stamp, DecisionTraits traits, ReadOnlySpan<PlannedArm> arms, long entry)
    {
        if (!_gate.TryEnter()) return;
        if (_arms.Length < arms.Length) _arms = new PlannedArm[arms.Length];
        arms.CopyTo(_arms);
        (_settings, _rootSequence, _stamp, _traits, _count, _entry) = (settings, rootSequence, stamp, traits, arms.Length, entry);
        _isCurrent = 1;
        Interlocked.MemoryBarrier();
        if (Node.Gate.Sequence != leafSequence) _isCurrent = 0;
        _gate.Exit();
    }

    /// <summary>Inverse-transform draw: the first arm at which the cumulated probability exceeds <paramref name="unit"/>; the last possible one takes what rounding leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PlannedArm DrawFrom(ReadOnlySpan<PlannedArm> arms, double unit)
    {
        int chosen = 0;
        for (int i = 0; i < arms.Length; i++)
        {
            double probability = arms[i].Probability;
            if (!(probability > 0)) continue;
            chosen = i;
            unit -= probability;
            if (unit < 0) break;
        }

        return arms[chosen];
    }
}

/// <summary>One eligible arm of a plan.</summary>
internal struct PlannedArm
{
    public double Probability;
    public double PredictedCostUsd;
    public float PredictedQuality;
    public ushort Arm;
    public bool IsExploited;
}
