using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Segments;

/// <summary>What beliefs need of one arm's evidence at one level; counts and sums, weighted over origins.</summary>
internal struct LevelSums
{
    public double Graded;
    public double Quality;
    public double Costed;
    public double CostUsd;
    public double Ended;
    public double LatencySeconds;
    public double QualitySquares;
    public double CostSquares;

    public void AddSquares(in Evidence evidence, double weight)
    {
        QualitySquares += weight * evidence.QualitySquareSum;
        CostSquares += weight * evidence.CostSquareSumUsd;
    }

    public void Add(in CostShift shift)
    {
        Costed = Math.Max(0, Costed + shift.Costed);
        CostUsd = Math.Max(0, CostUsd + shift.CostUsd);
        CostSquares = Math.Max(0, CostSquares + shift.CostSquares);
    }

    public void Add(in OutcomeSums sums)
    {
        Graded += sums.Count;
        Quality += sums.QualitySum;
        QualitySquares += sums.QualitySquareSum;
        Costed += sums.CostCount;
        CostUsd += sums.CostSum;
        CostSquares += sums.CostSquareSum;
        Ended += sums.LatencyCount;
        LatencySeconds += sums.LatencySum;
    }

    public void Add(in Evidence evidence, double weight)
    {
        Graded += weight * evidence.Graded;
        Quality += weight * FixedPoint.QualityFrom(ToDouble(evidence.QualityUnits));
        Costed += weight * evidence.Costed;
        CostUsd += weight * FixedPoint.UsdFrom(evidence.CostNanoUsd);
        Ended += weight * (evidence.Timed - evidence.Censored);
        LatencySeconds += weight * FixedPoint.SecondsFrom(evidence.LatencyMicroseconds);
    }

    private static double ToDouble(Int128 value) => value >> 63 == 0 ? (double)(long)value : (double)value;
}

/// <summary>What is believed of one arm in one segment under the settings' objective.</summary>
internal struct ArmEstimate
{
    public Belief Belief;
    public double CostUsd;
    public double LatencySeconds;
    public double Availability;

    /// <summary>Outcomes of the segment's own that still count, weighted over origins.</summary>
    public double OwnSamples;
}

/// <summary>What is believed of one arm in one segment by its own evidence and prior, for arms that take theirs from it.</summary>
internal struct ArmStanding
{
    public double Quality;
    public double CostUsd;

    /// <summary>Share that outcomes, borrowed ones included, have in the quality; 0 where it is the prior's.</summary>
    public double QualityShare;

    /// <summary>The same of the cost.</summary>
    public double CostShare;
}

/// <summary>Evidence and prior to belief: partial pooling down the segment tree.</summary>
/// <remarks>
/// <code>
/// Source      hierarchical normal shrinkage by pseudo-counts; the mass as in <see cref="PoolingMass"/>
/// Rule        from the root down, for each component with counts n and sums S:
///               rest  = parent's (n, S) minus the child's own
///               mu'   = (w mu + S_rest) / (w + n_rest),   w' = min(w + n_rest, m_parent)
///               below the arm's own prior mass, w' is filled up with that prior
///             at the leaf: w mu + S of w + n pseudo-counts, and from there as <see cref="QualityPosterior"/>;  cost = (w mu + S) / (w + n)
/// Symbols     prior of quality -> Arm.PriorQuality, Arm.PriorSamples; of cost -> list price of a typical call, worth 1 outcome;
///             of latency -> PriorLatencySeconds, worth 1 outcome
///             of an arm like another (Arm.SimilarTo) -> that one's posterior mean and expected cost here
///             of an arm like its price tier (Arm.PriorFromPriceTier), over the tier's other arms j, of n_j outcomes and prior mass m_j:
///               quality = sum h_j mean_j / sum h_j,   h_j = n_j / (n_j + m_j);   cost = list sum h_j cost_j / list_j / sum h_j, likewise;   its own prior where no h_j > 0
/// Cost        O(K x levels), 0 B; and the size of its tier for each arm that takes its prior from there
/// Departures  mean latency is total time over attempts that ended: the exponential law's estimate under right-censoring
/// </code>
/// Utility: <c>scale = V P(available)</c>, <c>shift = -c E[cost] - tau E[latency]</c>.
/// </remarks>
internal static class BeliefDerivation
{
    private const double CostPriorSamples = 1;
    private const double LatencyPriorSamples = 1;

