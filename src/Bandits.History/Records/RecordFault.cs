namespace Bandits.History;

/// <summary>What is wrong with a line. The message is only built for lines that are rejected.</summary>
internal readonly record struct RecordFault(RejectionReason Reason, RecordField Field, string Message);
