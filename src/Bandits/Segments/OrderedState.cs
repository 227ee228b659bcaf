using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Segments;

/// <summary>What a leaf segment keeps that depends on the order of things: decisions pending, a policy's own state, fading memory, drift detection. Guarded by the leaf's gate.</summary>
internal sealed class OrderedState
{
    private const int Components = 3;

    /// <summary>Amounts are watched relative to at least this: a free arm that starts to cost is noticed.</summary>
    private const double LeastReferenceUsd = 1e-6;
    private const double LeastReferenceSeconds = 1e-3;

    /// <summary>Decisions by arm whose judgement has not come; node-local, rebuilt from the ledger.</summary>
    public int[] Pending = [];

    /// <summary>State of the policy: header, then one block per arm.</summary>
    public double[] Policy = [];

    /// <summary>State of forgetting: header, then one block per arm.</summary>
    public double[] Memory = [];

    /// <summary>Outcomes on their way to the detectors.</summary>
    public double[] Queue = [];

    /// <summary>State of the detectors, three for each arm: quality, cost, latency.</summary>
    public double[][] Detectors = [];

    /// <summary>By arm: evidence of closed epochs, which belief no longer sees.</summary>
    public Evidence[] Closed = [];

    /// <summary>By arm: restarts so far, and the latest sequence that belongs to a closed epoch.</summary>
    public (long Restarts, long Until)[] Epochs = [];

    /// <summary>What the policy threw while it learnt, until somebody was told.</summary>
    public Exception? Fault;

    /// <summary>Restarts of all arms.</summary>
    public long Restarts
    {
        get
        {
            long sum = 0;
            foreach ((long restarts, _) in Epochs) sum += restarts;
            return sum;
        }
    }

    /// <summary>By arm: whether the parents still hold evidence of a closed epoch.</summary>
    private bool[] _mustCarry = [];

    /// <summary>By arm: what of the cell's cost shifts the parents lack.</summary>
    private CostShift[] _shiftsToCarry = [];

    /// <summary>Makes room for the arms and states that the settings need.</summary>
    public void Ensure(RouterSettings settings)
    {
        int arms = settings.Catalog.Count;
        if (Pending.Length < arms)
        {
            Array.Resize(ref Pending, arms);
            Array.Resize(ref Closed, arms);
            Array.Resize(ref Epochs, arms);
            Array.Resize(ref _mustCarry, arms);
            Array.Resize(ref _shiftsToCarry, arms);
        }

        if (!settings.Forgetting.IsNone && Memory.Length < settings.Forgetting.HeaderLength + arms * settings.Forgetting.ArmLength)
            Array.Resize(ref Memory, settings.Forgetting.HeaderLength + arms * settings.Forgetting.ArmLength);
        if (settings.Drift is { } drift && (Queue.Length == 0 || Detectors.Length < Components * arms))
        {
            if (Queue.Length == 0) Queue = new double[settings.Maturity!.StateLength];
            int known = Detectors.Length;
            Array.Resize(ref Detectors, Components * arms);
            for (int i = known; i < Detectors.Length; i++) Detectors[i] = [];
        }

        if (settings.Stateful is not null && Policy.Length < settings.StateLengthOf(arms)) Array.Resize(ref Policy, settings.StateLengthOf(arms));
    }

    /// <summary>Whether an arm has been restarted: what others observed of it may be of any epoch, and is no longer believed here.</summary>
    public bool IsRestarted(int arm) => Epochs is var epochs && (uint)arm < (uint)epochs.Length && epochs[arm].Restarts > 0;

    /// <summary>No epoch ends after this sequence.</summary>
    public void BoundEpochs(long latest)
    {
        foreach (ref (long Restarts, long Until) epoch in Epochs.AsSpan()) epoch.Until = Math.Min(epoch.Until, latest);
    }

    /// <summary>Whether a decision was made before the latest restart of its cell.</summary>
    public bool IsClosed(DecisionId id, int arm) => (uint)arm < (uint)Epochs.Length && (ulong)Epochs[arm].Until >= id.Sequence;

    /// <summary>A decision was made; true when that ended the wait for an older one, and a change was detected.</summary>
    public bool Open(RouterSettings settings, SegmentNode leaf, ulong sequence, int arm, long latest)
    {
        Pending[arm]++;
        if (settings.Drift is not { } drift) return false;
        settings.Maturity!.Open(Queue, sequence, arm);
        return Watch(settings, drift, leaf, latest);
    }

