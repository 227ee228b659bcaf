using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits.Concurrency;

/// <summary>The working memory of one decision, one per thread, so that deciding allocates nothing once it has grown.</summary>
internal sealed class DecisionScratch
{
    [ThreadStatic]
    private static DecisionScratch? t_scratch;

    public LevelSums[] Levels = [];
    public ArmEstimate[] Estimates = [];
    public Ineligibility[] Why = [];
    public int[] Arms = [];
    public Belief[] Beliefs = [];
    public double[] Pmf = [];
    public double[] Baseline = [];

    /// <summary>Estimates before a model of features looked at them.</summary>
    public ArmEstimate[] Without = [];

    /// <summary>Whether <see cref="Without"/> is of this decision.</summary>
    public bool HasFeatures;
    public double[] Values = [];
    public Belief[] BeliefsWithout = [];
    public double[] ValuesWithout = [];
    public double[] CostsWithout = [];
    public double[] Costs = [];
    public double[] Other = [];
    public PlannedArm[] Planned = [];
    public int Count;

    /// <summary>Decisions pending by arm, and the policy's state; filled where the settings ask for them.</summary>
    public int[] Pending = [];
    public double[] PolicyState = [];
    public int PolicyStateLength;

    /// <summary>Under spend caps: what is left by cap, what a call may cost by arm, both nano-USD, and whether any arm was left out for it.</summary>
    public long[] Room = [];
    public long[] Reserved = [];
    public bool IsOverCap;

    public ReadOnlySpan<PlannedArm> Plan => Planned.AsSpan(0, Count);

    /// <summary>Counts of latencies by bucket: events and censored of a segment, then of the others, then of all.</summary>
    private double[] _latencies = [];

    /// <summary>Room for events and censored of a segment and of the others.</summary>
    public Span<double> LatencyCounts()
    {
        if (_latencies.Length == 0) _latencies = new double[6 * LatencyHistogram.BucketCount];
        return _latencies.AsSpan(0, 4 * LatencyHistogram.BucketCount);
    }

    /// <summary>Room for events and censored of all.</summary>
    public Span<double> LatencySums() => _latencies.AsSpan(4 * LatencyHistogram.BucketCount);

    /// <summary>What each arm is believed to be here without looking at others; filled where an arm takes its prior from there.</summary>
    private ArmStanding[] _standings = [];

    /// <summary>Room for the standings of so many arms.</summary>
    public Span<ArmStanding> StandingsOf(int arms)
    {
        if (_standings.Length < arms) _standings = new ArmStanding[arms];
        return _standings.AsSpan(0, arms);
    }

    /// <summary>Room for pending counts.</summary>
    public Span<int> PendingOf(int arms)
    {
        if (Pending.Length < arms) Pending = new int[arms];
        return Pending.AsSpan(0, arms);
    }

    /// <summary>Room for a policy's state.</summary>
    public Span<double> PolicyStateOf(int length)
    {
        if (PolicyState.Length < length) PolicyState = new double[length];
        PolicyStateLength = length;
        return PolicyState.AsSpan(0, length);
    }

    /// <summary>Room for what is left of so many caps.</summary>
    public Span<long> RoomOf(int caps)
    {
        if (Room.Length < caps) Room = new long[caps];
        return Room.AsSpan(0, caps);
    }

    /// <summary>Copies an eligible arm to another position, with its belief.</summary>
    public void Copy(int from, int to) => (Planned[to], Beliefs[to], Arms[to]) = (Planned[from], Beliefs[from], Arms[from]);

    /// <summary>Moves the arm of highest probability to the front, where a draw usually ends.</summary>
    public void PutLikeliestFirst()
    {
        int likeliest = 0;
        for (int i = 1; i < Count; i++)
            if (Planned[i].Probability > Planned[likeliest].Probability) likeliest = i;
        (Planned[0], Planned[likeliest]) = (Planned[likeliest], Planned[0]);
    }

    /// <summary>This thread's memory, large enough for so many arms and levels.</summary>
    public static DecisionScratch For(int arms, int levels)
    {
        DecisionScratch scratch = t_scratch ??= new DecisionScratch();
        if (scratch.Estimates.Length < arms)
        {
            scratch.Estimates = new ArmEstimate[arms];
            scratch.Why = new Ineligibility[arms];
            scratch.Arms = new int[arms];
            scratch.Beliefs = new Belief[arms];
            scratch.Pmf = new double[arms];
            scratch.Baseline = new double[arms];
            scratch.Without = new ArmEstimate[arms];
            scratch.Values = new double[arms];
            scratch.BeliefsWithout = new Belief[arms];
            scratch.ValuesWithout = new double[arms];
            scratch.CostsWithout = new double[arms];
            scratch.Costs = new double[arms];
            scratch.Other = new double[arms];
            scratch.Planned = new PlannedArm[arms];
            scratch.Reserved = new long[arms];
        }

        if (scratch.Levels.Length < arms * levels) scratch.Levels = new LevelSums[arms * levels];
        return scratch;
    }
}
