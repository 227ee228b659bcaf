namespace Bandits.History;

/// <summary>How often one error type ended a task of a segment.</summary>
internal sealed class ErrorCount(int type)
{
    public readonly int Type = type;
    public long Count;
}
