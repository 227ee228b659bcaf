using Bandits.Statistics;

namespace Bandits;

/// <summary>How a change is looked for.</summary>
public enum ChangeDetector : byte
{
    /// <summary>Generalised likelihood ratio over all splits of the past: no size or time of change need be known.</summary>
    Glr = 0,

    /// <summary>Cumulative sums around the mean of the first outcomes: a few numbers of memory, for changes of a named size.</summary>
    Cusum = 1,
}

/// <summary>What starts anew when a change is detected.</summary>
public enum RestartScope : byte
{
    /// <summary>The arm in which it was detected, in that segment.</summary>
    Arm = 0,

    /// <summary>All arms of the segment.</summary>
    Segment = 1,
}

/// <summary>Components of outcomes.</summary>
[Flags]
public enum OutcomeComponents : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Quality.</summary>
    Quality = 1,

    /// <summary>Cost.</summary>
    Cost = 2,

    /// <summary>Latency.</summary>
    Latency = 4,
}

/// <summary>Restarts by change detection: each (segment, arm) and component is watched, and a detected change closes the epoch of the cell, so that belief starts anew.</summary>
/// <remarks>
/// Evidence of closed epochs is kept but no longer believed; outcomes of decisions made before the restart go there too. Outcomes reach the detectors in
/// the order of their decisions; a correction counts until the detector has seen the outcome, which cannot be taken back from it. Only arms that are played
/// are watched: give the router an exploration floor.
/// </remarks>
public sealed record DriftDetection
{
    /// <summary>Which detector.</summary>
    /// <value><see cref="ChangeDetector.Glr"/></value>
    public ChangeDetector Detector { get; init; }

    /// <summary>What starts anew.</summary>
    /// <value><see cref="RestartScope.Arm"/></value>
    public RestartScope Scope { get; init; }

    /// <summary>Components that are watched.</summary>
    /// <value>quality and cost</value>
    public OutcomeComponents Components { get; init; } = OutcomeComponents.Quality | OutcomeComponents.Cost;

    /// <summary>Chance of a false alarm of one detector, in (0, 1).</summary>
    /// <value>0.01</value>
    public double FalseAlarm { get; init; } = 0.01;

    /// <summary>Whether <see cref="FalseAlarm"/> holds over an endless run, with a proof; false takes the papers' thresholds, which are lower.</summary>
    /// <value>true</value>
    public bool Spends { get; init; } = true;

    /// <summary>Outcomes of a cell between two tests, and between two candidate times of change, of the GLR detector; in [1, 1000].</summary>
    /// <value>5 outcomes</value>
    public int Stride { get; init; } = GlrDetector.DefaultStride;

    /// <summary>Most candidate times of change that the GLR detector keeps for each cell, an even number in [2, 65536]; 8 bytes each, as they are needed.</summary>
    /// <value>2,048</value>
    public int Candidates { get; init; } = GlrDetector.DefaultCapacity;

    /// <summary>Smallest change of the mean, on the scale of [0, 1], that the CUSUM detector looks for; in (0, 1).</summary>
    /// <value>0.2</value>
    public double SmallestChange { get; init; } = CusumDetector.DefaultDrift;

    /// <summary>Decisions of a segment that may be waited for, so that outcomes are seen in decision order; a power of two in [1, 65536].</summary>
    /// <value>64 decisions</value>
    public int Maturity { get; init; } = MaturityQueue.DefaultCapacity;

    /// <summary>Most numbers in the state of one detector.</summary>
    internal const int MostStateLength = 4 + 65536;

    internal void Validate(List<string> faults)
    {
        Fault.Check(faults, Enum.IsDefined(Detector), "Drift.Detector", (int)Detector, "a defined ChangeDetector");
        Fault.Check(faults, Enum.IsDefined(Scope), "Drift.Scope", (int)Scope, "a defined RestartScope");
        Fault.Check(faults, Components is > OutcomeComponents.None and <= (OutcomeComponents)7, "Drift.Components", (int)Components, "quality, cost, latency or several");
        Fault.Check(faults, FalseAlarm is > 0 and < 1, "Drift.FalseAlarm", FalseAlarm, "(0, 1)");
        Fault.Check(faults, Stride is >= 1 and <= 1000, "Drift.Stride", Stride, "[1, 1000] outcomes");
        Fault.Check(faults, Candidates is >= 2 and <= 65536 && Candidates % 2 == 0, "Drift.Candidates", Candidates, "an even number in [2, 65536]");
        Fault.Check(faults, SmallestChange is > 0 and < 1, "Drift.SmallestChange", SmallestChange, "(0, 1)");
        Fault.Check(faults, Maturity is >= 1 and <= 65536 && int.IsPow2(Maturity), "Drift.Maturity", Maturity, "a power of two in [1, 65536] decisions");
    }

    internal IChangeDetector Create() => Detector == ChangeDetector.Glr
        ? new GlrDetector(FalseAlarm, Spends, Stride, Stride, Candidates)
        : Spends ? CusumDetector.Spending(FalseAlarm, SmallestChange)
        : CusumDetector.Fixed((int)Math.Ceiling(Math.Log(4 / FalseAlarm) / (SmallestChange * SmallestChange)), SmallestChange / 2, Math.Log(2 / FalseAlarm) / (2 * SmallestChange));
}
