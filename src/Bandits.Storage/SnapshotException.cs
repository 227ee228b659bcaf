namespace Bandits.Storage;

/// <summary>A snapshot cannot be read; the message says what is wrong with it and where.</summary>
public sealed class SnapshotException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SnapshotException(SnapshotFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>The kind of fault.</summary>
    public SnapshotFault Fault { get; }
}
