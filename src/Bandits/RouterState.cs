namespace Bandits;

/// <summary>Everything a router has learnt, as plain values: what a snapshot stores. Numbers, strings and arrays only.</summary>
/// <remarks>Parents of the segment tree are not in it: they are the sum of what their leaves have rolled up.</remarks>
public sealed class RouterState
{
    /// <summary>Names of the segment's dimensions.</summary>
    public required string[] Dimensions { get; init; }

    /// <summary>Values of each dimension in order of first appearance, reserved ones left out.</summary>
    public required string[][] Values { get; init; }

    /// <summary>Arms by dense index.</summary>
    public required Arm[] Arms { get; init; }

    /// <summary>Status by dense index.</summary>
    public required ArmStatus[] Status { get; init; }

    /// <summary>Sequence of the latest decision.</summary>
    public long Sequence { get; init; }

    /// <summary>Origins of joined evidence.</summary>
    public required OriginState[] Origins { get; init; }

    /// <summary>Leaf segments.</summary>
    public required SegmentState[] Segments { get; init; }

    /// <summary>Pooling masses of the parents.</summary>
    public required MassState[] Masses { get; init; }

    /// <summary>Overall exploration: rate, count, shortfall, variance.</summary>
    public required double[] Exploration { get; init; }

    /// <summary>Availability, six numbers for each arm: up, down, then day and tick within the day of the last change and of the end of Retry-After.</summary>
    public required double[] Availability { get; init; }

    /// <summary>Ledger slots in use, eight words each.</summary>
    public required long[] Ledger { get; init; }

    /// <summary>Slots of the session table in use, four words each: session, segment, propensity as bits, then arm and traits.</summary>
    public long[] Sessions { get; init; } = [];

    /// <summary>Dimension that the safety gate's scopes are values of; null when the whole router is one, or when there is no gate.</summary>
    public string? SafetyScope { get; init; }

    /// <summary>Accounts of the safety gate.</summary>
    public SafetyState[] Safety { get; init; } = [];

    /// <summary>Position in the journal: the state holds every entry before it. 0 without a journal.</summary>
    public long Position { get; init; }

    /// <summary>The account of spending, the price of money and the traffic it was found over; empty where nothing was charged.</summary>
    public double[] Spending { get; init; } = [];

    /// <summary>Detectors of arms that change everywhere; empty where none has seen anything.</summary>
    public double[] ArmWatch { get; init; } = [];

    /// <summary>States of the model of features.</summary>
    public ModelState[] Models { get; init; } = [];

    /// <summary>Open decisions whose features are kept, four words each: incarnation, sequence, packed segment, arm.</summary>
    public long[] FeatureSlots { get; init; } = [];

    /// <summary>Of each of them what was expected without the features (quality, cost, latency), then the features.</summary>
    public double[] Features { get; init; } = [];

    /// <summary>The same state with these segments and arms.</summary>
    internal RouterState With(SegmentState[] segments, ArmCatalog catalog) => new()
    {
        Dimensions = Dimensions,
        Values = Values,
        Arms = [.. catalog.Arms],
        Status = [.. catalog.Status],
        Sequence = Sequence,
        Origins = Origins,
        Segments = segments,
        Masses = Masses,
        Exploration = Exploration,
        Availability = Availability,
        Ledger = Ledger,
        Sessions = Sessions,
        SafetyScope = SafetyScope,
        Safety = Safety,
        Position = Position,
        Openings = Openings,
        Spending = Spending,
        ArmWatch = ArmWatch,
        Models = Models,
        FeatureSlots = FeatureSlots,
        Features = Features,
        Caps = Caps,
    };

    /// <summary>The routers that have continued this state, this one last; the latest 4,096.</summary>
    public OpeningState[] Openings { get; init; } = [];

    /// <summary>What was spent under caps, and what decisions have reserved; null where there were never any.</summary>
    public CapState? Caps { get; init; }
}

/// <summary>One router that began with this state: its decision ids.</summary>
/// <param name="Incarnation">Incarnation of its ids.</param>
/// <param name="After">Latest sequence before it began.</param>
/// <param name="Last">Its latest sequence that is known.</param>
/// <param name="Number">How many-th opening of the state it was, from 1.</param>
public readonly record struct OpeningState(ulong Incarnation, long After, long Last, long Number);

