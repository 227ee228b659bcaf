namespace Bandits.History;

/// <summary>How to import.</summary>
public sealed class ImportOptions
{
    /// <summary>What rejections call the source.</summary>
    /// <value>The file name for files, else <c>-</c>.</value>
    public string? SourceName { get; init; }

    /// <summary>Stop at the first rejected line. What was accepted before it stays.</summary>
    /// <value>False.</value>
    public bool Strict { get; init; }

    /// <summary>Receives every rejected line as it was, with a line end, so that it can be mended and imported again.</summary>
    public Stream? Rejects { get; init; }

    /// <summary>Called for every rejected line.</summary>
    public Action<RejectedLine>? OnRejected { get; init; }

    /// <summary>Called about once per 256 KiB, and at the end.</summary>
    public Action<ImportProgress>? OnProgress { get; init; }

    /// <summary>How many rejections the account keeps in <see cref="ImportAccount.Rejections"/>; all are counted.</summary>
    /// <value>100.</value>
    public int RejectionsKept { get; init; } = 100;
}
