using Bandits.Statistics;

namespace Bandits.Tests.Statistics;

public sealed class ExceedanceTestTests
{
    /// <summary>By hand, p = 0.05: B(4, 3) = 1/60 and P(Bin(6, 0.05) >= 4) = 8.6406e-5, so M = (1/60) 0.9999136 / (0.05^3 0.95^3) = 155.50; two of five give 8.17.</summary>
    [Theory]
    [InlineData(3, 5, 155.50)]
    [InlineData(2, 5, 8.167)]
    [InlineData(1, 1, 10.5)]
    public void The_evidence_is_the_mixed_likelihood_ratio(int exceeding, int count, double ratio) =>
        Assert.Equal(ratio, Math.Exp(ExceedanceTest.LogEvidence(exceeding, count, 0.05)), ratio * 1e-3);

    [Fact]
    public void No_more_than_may_is_no_evidence_however_many()
    {
        Assert.Equal(0, ExceedanceTest.LogEvidence(0, 0, 0.05));
        Assert.Equal(0, ExceedanceTest.LogEvidence(50_000, 1_000_000, 0.05));
        Assert.True(ExceedanceTest.IsSure(52_000, 1_000_000, 0.05, 0.999));
        Assert.True(double.IsFinite(ExceedanceTest.LogEvidence(1e6, 1e6, 0.001)));
    }

    /// <summary>2,000 series of 400 outcomes at exactly the rate that may be, looked at after each. Were the chance of a false alarm 0.1, more than 241 in 2,000 would have probability 0.001.</summary>
    [Fact]
    public void Looking_after_every_outcome_keeps_the_confidence()
    {
        var random = new Random(11);
        int alarms = 0;
        for (int series = 0; series < 2000; series++)
        {
            int exceeding = 0;
            for (int n = 1; n <= 400; n++)
            {
                if (random.NextDouble() < 0.05) exceeding++;
                if (!ExceedanceTest.IsSure(exceeding, n, 0.05, 0.9)) continue;
                alarms++;
                break;
            }
        }

        Assert.InRange(alarms, 1, 241);
    }
}