    /// <summary>A decision is no longer waited for.</summary>
    public void Settle(int arm)
    {
        if ((uint)arm < (uint)Pending.Length) Pending[arm] = Math.Max(0, Pending[arm] - 1); // else another thread is about to say that it waits
    }

    /// <summary>Takes in what became of a decision: <paramref name="after"/> stands where <paramref name="before"/> stood. True when a change was detected.</summary>
    public bool Learn(
        RouterSettings settings, SegmentNode leaf, in Decision decision, in Contribution before, bool wasPending, in Contribution after, bool isPending, long latest)
    {
        int arm = decision.Arm;
        if (wasPending && !isPending) Settle(arm);
        else if (isPending && !wasPending) Pending[arm]++;
        if (after.Quality < 0 || IsClosed(decision.Id, arm)) return false;
        if (settings.Stateful is { } policy) Teach(policy, settings, decision, before, after);

        if (before.Quality < 0 && !settings.Forgetting.IsNone) settings.Forgetting.Learn(Memory, GradedOf(arm, after), settings.Forgetting.AgeOf(Memory, decision));
        return settings.Drift is { } drift
            && settings.Maturity!.Fill(Queue, decision.Id.Sequence, GradedOf(arm, after))
            && Watch(settings, drift, leaf, latest);
    }

    /// <summary>Whether a restart has cleared the policy's state since a decision was made: what it learnt of that is gone, and cannot be taken back.</summary>
    private bool IsForgotten(DecisionId id)
    {
        foreach ((_, long until) in Epochs)
            if ((ulong)until >= id.Sequence) return true;
        return false;
    }

    /// <summary>A policy that throws begins anew in this segment; inside a gate nothing else can be done, as nobody would ever leave it.</summary>
    private void Teach(IStatefulPolicy policy, RouterSettings settings, in Decision decision, in Contribution before, in Contribution after)
    {
        try
        {
            if (before.Quality < 0) policy.Learn(Policy, FeedbackOf(settings, decision, after));
            else if (!IsForgotten(decision.Id) && policy.TryRetract(Policy, FeedbackOf(settings, decision, before))) policy.Learn(Policy, FeedbackOf(settings, decision, after));
        }
#pragma warning disable CA1031 // whatever it is: it is thrown on once the gates are open
        catch (Exception e)
#pragma warning restore CA1031
        {
            Policy.AsSpan().Clear();
            Fault = e;
        }
    }

    /// <summary>After the leaf's gate: carries what restarts took away to the parents.</summary>
    public void CarryRestarts(RouterSettings settings, SegmentNode leaf)
    {
        for (int arm = 0; leaf.Parent is not null && !leaf.IsConditional && arm < _mustCarry.Length; arm++)
        {
            if (!_mustCarry[arm]) continue;
            leaf.Gate.Enter();
            _mustCarry[arm] = false;
            RollUp.Take(leaf, arm, out Evidence delta);
            leaf.Progress[arm] = default; // the new epoch is carried up from its first outcomes on
            (CostShift shift, _shiftsToCarry[arm]) = (_shiftsToCarry[arm], default);
            leaf.Gate.Exit();
            RollUp.Carry(settings, leaf, arm, delta);
            if (shift != default) RollUp.Carry(settings, leaf, arm, shift);
            if (leaf.Latencies.Length > arm) LatencyPooling.Carry(leaf, arm);
        }
    }

    /// <summary>Shows mature outcomes to the detectors, in decision order, and restarts what has changed.</summary>
    private bool Watch(RouterSettings settings, DriftDetection drift, SegmentNode leaf, long latest)
    {
        MaturityQueue queue = settings.Maturity!;
        bool isAnyChange = false;
        while (queue.TryTake(Queue, out GradedOutcome outcome))
        {
            int arm = outcome.Arm;
            if ((uint)arm >= (uint)Epochs.Length || MaturityQueue.LastTaken(Queue) <= (ulong)Epochs[arm].Until || !IsChange(settings, drift, outcome)) continue;
            isAnyChange = true;
            for (int other = 0; other < Epochs.Length; other++)
                if (other == arm || drift.Scope == RestartScope.Segment) Restart(settings, leaf, other, latest);
            Policy.AsSpan().Clear(); // what a policy knows of one arm stands beside what it knows of the others
        }

        return isAnyChange;
    }

