using Bandits.Statistics;

namespace Bandits;

/// <summary>What a segment remembers where old outcomes must fade because arms change: everything, a discounted past, or the latest outcomes.</summary>
/// <remarks>
/// Counts the graded outcomes of one segment, all arms together: an arm fades while the others are played, so that it is tried again. What is
/// remembered depends on the order of outcomes, so a corrected outcome is not taken back and remembered sums of two routers cannot be added;
/// evidence itself is never forgotten. An outcome enters when its grade comes, with the cost and latency known by then; what comes later, or without any
/// grade, is evidence but is not remembered.
/// <para>
/// What an outcome weighs is fixed by the time of its decision: its age is the number of graded outcomes that its segment has learnt since
/// (<see cref="Decision.SegmentOutcomes"/>), and it enters as faded as an outcome of that age already is. One too old to count changes nothing.
/// Take a memory much longer than delays and batches: where all outcomes come d late, a window of W holds W - d of them. Decisions of one batch share their
/// time, so of a batch much longer than the memory a window keeps the outcomes that come first, a discount next to nothing.
/// </para>
/// Immutable; <c>default</c> is <see cref="None"/>.
/// </remarks>
public readonly record struct Forgetting
{
    private readonly double _gamma;

    private Forgetting(double gamma, int outcomes) => (_gamma, Outcomes) = (gamma, outcomes);

    /// <summary>Nothing fades.</summary>
    public static Forgetting None => default;

    /// <summary>Whether nothing fades.</summary>
    public bool IsNone => !IsDiscount && !IsWindow;

    /// <summary>What an outcome still weighs after one more outcome of its segment, in (0, 1]; 1 unless discounted.</summary>
    public double Gamma => IsDiscount ? _gamma : 1;

    /// <summary>Outcomes of the segment that count, the latest ones; 0 unless windowed.</summary>
    public int Outcomes { get; }

    private bool IsDiscount => _gamma > 0;

    private bool IsWindow => Outcomes > 0;

    /// <summary>
    /// Each graded outcome multiplies what is remembered of all arms by <paramref name="gamma"/>, and enters with weight <c>gamma</c> to the power of its age;
    /// about <c>1 / (1 - gamma)</c> outcomes are remembered.
    /// </summary>
    /// <param name="gamma">In (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is out of its range.</exception>
    public static Forgetting Discount(double gamma)
    {
        if (!(gamma > 0 && gamma <= 1)) Throw.OutOfRange(nameof(gamma), gamma, "(0, 1]");
        return new Forgetting(gamma, 0);
    }

    /// <summary>Only outcomes count whose decision lies within the last <paramref name="outcomes"/> graded outcomes of the segment; 40 bytes each.</summary>
    /// <param name="outcomes">In [1, 65536].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outcomes"/> is out of its range.</exception>
    public static Forgetting Window(int outcomes)
    {
        if (outcomes is < 1 or > WindowedSums.MostOutcomes) Throw.OutOfRange(nameof(outcomes), outcomes, "[1, 65536] outcomes");
        return new Forgetting(0, outcomes);
    }

    /// <summary>Numbers of a segment's memory that all arms share; they come first. All 0 is the empty memory.</summary>
    internal int HeaderLength => IsWindow ? new WindowedSums(Outcomes).HeaderLength : IsDiscount ? DiscountedSums.HeaderLength : 0;

    /// <summary>Numbers of a segment's memory for each arm, by dense index; new arms append.</summary>
    internal int ArmLength => IsWindow ? WindowedSums.ArmLength : IsDiscount ? DiscountedSums.ArmLength : 0;

    /// <summary>Takes in a graded outcome; without forgetting there is no memory and nothing happens.</summary>
    /// <param name="memory">The segment's memory.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="age">Graded outcomes learnt since its decision, a whole number, 0 or more.</param>
    internal void Learn(Span<double> memory, in GradedOutcome outcome, double age = 0)
    {
        if (IsWindow) new WindowedSums(Outcomes).Learn(memory, outcome, age);
        else if (IsDiscount) new DiscountedSums(_gamma).Learn(memory, outcome, age);
    }

    /// <summary>Graded outcomes that the memory has learnt: its clock.</summary>
    internal long Learnt(ReadOnlySpan<double> memory) => (long)(IsWindow ? WindowedSums.Learnt(memory) : IsDiscount ? DiscountedSums.Learnt(memory) : 0);

    /// <summary>Graded outcomes learnt since a decision; 0 where the memory has started anew since and learnt fewer than the decision says.</summary>
    internal double AgeOf(ReadOnlySpan<double> memory, in Decision decision) => Math.Max(0, Learnt(memory) - (double)decision.SegmentOutcomes);

    /// <summary>What is remembered of an arm; nothing when the memory has no room for it yet.</summary>
    internal OutcomeSums Read(ReadOnlySpan<double> memory, int arm) =>
        ArmLength == 0 || memory.Length < HeaderLength + (arm + 1) * ArmLength ? default
        : IsWindow ? new WindowedSums(Outcomes).Read(memory, arm)
        : DiscountedSums.Read(memory, arm);

    /// <summary>Forgets one arm, because it was found to have changed.</summary>
    internal void Clear(Span<double> memory, int arm)
    {
        if (IsWindow) new WindowedSums(Outcomes).Clear(memory, arm);
        else if (IsDiscount) DiscountedSums.Clear(memory, arm);
    }

    /// <summary>A saved memory as it is kept now: a discount that did not yet count outcomes gets a count of 0, which is what decisions of that time say.</summary>
    internal double[] Present(double[] saved) => IsDiscount && saved.Length % DiscountedSums.ArmLength == 0 ? [0, .. saved] : saved;

    /// <summary>Makes a memory that was loaded fit to use; false when something in it was impossible and had to be dropped.</summary>
    internal bool Restore(Span<double> memory) => IsWindow ? new WindowedSums(Outcomes).Restore(memory) : !IsDiscount || DiscountedSums.Restore(memory);
}
