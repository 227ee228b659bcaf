using Bandits.Numerics;
using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Statistics;

public sealed class GlrDetectorTests
{
    /// <summary>Five zeros and five ones: at the split 5 kl(0, 1/2) + 5 kl(1, 1/2) = 10 ln 2; beta = ln(3 * 10^1.5 / delta).</summary>
    [Fact]
    public void The_statistic_is_the_one_worked_by_hand()
    {
        double[] state = [];
        var detector = new GlrDetector(0.5, spending: false);
        for (int i = 0; i < 10; i++) Assert.False(detector.Observe(ref state, i < 5 ? 0 : 1) && i < 9);
        (double statistic, double split) = GlrDetector.Largest(state);
        Assert.Equal(10 * Math.Log(2), statistic, 1e-12);
        Assert.Equal(5, split);
        Assert.Equal(Math.Log(3 * Math.Pow(10, 1.5) / 0.5), detector.Threshold(10, 1), 1e-12);
    }

    /// <summary>0.2 over ten, 0.7 over ten, mean 0.45: 10 kl(0.2, 0.45) + 10 kl(0.7, 0.45).</summary>
    [Fact]
    public void Graded_values_enter_by_their_mean()
    {
        double[] state = [];
        var detector = new GlrDetector(1e-9, spending: false);
        for (int i = 0; i < 20; i++) detector.Observe(ref state, i < 10 ? 0.2 : 0.7);
        static double Entropy(double p, double q) => p * Math.Log(p / q) + (1 - p) * Math.Log((1 - p) / (1 - q));
        Assert.Equal(10 * Entropy(0.2, 0.45) + 10 * Entropy(0.7, 0.45), GlrDetector.Largest(state).Statistic, 1e-10);
    }

    /// <summary>Alarms come exactly where the naive statistic over all splits of the grid first reaches the threshold: no split is skipped wrongly.</summary>
    [Law(MaxTest = 40)]
    public void Alarms_are_those_of_the_naive_statistic(int seed, byte level, bool spending)
    {
        RandomStream random = Given.Random((ulong)seed);
        double[] state = [];
        var values = new List<double>();
        var detector = new GlrDetector(0.4, spending);
        double before = level / 255.0, after = random.NextUnit();
        for (int n = 1; n <= 400; n++)
        {
            double u = random.NextUnit(), mean = n <= 200 ? before : after;
            values.Add(seed % 2 == 0 ? u < mean ? 1 : 0 : u * mean);
            double largest = 0;
            int splits = 0;
            for (int s = 5; s < n && n % 5 == 0; s += 5, splits++) largest = Math.Max(largest, Naive(values, s));
            bool alarm = splits > 0 && largest >= detector.Threshold(n, splits);
            Assert.Equal(alarm, detector.Observe(ref state, values[^1]));
            if (n % 5 == 0 && splits > 0) Assert.Equal(largest, GlrDetector.Largest(state).Statistic, 1e-8 * (1 + largest));
            if (alarm) return;
        }
    }

    /// <summary>
    /// On a stationary stream the share of runs with an alarm is at most delta; the limit is what a binomial law exceeds with probability 1e-6.
    /// </summary>
    [Theory]
    [InlineData(false, 0.5)]
    [InlineData(false, 0.05)]
    [InlineData(true, 0.5)]
    public void False_alarms_stay_below_delta(bool spending, double mean)
    {
        const double Delta = 0.05;
        const int Runs = 60;
        int alarms = 0;
        for (int run = 0; run < Runs; run++)
        {
            RandomStream random = Given.Random((ulong)(run + 1));
            double[] state = [];
            var detector = new GlrDetector(Delta, spending);
            for (int n = 0; n < 10_000; n++)
            {
                if (!detector.Observe(ref state, random.NextUnit() < mean ? 1 : 0)) continue;
                alarms++;
                break;
            }
        }

        Assert.InRange(alarms, 0, Alarms.Most(Runs, Delta));
    }

    /// <summary>delta / (j (j+1)) over all tests is delta, and (1 + y) e^-y at the threshold is what a split of that test may spend.</summary>
    [Theory]
    [InlineData(10, 1)]
    [InlineData(500, 99)]
    [InlineData(1_000_000, 1_999)]
    public void The_spending_threshold_solves_its_equation(int n, int splits)
    {
        const double Delta = 0.01;
        double y = new GlrDetector(Delta, spending: true).Threshold(n, splits) - 2 * Math.Log(2), test = n / 5;
        double allowed = Delta / (test * (test + 1) * splits);
        Assert.InRange((1 + y) * Math.Exp(-y) / allowed, 0.97, 1 + 1e-9);
    }

