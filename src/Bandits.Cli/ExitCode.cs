namespace Bandits.Cli;

/// <summary>What the process says at its end.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The user's error: one clear line on standard error, nothing changed.</summary>
    public const int UserError = 1;

    /// <summary>An import with --strict met a line it had to reject.</summary>
    public const int Rejected = 2;

    /// <summary>A store is not whole.</summary>
    public const int Damaged = 3;

    /// <summary>Something waits in the outbox for a server that does not take it now; it is kept for the next push.</summary>
    public const int Waiting = 4;
}