/// <summary>State of the model of features of one segment.</summary>
/// <param name="Key">Packed key.</param>
/// <param name="Depth">Number of dimensions that are not "any".</param>
/// <param name="Position">Position in the journal up to which it has learnt.</param>
/// <param name="Numbers">The state, as the model lays it out.</param>
public readonly record struct ModelState(ulong Key, int Depth, long Position, double[] Numbers);

/// <summary>One origin of joined evidence.</summary>
/// <param name="Name">Name of the origin: a node and its incarnation, or an import.</param>
/// <param name="Sequence">Version of its contribution; a higher one replaces a lower one.</param>
/// <param name="Weight">Weight of its outcomes in belief, in [0, 1].</param>
public readonly record struct OriginState(string Name, long Sequence, double Weight);

/// <summary>One leaf segment.</summary>
public sealed class SegmentState
{
    /// <summary>Packed key.</summary>
    public ulong Key { get; init; }

    /// <summary>Own evidence by arm, <see cref="Evidence.WordCount"/> words each.</summary>
    public required long[] Own { get; init; }

    /// <summary>The part of it that the parents have; empty when they have all of it.</summary>
    public required long[] Rolled { get; init; }

    /// <summary>Outcomes rolled up and outcomes since, by arm.</summary>
    public required long[] Progress { get; init; }

    /// <summary>Joined evidence by origin and arm.</summary>
    public required long[][] Joined { get; init; }

    /// <summary>Exploration: rate, count, shortfall, variance, and the count, shortfall and variance not yet seen overall.</summary>
    public required double[] Exploration { get; init; }

    /// <summary>What depends on the order of things; null when nothing does.</summary>
    public OrderedSegmentState? Ordered { get; init; }

    /// <summary>Position in the journal up to which this segment has taken entries in; later than <see cref="RouterState.Position"/> where it was copied later.</summary>
    public long Position { get; init; }

    /// <summary>What restating its costs at other prices has changed, three numbers for each arm: outcomes, USD, USD squared.</summary>
    public double[] CostShifts { get; init; } = [];

    /// <summary>Position in the journal of the latest change of prices that is in <see cref="CostShifts"/>; 0 for none.</summary>
    public long RestatedAt { get; init; }
    /// <summary>
    /// How long attempts took, two lists for each arm: counted here, and of that what the root lacks. A list is empty, or the number of its first bucket and then the attempts that ended
    /// and that were cut off in each bucket from there on. Empty where no latencies are kept.
    /// </summary>
    public long[][] Latencies { get; init; } = [];

    /// <summary>Whether these are the cells of attempts after a failure; see <see cref="Request.IsAfterFailure"/>.</summary>
    public bool IsConditional { get; init; }
}

/// <summary>What one leaf segment keeps that depends on the order of decisions and outcomes.</summary>
public sealed class OrderedSegmentState
{
    /// <summary>Evidence of closed epochs by arm, <see cref="Evidence.WordCount"/> words each.</summary>
    public long[] Closed { get; init; } = [];

    /// <summary>Restarts, and the latest sequence of a closed epoch, by arm.</summary>
    public long[] Epochs { get; init; } = [];

    /// <summary>State of the policy.</summary>
    public double[] Policy { get; init; } = [];

    /// <summary>State of forgetting.</summary>
    public double[] Memory { get; init; } = [];

    /// <summary>State of drift detection: the queue of decisions, then each detector.</summary>
    public double[][] Drift { get; init; } = [];
}

/// <summary>Pooling masses of one parent segment.</summary>
/// <param name="Key">Packed key.</param>
/// <param name="Depth">Number of dimensions that are not "any".</param>
/// <param name="Quality">Mass for quality, outcomes.</param>
/// <param name="Cost">Mass for cost, outcomes.</param>
/// <param name="Latency">Mass for latency, outcomes.</param>
/// <param name="NextAt">Graded outcomes at which they are estimated again.</param>
public readonly record struct MassState(ulong Key, int Depth, double Quality, double Cost, double Latency, long NextAt);

/// <summary>The safety gate's account of one scope.</summary>
/// <param name="Scope">Number of the scope's value in its dimension; 0 where the whole router is the scope.</param>
/// <param name="Since">Sequence of the last decision before the account began.</param>
/// <param name="ArmsAtStart">Number of arms when it began.</param>
/// <param name="Words">Four words for each arm: decisions, of these graded, and the sum of their quality in 2^-32, low word first.</param>
/// <param name="Position">Position in the journal up to which grades are in the account.</param>
public readonly record struct SafetyState(int Scope, long Since, int ArmsAtStart, long[] Words, long Position = 0);
