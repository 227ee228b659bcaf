namespace Bandits.History;

/// <summary>What <see cref="LineReader.Next"/> found.</summary>
internal enum LineKind
{
    /// <summary>A whole line.</summary>
    Line,

    /// <summary>A piece of a line that is longer than <see cref="HistoryLimits.LineBytes"/>; more follows.</summary>
    LongPiece,

    /// <summary>The last piece of such a line.</summary>
    LongEnd,

    /// <summary>No more lines.</summary>
    End,
}
