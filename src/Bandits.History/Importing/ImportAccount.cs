namespace Bandits.History;

/// <summary>The closing account of an import: <see cref="Read"/> = <see cref="Imported"/> + <see cref="AlreadyKnown"/> + <see cref="Rejected"/>.</summary>
public sealed class ImportAccount
{
    private readonly long[] _byReason = new long[(int)RejectionReason.LineTooLong + 1];
    private readonly List<RejectedLine> _rejections = [];

    internal ImportAccount(string source) => Source = source;

    /// <summary>What was imported: a file name, or <c>-</c>.</summary>
    public string Source { get; }

    /// <summary>Lines read, blank ones aside.</summary>
    public long Read => Imported + AlreadyKnown + Rejected;

    /// <summary>Records that are new.</summary>
    public long Imported { get; internal set; }

    /// <summary>Records that were there already, or came twice in this source.</summary>
    public long AlreadyKnown { get; internal set; }

    /// <summary>Lines that are no valid record.</summary>
    public long Rejected { get; private set; }

    /// <summary>Blank lines, not counted as read.</summary>
    public long BlankLines { get; internal set; }

    /// <summary>Bytes of text read, after decompression.</summary>
    public long Bytes { get; internal set; }

    /// <summary>The first rejected lines, at most <see cref="ImportOptions.RejectionsKept"/>.</summary>
    public IReadOnlyList<RejectedLine> Rejections => _rejections;

    /// <summary>True when a strict import stopped at a rejected line: the last of <see cref="Rejections"/>.</summary>
    public bool StoppedAtRejection { get; internal set; }

    /// <summary>
    /// Why the source ended before its end (a truncated or damaged gzip, a failing device), or null. What was read before stays; a line
    /// cut in the middle is dropped.
    /// </summary>
    public string? SourceFault { get; internal set; }

    /// <summary>True when the source was read to its end.</summary>
    public bool IsComplete => !StoppedAtRejection && SourceFault is null;

    /// <summary>How many lines were rejected for one reason.</summary>
    public long RejectedFor(RejectionReason reason) => (uint)reason < (uint)_byReason.Length ? _byReason[(int)reason] : 0;

    internal void Reject(RejectedLine line, int kept)
    {
        Rejected++;
        _byReason[(int)line.Reason]++;
        if (_rejections.Count < Math.Max(1, kept)) _rejections.Add(line);
    }
}