    /// <summary>A prior taken over from another arm stays this far from 0 and 1, however long that one has never, or always, failed.</summary>
    private const double LeastQuality = 1e-6;

    /// <summary>Fills the estimates of all arms; returns the sequences of leaf and root that they stand on, and the leaf's exploration state.</summary>
    public static (int Leaf, int Root) Derive(
        RouterSettings settings, SegmentNode leaf, AvailabilityTable availability, long nowTicks, DecisionScratch scratch, out AdaptiveExploration exploration)
    {
        int arms = settings.Catalog.Count;
        SegmentNode root = leaf.Root;
        int rootSequence = root.Gate.BeginRead();
        int depth = leaf.Depth;
        bool pools = settings.Pooling && depth > 0;

        // Levels: [0, depth) the parents, depth the leaf, depth + 1 the part of the leaf that its parents have.
        Span<LevelSums> levels = scratch.Levels.AsSpan(0, arms * (depth + 2));
        int leafSequence;
        do
        {
            leafSequence = leaf.Gate.BeginRead();
            exploration = leaf.Exploration;
            Read(settings, settings.Forgetting.IsNone ? leaf.Own : [], leaf.Joined, levels.Slice(depth * arms, arms), leaf.Ordered, settings.Forgetting.IsNone ? leaf.CostShifts : []);
            if (pools) Read(settings, leaf.Rolled, leaf.Joined, levels.Slice((depth + 1) * arms, arms), null, leaf.CostShifts);
            if (settings.KeepsOrder) OrderedState.CopyTo(leaf.Ordered, settings, scratch, arms, depth);
        }
        while (!leaf.Gate.IsUnchanged(leafSequence));

        Span<PoolingMass> masses = stackalloc PoolingMass[9]; // eight dimensions, and below them what follows a failure
        for (SegmentNode? node = pools ? leaf.Parent : null; node is not null; node = node.Parent)
        {
            int sequence;
            do
            {
                sequence = node.Gate.BeginRead();
                masses[node.Depth] = node.Mass;
                Read(settings, node.Own, node.Joined, levels.Slice(node.Depth * arms, arms), node.Ordered, node.CostShifts);
            }
            while (!node.Gate.IsUnchanged(sequence));
        }

        Span<ArmStanding> standings = settings.Catalog.HasLikened ? scratch.StandingsOf(arms) : [];
        Stand(settings, levels, masses, depth, pools, standings);
        for (int arm = 0; arm < arms; arm++)
        {
            Priors(settings, arm, out Shrunk quality, out Shrunk cost, out Shrunk latency);
            if (standings.Length > 0) Liken(settings, arm, standings, ref quality, ref cost);
            Borrow(arm, arms, levels, masses, depth, pools, ref quality, ref cost, ref latency);
            double available = availability.At(arm, nowTicks, out bool mustWait);
            int pending = settings.CountsPending ? scratch.Pending[arm] : 0;
            Write(ref scratch.Estimates[arm], settings, levels[depth * arms + arm], quality, cost, latency, available, pending);
            scratch.Why[arm] = mustWait ? Ineligibility.RetryAfter : Ineligibility.None;
        }

        return (leafSequence, rootSequence);
    }

    /// <summary>From the root down: what an arm's evidence elsewhere says of it here.</summary>
    private static void Borrow(
        int arm, int arms, ReadOnlySpan<LevelSums> levels, ReadOnlySpan<PoolingMass> masses, int depth, bool pools, ref Shrunk quality, ref Shrunk cost, ref Shrunk latency)
    {
        for (int level = 0; pools && level < depth; level++)
        {
            ref readonly LevelSums parent = ref levels[level * arms + arm];
            ref readonly LevelSums child = ref levels[(level + 1 == depth ? depth + 1 : level + 1) * arms + arm];
            double graded = Math.Max(0, parent.Graded - child.Graded);
            quality.Borrow(
                graded, Math.Clamp(parent.Quality - child.Quality, 0, graded), Math.Clamp(parent.QualitySquares - child.QualitySquares, 0, graded), masses[level].Quality);
            cost.Borrow(
                Math.Max(0, parent.Costed - child.Costed), Math.Max(0, parent.CostUsd - child.CostUsd), Math.Max(0, parent.CostSquares - child.CostSquares), masses[level].Cost);
            latency.Borrow(Math.Max(0, parent.Ended - child.Ended), Math.Max(0, parent.LatencySeconds - child.LatencySeconds), 0, masses[level].Latency);
        }
    }

