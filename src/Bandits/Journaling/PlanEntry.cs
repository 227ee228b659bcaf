using Bandits.Concurrency;
using Bandits.Segments;

namespace Bandits.Journaling;

/// <summary>What one or many decisions are drawn from: every arm, eligible or not, with what was expected of it.</summary>
internal readonly ref struct PlanEntry
{
    /// <summary>Key of the segment.</summary>
    public required ulong Segment { get; init; }

    /// <summary>Version of settings, arms and prices.</summary>
    public required int SettingsVersion { get; init; }

    /// <summary>Graded outcomes behind the beliefs, pending ones included where they count.</summary>
    public required double Round { get; init; }

    public required double ExplorationRate { get; init; }

    public required DecisionTraits Traits { get; init; }

    /// <summary>Eligible arms with their probabilities after floor and gate.</summary>
    public required ReadOnlySpan<PlannedArm> Planned { get; init; }

    /// <summary>By arm: why not.</summary>
    public required ReadOnlySpan<Ineligibility> WhyNot { get; init; }

    /// <summary>By arm: the estimates.</summary>
    public required ReadOnlySpan<ArmEstimate> Estimates { get; init; }
}
