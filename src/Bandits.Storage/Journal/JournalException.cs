namespace Bandits.Storage.Journal;

/// <summary>The journal cannot be read or written.</summary>
public sealed class JournalException : IOException
{
    /// <summary>Creates the exception.</summary>
    public JournalException()
    {
    }

    /// <summary>Creates the exception with what happened.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with what happened and why.</summary>
    public JournalException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
