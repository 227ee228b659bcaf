namespace Bandits.Rae;

/// <summary>Whether requests go out.</summary>
public enum RaeCircuit
{
    /// <summary>They do.</summary>
    Closed = 0,

    /// <summary>One goes out to see whether the server is back.</summary>
    HalfOpen = 1,

    /// <summary>None does for a while: the server only failed.</summary>
    Open = 2,
}
