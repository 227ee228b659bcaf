using System.Runtime.CompilerServices;
using Bandits.Concurrency;
using Bandits.Contextual;

namespace Bandits;

/// <content>The features of decisions, kept until their outcomes are known.</content>
public sealed partial class BanditRouter
{
    private readonly FeatureArena? _features;

    /// <summary>Copies the features with which a decision was asked for (<see cref="Request.Features"/>).</summary>
    /// <param name="decision">A decision of this router, also one that was read from its token.</param>
    /// <param name="destination">Receives <see cref="RouterOptions.FeatureCount"/> numbers; zeros when false is returned.</param>
    /// <returns>False when none were given, when the decision is no longer among the last <see cref="RouterOptions.LedgerCapacity"/> ones, and, without a <see cref="RouterOptions.Model"/>, when it was
    /// made before this router was restored.</returns>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public bool TryGetFeatures(in Decision decision, Span<float> destination)
    {
        if (_features is null) return false;
        int count = _features.Count;
        if (destination.Length < count) Throw.Argument($"The destination has room for {destination.Length} numbers; a decision of this router has {count} features.");
        bool isHeld = !decision.Id.IsNone && DecisionCount - (long)decision.Id.Sequence < _ledger.Capacity;
        if (isHeld && _features.TryGet(decision, destination)) return true;
        destination[..count].Clear();
        return false;
    }

    /// <summary>Keeps the features of a decision about to be opened; one that was decided before has its first ones.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void KeepFeatures(in Request request, in Decision decision)
    {
        if (!_ledger.Holds(decision.Id)) _features!.Put(decision, request.Features.Span, FeatureModels.BaseOf(_settings, DecisionScratch.For(ArmCount, 1), decision.Arm));
    }

    private void CheckFeatures(ReadOnlySpan<float> features)
    {
        int count = _features?.Count ?? 0;
        if (features.Length != count) Refuse("Features.Length", features.Length, count == 0 ? "0: RouterOptions.FeatureCount is 0" : $"0 or {count} numbers");
        for (int i = 0; i < features.Length; i++)
            if (!float.IsFinite(features[i])) Refuse($"Features[{i}]", features[i], "finite numbers");
    }
}
