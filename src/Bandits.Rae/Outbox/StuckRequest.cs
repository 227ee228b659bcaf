namespace Bandits.Rae.Outbox;

/// <summary>The request at the head of the outbox at which the server fails, and how many pushes it did.</summary>
internal sealed class StuckRequest
{
    /// <summary>Pushes, each with its own further tries, after which it is looked whether the server fails at this one alone.</summary>
    private const int MostPushes = 3;

    private long _end;
    private int _pushes;

    /// <summary>Whether the server failed at it before.</summary>
    public bool IsSuspect(long end) => end == _end;

    /// <summary>Counts a failure at the request that ends at a position; whether it were enough.</summary>
    public bool IsHopeless(long end)
    {
        _pushes = end == _end ? _pushes + 1 : 1;
        _end = end;
        return _pushes >= MostPushes;
    }
}
