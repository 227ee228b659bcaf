namespace Bandits.History;

/// <summary>Retries and gates, each over the records where it is known.</summary>
internal struct ReviewTotals
{
    public long RetryCount;
    public long RetrySum;
    public long QualityGateKnown;
    public long QualityGatePassed;
    public long CodeReviewKnown;
    public long CodeReviewPassed;

    public void Add(in Measured record)
    {
        RetryCount += record.RetryKnown;
        RetrySum += record.Retries;
        QualityGateKnown += record.QualityGateKnown;
        QualityGatePassed += record.QualityGatePassed;
        CodeReviewKnown += record.CodeReviewKnown;
        CodeReviewPassed += record.CodeReviewPassed;
    }
}
