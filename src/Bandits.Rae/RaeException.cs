namespace Bandits.Rae;

/// <summary>The server did not do what was asked. The message holds neither the key nor anything that was sent.</summary>
public sealed class RaeException : Exception
{
    internal RaeException(RaeFault fault, int status, string message, Exception? inner = null)
        : base(message, inner) => (Fault, Status) = (fault, status);

    /// <summary>What is to be done about it.</summary>
    public RaeFault Fault { get; }

    /// <summary>HTTP status; 0 when there was no answer.</summary>
    public int Status { get; }
}

/// <summary>Kinds of failure, by what is to be done.</summary>
public enum RaeFault
{
    /// <summary>It may work later: no answer, 408, 429, 5xx, an open circuit.</summary>
    Unavailable = 0,

    /// <summary>It will never work as it was asked: 400, 402, 403, 404, 422 and their like.</summary>
    Refused = 1,

    /// <summary>The endpoint or the key is wrong, whatever is asked: 401, or a redirect to another host.</summary>
    Misconfigured = 2,

    /// <summary>An answer that is none of this server's.</summary>
    NotUnderstood = 3,

    /// <summary>An answer longer than <see cref="RaeOptions.MaxResponseBytes"/>.</summary>
    TooLong = 4,
}
