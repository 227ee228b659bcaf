namespace Bandits.Routing.Experiments;

/// <summary>All that was found on one set of outcomes.</summary>
internal sealed record Study(Subject Subject, IReadOnlyList<Finding> Findings, IReadOnlyList<Course> Courses);
