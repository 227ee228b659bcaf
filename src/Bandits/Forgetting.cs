using Bandits.Statistics;

namespace Bandits;

/// <summary>What a segment remembers where old outcomes must fade because arms change: everything, a discounted past, or the latest outcomes.</summary>
/// <remarks>
/// Counts the graded outcomes of one segment, all arms together: an arm fades while the others are played, so that it is tried again. What is
/// remembered depends on the order of outcomes, so a corrected outcome is not taken back and remembered sums of two routers cannot be added;
/// evidence itself is never forgotten. An outcome enters when its grade comes, at full weight however old its decision is, with the cost and latency known by
/// then; what comes later, or without any grade, is evidence but is not remembered. Immutable; <c>default</c> is <see cref="None"/>.
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
    /// Each graded outcome multiplies what is remembered of all arms by <paramref name="gamma"/>; about <c>1 / (1 - gamma)</c> outcomes are remembered.
    /// </summary>
    /// <param name="gamma">In (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is out of its range.</exception>
    public static Forgetting Discount(double gamma)
    {
        if (!(gamma > 0 && gamma <= 1)) Throw.OutOfRange(nameof(gamma), gamma, "(0, 1]");
        return new Forgetting(gamma, 0);
    }

    /// <summary>Only the last <paramref name="outcomes"/> graded outcomes of the segment count; 32 bytes each.</summary>
    /// <param name="outcomes">In [1, 65536].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outcomes"/> is out of its range.</exception>
    public static Forgetting Window(int outcomes)
    {
        if (outcomes is < 1 or > WindowedSums.MostOutcomes) Throw.OutOfRange(nameof(outcomes), outcomes, "[1, 65536] outcomes");
        return new Forgetting(0, outcomes);
    }

    /// <summary>Numbers of a segment's memory that all arms share; they come first. All 0 is the empty memory.</summary>
    internal int HeaderLength => IsWindow ? new WindowedSums(Outcomes).HeaderLength : 0;

    /// <summary>Numbers of a segment's memory for each arm, by dense index; new arms append.</summary>
    internal int ArmLength => IsWindow ? WindowedSums.ArmLength : IsDiscount ? DiscountedSums.ArmLength : 0;

    /// <summary>Takes in a graded outcome; without forgetting there is no memory and nothing happens.</summary>
    internal void Learn(Span<double> memory, in GradedOutcome outcome)
    {
        if (IsWindow) new WindowedSums(Outcomes).Learn(memory, outcome);
        else if (IsDiscount) new DiscountedSums(_gamma).Learn(memory, outcome);
    }

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

    /// <summary>Makes a memory that was loaded fit to use; false when something in it was impossible and had to be dropped.</summary>
    internal bool Restore(Span<double> memory) => IsWindow ? new WindowedSums(Outcomes).Restore(memory) : !IsDiscount || DiscountedSums.Restore(memory);
}
