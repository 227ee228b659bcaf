namespace Bandits.History;

/// <summary>Takes the raw line of a record that is new, before it is counted.</summary>
internal interface IRecordSink
{
    /// <param name="line">The line without its end.</param>
    /// <param name="record">What was read from it.</param>
    /// <param name="position">Where the line starts in its source, bytes.</param>
    void Append(ReadOnlySpan<byte> line, RecordParser record, long position);
}
