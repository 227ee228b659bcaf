namespace Bandits.History;

/// <summary>The numbers of a record's names, each in its own <see cref="NameTable"/>.</summary>
internal readonly record struct RecordNames(
    int Area, int Risk, int Complexity, int Planner, int PlannerProvider, int Implementer, int ImplementerProvider);