    /// <summary>What is believed of every arm by its own evidence and its own prior.</summary>
    private static void Stand(
        RouterSettings settings, ReadOnlySpan<LevelSums> levels, ReadOnlySpan<PoolingMass> masses, int depth, bool pools, Span<ArmStanding> standings)
    {
        for (int arm = 0; arm < standings.Length; arm++)
        {
            Priors(settings, arm, out Shrunk quality, out Shrunk cost, out Shrunk latency);
            Borrow(arm, standings.Length, levels, masses, depth, pools, ref quality, ref cost, ref latency);
            ref readonly LevelSums own = ref levels[depth * standings.Length + arm];
            double judged = Math.Max(0, own.Graded), costed = Math.Max(0, own.Costed);
            double known = quality.Borrowed + judged, paid = cost.Borrowed + costed;
            standings[arm] = new ArmStanding
            {
                Quality = quality.MeanWith(judged, Math.Clamp(own.Quality, 0, judged)),
                CostUsd = cost.MeanWith(costed, Math.Max(0, own.CostUsd)),
                QualityShare = known / (known + settings.Catalog.Arms[arm].PriorSamples),
                CostShare = paid / (paid + CostPriorSamples),
            };
        }
    }

    /// <summary>Of an arm that is like another, or like those of its price tier: what is believed of them here takes the place of its own prior quality and list price.</summary>
    private static void Liken(RouterSettings settings, int arm, ReadOnlySpan<ArmStanding> standings, ref Shrunk quality, ref Shrunk cost)
    {
        int similar = settings.Catalog.Similar[arm];
        bool isNamed = similar >= 0, knows = settings.HasListPrice[arm];
        double weight = 0, weighed = 0, costWeight = 0, costWeighed = 0;
        foreach (int other in isNamed ? new ReadOnlySpan<int>(in similar) : settings.PriceTiers.Of(arm))
        {
            if (other == arm) continue;
            ref readonly ArmStanding its = ref standings[other];
            double share = isNamed ? 1 : its.QualityShare; // who is named is believed even without outcomes
            weight += share;
            weighed += share * its.Quality;
            bool knowsIts = settings.HasListPrice[other] && settings.ListCostUsd[other] > 0;
            if (knows && !knowsIts) continue; // its own list price says more
            double ratio = knows ? settings.ListCostUsd[arm] / settings.ListCostUsd[other] : 1;
            share = isNamed ? 1 : its.CostShare;
            costWeight += share;
            costWeighed += share * ratio * its.CostUsd;
        }

        if (weight > 0) quality = new Shrunk(Math.Clamp(weighed / weight, LeastQuality, 1 - LeastQuality), settings.Catalog.Arms[arm].PriorSamples);
        if (costWeight > 0) cost = new Shrunk(costWeighed / costWeight, CostPriorSamples, isOwnKept: false);
    }

    /// <summary>The estimate of one arm where nothing is borrowed and nothing waits.</summary>
    public static ArmEstimate DeriveAlone(RouterSettings settings, SegmentNode leaf, int arm)
    {
        LevelSums own;
        int sequence;
        do
        {
            sequence = leaf.Gate.BeginRead();
            own = default;
            Read(settings, leaf.Own, leaf.Joined, arm, ref own, leaf.Ordered, leaf.CostShifts);
        }
        while (!leaf.Gate.IsUnchanged(sequence));
        Priors(settings, arm, out Shrunk quality, out Shrunk cost, out Shrunk latency);
        ArmEstimate estimate = default;
        Write(ref estimate, settings, own, quality, cost, latency, availability: 1, pending: 0);
        return estimate;
    }

    private static void Priors(RouterSettings settings, int arm, out Shrunk quality, out Shrunk cost, out Shrunk latency)
    {
        Arm prior = settings.Catalog.Arms[arm];
        quality = new Shrunk(prior.PriorQuality, prior.PriorSamples);
        cost = new Shrunk(settings.ListCostUsd[arm], CostPriorSamples, isOwnKept: false);
        latency = new Shrunk(settings.PriorLatencySeconds, LatencyPriorSamples, isOwnKept: false);
    }

