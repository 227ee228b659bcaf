using System.Runtime.InteropServices;

namespace Bandits;

/// <summary>Why a decision came out as it did.</summary>
[Flags]
public enum DecisionTraits : byte
{
    /// <summary>The exploiting part of the probabilities chose this arm.</summary>
    None = 0,

    /// <summary>Only the exploring part could choose this arm.</summary>
    Explored = 1,

    /// <summary>Belief was weak, so the baseline rule stood in for the exploiting part.</summary>
    Fallback = 2,

    /// <summary>No arm cleared the quality floor, which was therefore not applied.</summary>
    FloorUnmet = 4,

    /// <summary>The session kept the arm it had; the propensity is the one with which the session drew it.</summary>
    Sticky = 8,

    /// <summary>The safety gate held some arm back and gave its probability to the baseline arm.</summary>
    Gated = 16,

    /// <summary>The safety gate's baseline arm was not eligible, so the gate did not apply.</summary>
    Ungated = 32,

    /// <summary>Made because another arm's answer was not good enough: evidence of cells of its own, see <see cref="Request.IsAfterFailure"/>.</summary>
    AfterFailure = 64,

    /// <summary>Spend caps left no arm, so the last resort was chosen; see <see cref="RouterOptions.LastResortArmId"/>.</summary>
    LastResort = 128,
}

/// <summary>The receipt of a decision: keep it, log it or send it away, and hand it back with the outcome, minutes or days later.</summary>
/// <remarks>A small value; issued by <see cref="BanditRouter.TryDecide"/> and read from its token by <see cref="BanditRouter.ParseToken"/>. <c>default</c> is no decision.</remarks>
[StructLayout(LayoutKind.Auto)] // 72 bytes instead of 88, all of which every decision writes
public readonly record struct Decision
{
    private readonly ushort _attempt;

    /// <summary>Unique name of the decision.</summary>
    public DecisionId Id { get; internal init; }

    /// <summary>Segment that was decided for.</summary>
    public SegmentKey Segment { get; internal init; }

    /// <summary>Dense index of the arm chosen; its id is <see cref="BanditRouter.ArmAt"/>. -1 when no arm was eligible.</summary>
    public int Arm { get; internal init; }

    /// <summary>Probability with which <see cref="Arm"/> was drawn, exact by construction, in (0, 1]; NaN when it was not computed. For a session's kept arm the
    /// one with which the session drew it; for one of several (<see cref="BanditRouter.DecideTop"/>) that of being among them.</summary>
    public double Propensity { get; internal init; }

    /// <summary>Time of the request, UTC ticks: its own, else the router's clock's; 0 when there is neither.</summary>
    public long TimeTicks { get; internal init; }

    /// <summary>Attempt number of the request, 0 for the first.</summary>
    public int Attempt
    {
        get => _attempt;
        internal init => _attempt = (ushort)value;
    }

    /// <summary>Posterior mean quality of the arm as used in the decision, in [0, 1].</summary>
    public float PredictedQuality { get; internal init; }

    /// <summary>Posterior mean cost of the arm as used in the decision, USD.</summary>
    public double PredictedCostUsd { get; internal init; }

    /// <summary>Graded outcomes that the segment had absorbed when the decision was made; 0 where nothing depends on it.</summary>
    public long SegmentOutcomes { get; internal init; }

    /// <summary>Why it came out so.</summary>
    public DecisionTraits Traits { get; internal init; }

    /// <summary>When no arm was eligible: every reason that excluded one. Else <see cref="Ineligibility.None"/>.</summary>
    public Ineligibility WhyNone { get; internal init; }
}
