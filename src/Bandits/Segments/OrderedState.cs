using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Segments;

/// <summary>What a leaf segment keeps that depends on the order of things: decisions pending, a policy's own state, closed epochs. Guarded by the leaf's gate.</summary>
internal sealed class OrderedState
{
    /// <summary>Decisions by arm whose judgement has not come; node-local, rebuilt from the ledger.</summary>
    public int[] Pending = [];

    /// <summary>State of the policy: header, then one block per arm.</summary>
    public double[] Policy = [];

    /// <summary>By arm: evidence of closed epochs, which belief no longer sees.</summary>
    public Evidence[] Closed = [];

    /// <summary>By arm: restarts so far, and the latest sequence that belongs to a closed epoch.</summary>
    public (long Restarts, long Until)[] Epochs = [];

    /// <summary>Makes room for the arms and states that the settings need.</summary>
    public void Ensure(RouterSettings settings)
    {
        int arms = settings.Catalog.Count;
        if (Pending.Length < arms)
        {
            Array.Resize(ref Pending, arms);
            Array.Resize(ref Closed, arms);
            Array.Resize(ref Epochs, arms);
        }

        if (settings.Stateful is { } policy && Policy.Length < policy.HeaderLength + arms * policy.ArmLength) Array.Resize(ref Policy, policy.HeaderLength + arms * policy.ArmLength);
    }

    /// <summary>Whether a decision was made before the latest restart of its cell.</summary>
    public bool IsClosed(DecisionId id, int arm) => (ulong)Epochs[arm].Until >= id.Sequence;

    /// <summary>A decision was made.</summary>
    public void Open(int arm) => Pending[arm]++;

    /// <summary>A decision is no longer waited for.</summary>
    public void Settle(int arm) => Pending[arm] = Math.Max(0, Pending[arm] - 1);

    /// <summary>Takes in what became of a decision: <paramref name="after"/> stands where <paramref name="before"/> stood.</summary>
    public void Learn(RouterSettings settings, in Decision decision, in Contribution before, bool wasPending, in Contribution after, bool isPending)
    {
        int arm = decision.Arm;
        if (wasPending && !isPending) Settle(arm);
        else if (isPending && !wasPending) Open(arm);
        if (after.Quality < 0 || IsClosed(decision.Id, arm) || settings.Stateful is not { } policy) return;
        if (before.Quality < 0) policy.Learn(Policy, FeedbackOf(settings, decision, after));
        else if (policy.TryRetract(Policy, FeedbackOf(settings, decision, before))) policy.Learn(Policy, FeedbackOf(settings, decision, after));
    }

    /// <summary>Copies what deciding needs.</summary>
    public static void CopyTo(OrderedState? source, RouterSettings settings, DecisionScratch scratch, int arms)
    {
        Span<int> pending = scratch.PendingOf(arms);
        pending.Clear();
        source?.Pending.AsSpan(0, Math.Min(arms, source.Pending.Length)).CopyTo(pending);
        if (settings.Stateful is not { } policy) return;
        Span<double> state = scratch.PolicyStateOf(policy.HeaderLength + arms * policy.ArmLength);
        state.Clear();
        source?.Policy.AsSpan(0, Math.Min(state.Length, source.Policy.Length)).CopyTo(state);
    }

    private static Feedback FeedbackOf(RouterSettings settings, in Decision decision, in Contribution outcome) => new()
    {
        Arm = decision.Arm,
        Arms = settings.Catalog.Count,
        Quality = FixedPoint.QualityFrom(outcome.Quality),
        CostUsd = outcome.HasCost ? FixedPoint.UsdFrom(outcome.CostNanoUsd) : decision.PredictedCostUsd,
        LatencySeconds = outcome.HasLatency ? FixedPoint.SecondsFrom(outcome.LatencyMicroseconds) : 0,
        Propensity = decision.Propensity,
        Objective = settings.Objective,
    };
}
