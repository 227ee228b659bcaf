using Bandits.Numerics;
using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Statistics;

public sealed class CusumDetectorTests
{
    /// <summary>M = 4 values of mean 1/2, then ones: g+ grows by 1 - 0.5 - 0.1 a value and reaches 2 with the fifth; zeros alike for g-.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void The_sums_are_those_worked_by_hand(double then)
    {
        var detector = CusumDetector.Fixed(4, 0.1, 2 - 1e-9);
        double[] state = [];
        foreach (double value in (double[])[0, 1, 1, 0]) Assert.False(detector.Observe(ref state, value));
        for (int i = 1; i <= 5; i++)
        {
            Assert.Equal(i == 5, detector.Observe(ref state, then));
            Assert.Equal(0.4 * i, state[then == 1 ? 2 : 3], 1e-12);
            Assert.Equal(0, state[then == 1 ? 3 : 2]);
        }
    }

    [Fact]
    public void A_sum_never_falls_below_zero()
    {
        var detector = CusumDetector.Fixed(2, 0.05, 100);
        double[] state = [];
        foreach (double value in (double[])[0, 1, 0, 0, 1]) detector.Observe(ref state, value);
        Assert.Equal(0.45, state[2], 1e-12); // from 0, not from -1.1
        Assert.Equal(0.9 - 0.55, state[3], 1e-12);
    }

    /// <summary>Steps of 1 - 1/2 - 1/4 reach 1 exactly with the fourth, and reaching it is enough.</summary>
    [Fact]
    public void Reaching_the_threshold_raises_the_alarm()
    {
        var detector = CusumDetector.Fixed(2, 0.25, 1);
        double[] state = [];
        bool[] alarms = [.. new double[] { 0, 1, 1, 1, 1, 1 }.Select(value => detector.Observe(ref state, value))];
        Assert.Equal([false, false, false, false, false, true], alarms);
        Assert.Equal([6, 1, 1, 0], state);
    }

    [Fact]
    public void A_spending_threshold_grows_with_time()
    {
        var detector = CusumDetector.Spending(0.01, 0.2);
        Assert.Equal(300, detector.Samples); // 2 ln(400) / 0.04 = 299.6
        Assert.Equal(Math.Log(400 * 20 * 21) / 0.8, detector.Threshold(20), 1e-12);
        Assert.Equal(3, CusumDetector.Fixed(1, 0.2, 3).Threshold(20));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void False_alarms_stay_below_delta(double mean)
    {
        const double Delta = 0.05;
        const int Runs = 200;
        var detector = CusumDetector.Spending(Delta);
        int alarms = 0;
        for (int run = 0; run < Runs; run++)
        {
            RandomStream random = Given.Random((ulong)(run + 1));
            double[] state = [];
            for (int n = 0; n < 10_000; n++)
            {
                if (!detector.Observe(ref state, random.NextUnit() < mean ? 1 : 0)) continue;
                alarms++;
                break;
            }
        }

        Assert.InRange(alarms, 0, Alarms.Most(Runs, Delta));
    }

    /// <summary>The samples and thresholds spend delta: half on the first mean, half on both sums at all times.</summary>
    [Fact]
    public void Delta_is_spent_once()
    {
        const double Delta = 0.01, Drift = 0.2;
        var detector = CusumDetector.Spending(Delta, Drift);
        Assert.InRange(2 * Math.Exp(-detector.Samples * Drift * Drift / 2), 0.9 * Delta / 2, Delta / 2);
        double spent = 0;
        for (int i = 1; i <= 100_000; i++) spent += 2 * Math.Exp(-4 * Drift * detector.Threshold(i));
        Assert.InRange(spent, 0.999 * Delta / 2, Delta / 2);
    }

    [Fact]
    public void A_large_change_is_detected_soon()
    {
        var detector = CusumDetector.Spending(0.01);
        for (int run = 0; run < 50; run++)
        {
            RandomStream random = Given.Random((ulong)(1_000 + run));
            double[] state = [];
            int at = 0;
            for (int n = 1; n <= 1_500 && at == 0; n++)
                if (detector.Observe(ref state, random.NextUnit() < (n <= 500 ? 0.5 : 0.9) ? 1 : 0)) at = n;
            Assert.InRange(at, 501, 500 + 400);
        }
    }

    [Fact]
    public void A_damaged_state_starts_anew()
    {
        var detector = CusumDetector.Fixed(5, 0.1, 3);
        for (int i = 0; i < 4; i++)
        {
            double[] state = [];
            for (int n = 0; n < 8; n++) detector.Observe(ref state, n % 2);
            state[i] = double.NaN;
            Assert.False(detector.Observe(ref state, 1));
            Assert.Equal([1, 1, 0, 0], state);
        }
    }

    [Fact]
    public void Observing_allocates_nothing_after_the_first_value()
    {
        var detector = CusumDetector.Spending(0.01);
        double[] state = [];
        detector.Observe(ref state, 0.5);
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int n = 0; n < 3_000; n++) detector.Observe(ref state, 0.5);
        }));
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumDetector.Spending(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumDetector.Spending(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumDetector.Spending(0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumDetector.Spending(0.1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumDetector.Fixed(0, 0.1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumDetector.Fixed(1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumDetector.Fixed(1, 0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumDetector.Fixed(1, 0.1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumDetector.Fixed(1, 0.1, double.PositiveInfinity));
    }

    [Fact]
    public void An_amount_at_its_reference_is_one_half()
    {
        Assert.Equal(0.5, BoundedAmount.Of(0.02, 0.02));
        Assert.Equal(0.75, BoundedAmount.Of(3, 1));
        Assert.Equal(0, BoundedAmount.Of(0, 0));
        Assert.InRange(BoundedAmount.Of(1e6, 1e-9), 0.999, 1);
    }
}
