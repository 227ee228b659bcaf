namespace Bandits.History;

/// <summary>One line that was not accepted: where it stands and why.</summary>
/// <param name="Source">File name, or <c>-</c> for standard input.</param>
/// <param name="LineNumber">Number of the line, 1 first; blank lines count.</param>
/// <param name="Reason">Why it was not accepted.</param>
/// <param name="Field">The field at fault, or null when the line as a whole is.</param>
/// <param name="Message">What was found and what is allowed.</param>
public sealed record RejectedLine(string Source, long LineNumber, RejectionReason Reason, string? Field, string Message)
{
    /// <summary><c>source:line: field: message (reason)</c>.</summary>
    public override string ToString() =>
        Field is null ? $"{Source}:{LineNumber}: {Message} ({Reason})" : $"{Source}:{LineNumber}: {Field}: {Message} ({Reason})";
}
