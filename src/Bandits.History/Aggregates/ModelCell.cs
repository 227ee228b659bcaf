namespace Bandits.History;

/// <summary>One model over all segments.</summary>
internal sealed class ModelCell
{
    public readonly ModelRoleCell Planner = new(), Implementer = new();

    /// <summary>Records where the model had either role, each counted once.</summary>
    public readonly ModelRoleCell Any = new();

    /// <summary>The model's own provider: the one it first had in the role, else in the other role.</summary>
    public int Provider(HistoryRole role)
    {
        (int own, int other) = role == HistoryRole.Planner ? (Planner.Provider, Implementer.Provider) : (Implementer.Provider, Planner.Provider);
        return own != NameTable.Missing ? own : other;
    }
}
