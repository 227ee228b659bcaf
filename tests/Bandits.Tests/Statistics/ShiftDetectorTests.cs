using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits.Tests.Statistics;

public sealed class ShiftDetectorTests
{
    private static readonly ArmDriftDetection Drift = new() { OutcomesPerFalseAlarm = 2000 };

    /// <summary>Siegmund's equation 2.50, by hand: h = 5, k = 1/2 gives 2 x 930 one-sided outcomes between two alarms of both sides together 465.</summary>
    [Fact]
    public void The_threshold_solves_the_equation_of_the_run_length()
    {
        double b = 2 * 0.5 * (5 + 1.166), oneSided = (Math.Exp(b) - b - 1) / (2 * 0.25);
        Assert.Equal(938.2, oneSided, 0.1);
        Assert.Equal(5, ShiftDetector.NormalThresholdOf(oneSided / 2, 0.5), 1e-9);
    }

    /// <summary>The law of two values C and -1/C, of mean 0 and variance 1, is the one that meets the bound: e^(r(z - k)) is 1 on average, by which h = ln(2 ARL) / r.</summary>
    [Theory]
    [InlineData(0.4, 3)]
    [InlineData(0.5, 2)]
    public void The_threshold_of_bounded_deviations_is_that_of_the_worst_law(double slack, double clip)
    {
        double rate = Math.Log(2 * 25_000) / ShiftDetector.BoundedThresholdOf(25_000, slack, clip), share = 1 / (1 + clip * clip);
        Assert.Equal(1, share * Math.Exp(rate * (clip - slack)) + (1 - share) * Math.Exp(rate * (-1 / clip - slack)), 1e-9);
        Assert.True(rate > 0.1);
    }

    /// <summary>Of 2,000 outcomes an alarm there are at most 200 among 400,000: more than 260 is four deviations. The worst law that there is (success .1) comes nearest, normal deviations are far within.</summary>
    [Theory]
    [InlineData("normal", 0)]
    [InlineData("skewed", 0)]
    [InlineData("bernoulli", 0.02)]
    [InlineData("bernoulli", 0.1)]
    [InlineData("bernoulli", 0.2)]
    [InlineData("bernoulli", 0.3)]
    [InlineData("bernoulli", 0.5)]
    [InlineData("bernoulli", 0.8)]
    [InlineData("bernoulli", 0.91)]
    [InlineData("bernoulli", 0.98)]
    public void False_alarms_are_at_least_as_rare_as_stated(string law, double success)
    {
        var random = new RandomStream(17);
        var state = new double[ShiftDetector.StateLength];
        ShiftDetector detector = Drift.Quality;
        int alarms = 0;
        for (int i = 0; i < 400_000; i++)
        {
            double deviation = law switch
            {
                "normal" => 0.1 * Normal(ref random),
                "bernoulli" => (random.NextUnit() < success ? 1 : 0) - success,
                _ => -Math.Log(1 - random.NextUnit()) * 0.1 - 0.1,
            };
            if (detector.Observe(state, deviation, false, out _) != 0) alarms++;
        }

        Assert.InRange(alarms, 0, 260);
    }

    /// <summary>Costs are as for a normal law, ten times as long: 20,000 outcomes an alarm are 100 among two million, give or take four deviations and a third for the approximation.</summary>
    [Fact]
    public void False_alarms_of_cost_are_as_rare_as_of_a_normal_law()
    {
        var random = new RandomStream(18);
        var state = new double[ShiftDetector.StateLength];
        ShiftDetector detector = Drift.Cost;
        int alarms = 0;
        for (int i = 0; i < 2_000_000; i++)
            if (detector.Observe(state, 0.6 * Normal(ref random), false, out _) != 0) alarms++;
        Assert.InRange(alarms, 40, 170);
    }

    /// <summary>Failures are rare and most of the spread: a success rate that falls from .9 to .5 shows in a few dozen outcomes.</summary>
    [Theory]
    [InlineData(0.9, 0.5, 45)]
    [InlineData(0.5, 0.9, 60)]
    [InlineData(0.95, 0.7, 70)]
    public void A_success_rate_that_falls_is_found(double before, double after, int most)
    {
        var random = new RandomStream(4);
        ShiftDetector detector = new ArmDriftDetection().Quality;
        int total = 0;
        for (int run = 0; run < 100; run++)
        {
            var state = new double[ShiftDetector.StateLength];
            for (int i = 0; i < 200; i++) detector.Observe(state, (random.NextUnit() < before ? 1 : 0) - before, false, out _);
            int delay = 1;
            while (detector.Observe(state, (random.NextUnit() < after ? 1 : 0) - before, false, out _) != Math.Sign(after - before)) delay++;
            total += delay;
        }

        Assert.InRange(total / 100.0, 5, most);
    }

    [Theory]
    [InlineData(-0.17, 25)]
    [InlineData(0.17, 25)]
    [InlineData(-0.5, 12)]
    public void A_shift_is_found_within_some_outcomes(double shift, int most)
    {
        var random = new RandomStream(3);
        ShiftDetector detector = new ArmDriftDetection().Quality;
        int total = 0;
        for (int run = 0; run < 50; run++)
        {
            var state = new double[ShiftDetector.StateLength];
            for (int i = 0; i < 100; i++) detector.Observe(state, 0.12 * Normal(ref random), false, out _);
            int delay = 1;
            double level;
            while (detector.Observe(state, shift + 0.12 * Normal(ref random), false, out level) != Math.Sign(shift)) delay++;
            Assert.InRange(level / shift, 0.3, 2);
            total += delay;
        }

        Assert.InRange(total / 50.0, 2, most);
    }

    /// <summary>A price 56 times as high shows in the second outcome, and says by how much.</summary>
    [Fact]
    public void A_price_that_jumps_is_found_in_three_outcomes_at_most()
    {
        var random = new RandomStream(5);
        ShiftDetector detector = new ArmDriftDetection().Cost;
        for (int run = 0; run < 50; run++)
        {
            var state = new double[ShiftDetector.StateLength];
            for (int i = 0; i < 100; i++) Assert.Equal(0, detector.Observe(state, 0.5 * Normal(ref random), false, out _));
            int delay = 1;
            double level;
            while (detector.Observe(state, Math.Log(56) + 0.5 * Normal(ref random), false, out level) == 0) delay++;
            Assert.InRange(delay, 1, 3);
            Assert.InRange(Math.Exp(level), 15, 200);
        }
    }

    /// <summary>An alarm begins the detector anew, and whoever acts on it does so once more.</summary>
    [Fact]
    public void To_begin_anew_twice_is_to_begin_anew_once()
    {
        var random = new RandomStream(6);
        ShiftDetector detector = new ArmDriftDetection().Cost;
        var state = new double[ShiftDetector.StateLength];
        for (int i = 0; i < 50; i++) detector.Observe(state, 0.5 * Normal(ref random), false, out _);
        ShiftDetector.Restart(state);
        double[] once = [.. state];
        ShiftDetector.Restart(state);
        Assert.Equal(once, state);
        Assert.Equal(12.5, once[9]); // a quarter of what was measured
        Assert.True(once[1] > 0);
    }

    [Fact]
    public void A_state_that_nothing_honest_left_begins_anew()
    {
        ShiftDetector detector = Drift.Quality;
        double[] state = [.. Enumerable.Repeat(double.NaN, ShiftDetector.StateLength)];
        for (int i = 0; i < 10; i++) detector.Observe(state, 0.1, false, out _);
        Assert.All(state, number => Assert.True(double.IsFinite(number)));
    }

    private static double Normal(ref RandomStream random) => ZigguratNormal.Sample(ref random);
}
