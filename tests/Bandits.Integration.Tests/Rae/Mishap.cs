namespace Bandits.Integration.Tests.Rae;

/// <summary>What happens to a request at the fake server.</summary>
internal enum Mishap
{
    None,

    /// <summary>The connection is reset before the server has done anything.</summary>
    DropBefore,

    /// <summary>The server does it, and the connection is reset before the answer.</summary>
    DropAfter,

    /// <summary>A proxy delivers the request twice.</summary>
    Twice,

    /// <summary>500; what was to be stored is not, but marked as the latest write.</summary>
    FailMarked,

    /// <summary>500, but it was stored.</summary>
    FailStored,

    /// <summary>503 of a proxy.</summary>
    Unavailable,

    /// <summary>429 with Retry-After and the code in words.</summary>
    BusyByHeader,

    /// <summary>429 with the time of the reset in the body.</summary>
    BusyByBody,

    /// <summary>A short delay.</summary>
    Delay,

    /// <summary>No answer until the server stops or the client goes.</summary>
    Hang,

    /// <summary>The server does it and never answers.</summary>
    HangAfter,

    /// <summary>307 to another host.</summary>
    ElsewhereRedirect,

    /// <summary>422.</summary>
    Invalid,

    /// <summary>402.</summary>
    OverBudget,

    /// <summary>200 of something that is no RAE.</summary>
    Foreign,
}