    [Theory]
    [InlineData(false, 110)]
    [InlineData(true, 160)]
    public void A_large_change_is_detected_soon(bool spending, int mostDelay)
    {
        for (int run = 0; run < 50; run++)
        {
            RandomStream random = Given.Random((ulong)(1_000 + run));
            double[] state = [];
            var detector = new GlrDetector(0.01, spending);
            int at = 0;
            for (int n = 1; n <= 1_000 && at == 0; n++)
                if (detector.Observe(ref state, random.NextUnit() < (n <= 500 ? 0.5 : 0.9) ? 1 : 0)) at = n;
            Assert.InRange(at, 501, 500 + mostDelay);
        }
    }

    [Law(MaxTest = 20)]
    public void A_thinned_statistic_is_a_lower_bound_of_the_full_one(int seed)
    {
        RandomStream random = Given.Random((ulong)seed);
        double[] full = [], thin = [];
        var one = new GlrDetector(1e-200, spending: false);
        var other = new GlrDetector(1e-200, spending: false, capacity: 16);
        for (int n = 1; n <= 1_500; n++)
        {
            double value = random.NextUnit() < (n < 700 ? 0.3 : 0.6) ? 1 : 0;
            one.Observe(ref full, value);
            other.Observe(ref thin, value);
            Assert.InRange(GlrDetector.Largest(thin).Statistic, 0, GlrDetector.Largest(full).Statistic + 1e-9);
        }

        Assert.Equal(4 + 16, thin.Length);
        Assert.InRange(GlrDetector.Largest(thin).Statistic, 0.75 * GlrDetector.Largest(full).Statistic, double.PositiveInfinity);
    }

    /// <summary>Sums kept at every value, four at most: at the fifth value the odd ones go, the spacing doubles, and the fifth has no place any more.</summary>
    [Fact]
    public void Thinning_keeps_every_second_sum()
    {
        var detector = new GlrDetector(1e-200, spending: false, stride: 1, spacing: 1, capacity: 4);
        double[] state = [];
        foreach (double value in (double[])[1, 0, 1, 1]) detector.Observe(ref state, value);
        Assert.Equal([4, 3, 1, 4, 1, 1, 2, 3], state);
        detector.Observe(ref state, 0.5);
        Assert.Equal([5, 3.5, 2, 2, 1, 3], state[..6]);
        detector.Observe(ref state, 0.25);
        Assert.Equal([6, 3.75, 2, 3, 1, 3, 3.75], state[..7]);
    }

    [Fact]
    public void All_alike_is_no_change()
    {
        var detector = new GlrDetector(0.5, spending: false);
        foreach (double value in (double[])[0, 1, 0.3])
        {
            double[] state = [];
            for (int n = 0; n < 2_000; n++) Assert.False(detector.Observe(ref state, value));
        }
    }

    [Fact]
    public void Memory_is_bounded_and_observing_allocates_nothing_in_the_long_run()
    {
        var detector = new GlrDetector(1e-200, spending: true, capacity: 128);
        RandomStream random = Given.Random(4);
        double[] state = [];
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int n = 0; n < 3_000; n++) detector.Observe(ref state, random.NextUnit());
        }));
        Assert.Equal(4 + 128, state.Length);
    }

    [Fact]
    public void A_damaged_state_starts_anew()
    {
        var detector = new GlrDetector(0.1, spending: false);
        double[] sound = [];
        for (int n = 0; n < 50; n++) detector.Observe(ref sound, n % 2);
        foreach (double wrong in (double[])[double.NaN, double.PositiveInfinity, -3, 1e300])
        {
            for (int i = 0; i < 4; i++)
            {
                double[] state = [.. sound];
                state[i] = wrong;
                Assert.False(detector.Observe(ref state, 1));
                Assert.Equal(1, state[0]);
                Assert.Equal(1, state[1]);
            }
        }
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GlrDetector(0, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GlrDetector(1, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GlrDetector(double.NaN, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GlrDetector(0.1, false, stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GlrDetector(0.1, false, spacing: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GlrDetector(0.1, false, capacity: 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GlrDetector(0.1, false, capacity: 0));
    }

    private static double Naive(List<double> values, int split)
    {
        static double Part(double p, double q) => p <= 0 ? 0 : p * Math.Log(p / q);
        static double Entropy(double p, double q) => Part(p, q) + Part(1 - p, 1 - q);
        double mean = values.Average();
        return split * Entropy(values.Take(split).Average(), mean) + (values.Count - split) * Entropy(values.Skip(split).Average(), mean);
    }
}