    private bool IsChange(RouterSettings settings, DriftDetection drift, in GradedOutcome outcome)
    {
        Span<double[]> detectors = Detectors.AsSpan(Components * outcome.Arm, Components);
        bool isChange = (drift.Components & OutcomeComponents.Quality) != 0 && settings.Detector!.Observe(ref detectors[0], outcome.Quality);
        if ((drift.Components & OutcomeComponents.Cost) != 0 && outcome.HasCost)
            isChange |= settings.Detector!.Observe(ref detectors[1], BoundedAmount.Of(outcome.CostUsd, Math.Max(settings.ListCostUsd[outcome.Arm], LeastReferenceUsd)));
        if ((drift.Components & OutcomeComponents.Latency) != 0 && outcome.HasLatency)
            isChange |= settings.Detector!.Observe(ref detectors[2], BoundedAmount.Of(outcome.LatencySeconds, Math.Max(settings.PriorLatencySeconds, LeastReferenceSeconds)));
        return isChange;
    }

    /// <summary>
    /// Closes the epoch of a cell by hand; what the policy knows of the segment goes with it, as when a change is detected. Where the price level of arms is watched by itself, what the arm costs is believed on.
    /// </summary>
    public void RestartByHand(RouterSettings settings, SegmentNode leaf, int arm, long latest)
    {
        Restart(settings, leaf, arm, latest, keepsCosts: settings.ArmDrift is { } drift && (drift.Components & OutcomeComponents.Cost) != 0);
        Policy.AsSpan().Clear();
    }

    /// <summary>Closes the epoch of a cell: what was observed so far is kept, and no longer believed.</summary>
    private void Restart(RouterSettings settings, SegmentNode leaf, int arm, long latest, bool keepsCosts = false)
    {
        CostShift former = arm < leaf.CostShifts.Length ? leaf.CostShifts[arm] : default;
        CostShift kept = keepsCosts ? former + new CostShift(leaf.Own[arm].CostCount, leaf.Own[arm].CostSumUsd, leaf.Own[arm].CostSquareSumUsd) : default;
        if (kept != former)
        {
            if (leaf.CostShifts.Length <= arm) Array.Resize(ref leaf.CostShifts, leaf.Own.Length);
            leaf.CostShifts[arm] = kept;
            _shiftsToCarry[arm] += kept - former;
        }

        Closed[arm].Add(leaf.Own[arm]);
        leaf.Own[arm] = default;
        if (arm < leaf.Latencies.Length) leaf.Latencies[arm].Restart(leaf.LendsLatencies);
        Epochs[arm] = (Epochs[arm].Restarts + 1, Math.Max(Epochs[arm].Until, latest)); // of two restarts at a time the later may have looked first
        _mustCarry[arm] = true;
        if (!settings.Forgetting.IsNone) settings.Forgetting.Clear(Memory, arm);
        for (int detector = Components * arm; detector < Math.Min(Detectors.Length, Components * (arm + 1)); detector++) Detectors[detector].AsSpan().Clear();
    }

    /// <summary>Copies what deciding needs.</summary>
    public static void CopyTo(OrderedState? source, RouterSettings settings, DecisionScratch scratch, int arms, int leafLevel)
    {
        Span<int> pending = scratch.PendingOf(arms);
        pending.Clear();
        int[] waiting = source?.Pending ?? []; // read once: another thread may replace it
        waiting.AsSpan(0, Math.Min(arms, waiting.Length)).CopyTo(pending);
        if (!settings.Forgetting.IsNone)
        {
            for (int arm = 0; arm < arms; arm++) scratch.Levels[leafLevel * arms + arm].Add(source is null ? default : settings.Forgetting.Read(source.Memory, arm));
        }

        if (settings.Stateful is null) return;
        Span<double> state = scratch.PolicyStateOf(settings.StateLengthOf(arms));
        state.Clear();
        double[] kept = source?.Policy ?? [];
        kept.AsSpan(0, Math.Min(state.Length, kept.Length)).CopyTo(state);
    }

    private static GradedOutcome GradedOf(int arm, in Contribution outcome) => new(arm, FixedPoint.QualityFrom(outcome.Quality))
    {
        HasCost = outcome.HasCost,
        CostUsd = outcome.HasCost ? FixedPoint.UsdFrom(outcome.CostNanoUsd) : 0,
        HasLatency = outcome.HasLatency && !outcome.IsCensored,
        LatencySeconds = outcome.HasLatency ? FixedPoint.SecondsFrom(outcome.LatencyMicroseconds) : 0,
    };

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
