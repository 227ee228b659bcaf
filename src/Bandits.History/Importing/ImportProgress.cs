namespace Bandits.History;

/// <summary>How far an import has come.</summary>
/// <param name="SourceBytes">Bytes taken from the source as it is stored, compressed or not.</param>
/// <param name="SourceLength">Length of the source, null when it is a pipe.</param>
/// <param name="Records">Lines read so far, blank ones aside.</param>
public readonly record struct ImportProgress(long SourceBytes, long? SourceLength, long Records);
