using System.Runtime.CompilerServices;
using Bandits.Numerics;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits.Concurrency;

/// <summary>The beliefs of a segment, kept until an outcome changes them, for a policy that chooses by itself instead of stating probabilities.</summary>
/// <remarks>
/// An outcome of one arm makes that arm stale, and only its belief is derived anew; a second arm, or a change of the parents, makes everything stale. The
/// recorder raises the segment's sequence before it marks, whoever renews compares that sequence after, across a fence: an outdated belief never passes for current.
/// </remarks>
internal sealed class KeptChoices
{
    private const int AllStale = -1;
    private const int NoneStale = 0;

    private RouterSettings? _settings;
    private Belief[] _beliefs = [];
    private int[] _arms = [];
    private PlannedArm[] _planned = [];
    private double[] _samples = [];
    private UtilitySampler[] _samplers = [];
    private SequenceLock _gate;
    private int _stale = AllStale; // or 1 + the stale arm
    private int _rootSequence;
    private int _count;
    private double _round;
    private double _explorationRate;
    private DecisionTraits _traits;

    /// <summary>Inside the segment's gate: an outcome of an arm came.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Outdate(int arm)
    {
        int stale = Volatile.Read(ref _stale);
        if (stale == arm + 1) return;
        if (stale != NoneStale || Interlocked.CompareExchange(ref _stale, arm + 1, NoneStale) != NoneStale) Volatile.Write(ref _stale, AllStale);
    }

    /// <summary>Chooses from what is kept, its stale arm renewed; false sends the caller to plan anew.</summary>
    /// <remarks>
    /// The library's own policies choose in place, and a choice made while another thread renewed beliefs is thrown away: numbers of two times together make
    /// them neither throw nor loop. Others are given a copy that is known to be of one time.
    /// </remarks>
    public bool TryChoose(RouterSettings settings, SegmentNode leaf, int rootSequence, RandomStream random, double unit, out PlannedArm drawn, out DecisionTraits traits)
    {
        drawn = default;
        traits = default;
        if (Volatile.Read(ref _stale) > NoneStale && !TryRenew(settings, leaf)) return false;
        int sequence = _gate.BeginRead();
        int count = _count;
        (double round, double explorationRate) = (_round, _explorationRate);
        Belief[] beliefs = _beliefs;
        int[] arms = _arms;
        PlannedArm[] planned = _planned;
        UtilitySampler[] samplers = _samplers;
        if (_stale != NoneStale || !ReferenceEquals(_settings, settings) || _rootSequence != rootSequence) return false;
        if (count == 0 || (uint)count > (uint)Math.Min(Math.Min(beliefs.Length, arms.Length), Math.Min(planned.Length, samplers.Length))) return false;
        if (!settings.ChoosesInPlace)
        {
            (beliefs, arms) = Copy(beliefs, arms, count);
            if (!_gate.IsUnchanged(sequence)) return false;
        }

        var choices = new Choices(
            new ReadOnlySpan<Belief>(beliefs, 0, count), new ReadOnlySpan<int>(arms, 0, count), round, settings.Objective, new ReadOnlySpan<UtilitySampler>(samplers, 0, count));
        drawn = Planner.ChooseWithoutPmf(settings, choices, new ReadOnlySpan<PlannedArm>(planned, 0, count), explorationRate, random, unit);
        traits = _traits;
        return _gate.IsUnchanged(sequence);
    }

    /// <summary>Keeps what was derived, unless another thread is doing so.</summary>
    public void Keep(RouterSettings settings, SegmentNode leaf, in Planner.Result plan, DecisionScratch scratch)
    {
        if (!_gate.TryEnter()) return;
        int count = scratch.Count;
        if (_beliefs.Length < count) (_beliefs, _arms, _planned, _samples, _samplers) = (new Belief[count], new int[count], new PlannedArm[count], new double[count], new UtilitySampler[count]);
        scratch.Beliefs.AsSpan(0, count).CopyTo(_beliefs);
        scratch.Arms.AsSpan(0, count).CopyTo(_arms);
        scratch.Planned.AsSpan(0, count).CopyTo(_planned);
        for (int i = 0; i < count; i++) (_samples[i], _samplers[i]) = (scratch.Estimates[_arms[i]].OwnSamples, new UtilitySampler(_beliefs[i]));
        (_settings, _rootSequence, _traits, _count, _round, _explorationRate) = (settings, plan.RootSequence, plan.Traits, count, plan.Round, plan.ExplorationRate);
        Volatile.Write(ref _stale, NoneStale);
        Interlocked.MemoryBarrier();
        if (leaf.Gate.Sequence != plan.LeafSequence) _stale = AllStale;
        _gate.Exit();
    }

    private static (Belief[] Beliefs, int[] Arms) Copy(Belief[] beliefs, int[] arms, int count)
    {
        DecisionScratch scratch = DecisionScratch.For(count, 1);
        Array.Copy(beliefs, scratch.Beliefs, count);
        Array.Copy(arms, scratch.Arms, count);
        return (scratch.Beliefs, scratch.Arms);
    }

    /// <summary>Derives the stale arm's belief anew; false when that is not enough.</summary>
    private bool TryRenew(RouterSettings settings, SegmentNode leaf)
    {
        if (!settings.RenewsArms || !_gate.TryEnter()) return false;
        int leafSequence = leaf.Gate.BeginRead(), stale = Volatile.Read(ref _stale), arm = stale - 1;
        bool isRenewed = stale == NoneStale; // by another thread
        if (stale > NoneStale && ReferenceEquals(_settings, settings))
        {
            int at = Array.IndexOf(_arms, arm, 0, _count);
            if (at >= 0) // an arm that is not kept may be newer than the settings
            {
                ArmEstimate estimate = BeliefDerivation.DeriveAlone(settings, leaf, arm);
                _round += estimate.OwnSamples - _samples[at];
                (_beliefs[at], _samples[at], _samplers[at]) = (estimate.Belief, estimate.OwnSamples, new UtilitySampler(estimate.Belief));
                _planned[at].PredictedQuality = (float)estimate.Belief.QualityMean;
                _planned[at].PredictedCostUsd = estimate.CostUsd;
                isRenewed = true;
            }
        }

        Volatile.Write(ref _stale, isRenewed ? NoneStale : AllStale);
        Interlocked.MemoryBarrier();
        if (leaf.Gate.Sequence != leafSequence) (_stale, isRenewed) = (AllStale, false);
        _gate.Exit();
        return isRenewed;
    }
}