    private static void Write(
        ref ArmEstimate estimate, RouterSettings settings, in LevelSums own, in Shrunk quality, in Shrunk cost, in Shrunk latency, double availability, int pending)
    {
        Objective objective = settings.Objective;

        // A cell that a damaged store has driven below zero counts as empty.
        double judged = Math.Max(0, own.Graded), successes = Math.Clamp(own.Quality, 0, judged);
        double costed = Math.Max(0, own.Costed), costUsd = Math.Max(0, own.CostUsd);
        estimate.OwnSamples = judged;
        estimate.CostUsd = cost.MeanWith(costed, costUsd);
        estimate.LatencySeconds = latency.MeanWith(Math.Max(0, own.Ended), Math.Max(0, own.LatencySeconds));
        estimate.Availability = availability;
        var moments = new ArmMoments
        {
            Successes = quality.Mass * quality.Mean + successes,
            Failures = quality.Mass * (1 - quality.Mean) + judged - successes,
            Count = quality.Borrowed + judged,
            Sum = quality.BorrowedSum + successes,
            Squares = settings.NeedsSquares ? quality.BorrowedSquares + Math.Clamp(own.QualitySquares, 0, successes) : double.NaN,
            CostCount = cost.Borrowed + costed,
            CostSum = cost.BorrowedSum + costUsd,
            CostSquares = cost.BorrowedSquares + Math.Max(0, own.CostSquares),
            CostMean = estimate.CostUsd,
        };
        double shift = -objective.CostMultiplier * estimate.CostUsd - objective.LatencyUsdPerSecond * estimate.LatencySeconds;
        QualityPosterior.Write(ref estimate.Belief, settings.Law, moments, objective.ValueUsd * availability, shift, objective.CostMultiplier, pending);
    }

    private static void Read(RouterSettings settings, Evidence[] own, Evidence[][] joined, Span<LevelSums> sums, OrderedState? ordered, CostShift[] shifts)
    {
        sums.Clear();
        for (int arm = 0; arm < sums.Length; arm++) Read(settings, own, joined, arm, ref sums[arm], ordered, shifts);
    }

    private static void Read(RouterSettings settings, Evidence[] own, Evidence[][] joined, int arm, ref LevelSums sums, OrderedState? ordered, CostShift[] shifts)
    {
        if (arm < own.Length)
        {
            sums.Add(own[arm], 1);
            if (settings.NeedsSquares) sums.AddSquares(own[arm], 1);
            if (arm < shifts.Length) sums.Add(shifts[arm]);
        }

        if (ordered is not null && ordered.IsRestarted(arm)) return;
        for (int origin = 0; origin < Math.Min(joined.Length, settings.OriginWeights.Length); origin++)
        {
            Evidence[] cells = joined[origin];
            if (arm >= cells.Length) continue;
            sums.Add(cells[arm], settings.OriginWeights[origin]);
            if (settings.NeedsSquares) sums.AddSquares(cells[arm], settings.OriginWeights[origin]);
        }
    }

    /// <summary>A prior mean and its mass on the way down the tree.</summary>
    /// <remarks>Where little may be borrowed, what is lacking of the mass is filled up: with the prior's own mean where that is kept, else with the mean borrowed, as what an arm costs elsewhere
    /// says more of what it costs here than its list price does.</remarks>
    private struct Shrunk(double mean, double mass, bool isOwnKept = true)
    {
        private readonly double _ownMean = mean;
        private readonly double _ownMass = mass;

        public double Mean = mean;
        public double Mass = mass;

        /// <summary>What of the mass is evidence of other segments: where the mass is capped, evidence and prior shrink alike.</summary>
        public double Borrowed { get; private set; }

        /// <summary>Sum and sum of squares of the borrowed evidence.</summary>
        public double BorrowedSum { get; private set; }

        public double BorrowedSquares { get; private set; }

        public void Borrow(double count, double sum, double squares, double mostMass)
        {
            double posterior = Mass + count;
            Mean = (Mass * Mean + sum) / posterior;
            Mass = Math.Min(posterior, mostMass);
            double kept = Mass / posterior;
            Borrowed = (Borrowed + count) * Mass / posterior;
            BorrowedSum = (BorrowedSum + sum) * kept;
            BorrowedSquares = (BorrowedSquares + squares) * kept;
            if (Mass >= _ownMass) return;
            if (isOwnKept) Mean = (Mass * Mean + (_ownMass - Mass) * _ownMean) / _ownMass;
            Mass = _ownMass;
        }

        public readonly double MeanWith(double count, double sum) => (Mass * Mean + sum) / (Mass + count);
    }
}
