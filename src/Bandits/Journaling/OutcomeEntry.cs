using Bandits.Statistics;

namespace Bandits.Journaling;

/// <summary>An outcome as it stands in a journal: enough to change its segment again without the ledger.</summary>
internal struct OutcomeEntry
{
    public Decision Decision;
    public bool IsConditional;

    /// <summary>What of the outcome counted, and what of the decision was known before.</summary>
    public Contribution Counted;
    public Contribution Known;

    /// <summary>Parts of <see cref="Known"/> that were taken back.</summary>
    public OutcomeParts Corrected;
    public ushort Rank;

    /// <summary>Latest sequence when it was recorded.</summary>
    public long Latest;
    public TimeSpan RetryAfter;
    public long TimeTicks;
}
