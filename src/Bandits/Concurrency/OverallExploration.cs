using Bandits.Statistics;

namespace Bandits.Concurrency;

/// <summary>The exploration share over all segments, for segments that have not judged a block of their own yet.</summary>
internal sealed class OverallExploration
{
    private SequenceLock _gate;
    private AdaptiveExploration _state;

    /// <summary>The share, or 0 before the first block.</summary>
    public double Rate => Volatile.Read(ref _state.Rate);

    public void Observe((int Count, double Shortfall, double Variance) unseen, double startRate)
    {
        if (unseen.Count == 0) return;
        _gate.Enter();
        _state.Observe(unseen.Count, unseen.Shortfall, unseen.Variance, startRate);
        _gate.Exit();
    }

    public AdaptiveExploration Capture()
    {
        _gate.Enter();
        AdaptiveExploration copy = _state;
        _gate.Exit();
        return copy;
    }

    public void Restore(in AdaptiveExploration state) => _state = state;
}
