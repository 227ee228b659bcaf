namespace Bandits.Rae;

/// <summary>The answer to a create.</summary>
/// <param name="Id">Id of the new memory; null when the server says that it has one of this content.</param>
public readonly record struct CreatedMemory(string? Id)
{
    /// <summary>Whether the server took it for one that it has. It may be wrong: its mark of the latest write is set before that is stored.</summary>
    public bool IsDuplicate => Id is null;
}
