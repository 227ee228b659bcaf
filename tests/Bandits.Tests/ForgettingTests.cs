using Bandits.Statistics;
using Bandits.Tests.Support;
using static Bandits.Tests.Support.GradedOutcomes;

namespace Bandits.Tests;

public sealed class ForgettingTests
{
    private static readonly GradedOutcome Most =
        new(0, 1) { HasCost = true, CostUsd = Outcome.MaxCostUsd, HasLatency = true, LatencySeconds = Outcome.MaxLatency.TotalSeconds };

    [Law(MaxTest = 60)]
    public void A_window_remembers_exactly_what_evidence_of_its_outcomes_holds(int seed, byte length)
    {
        int window = length % 50 + 1;
        Forgetting forgetting = Forgetting.Window(window);
        double[] memory = MemoryOf(forgetting);
        GradedOutcome[] outcomes = Some(seed, 160);
        for (int n = 1; n <= outcomes.Length; n++)
        {
            forgetting.Learn(memory, outcomes[n - 1]);
            if (n % 7 != 0) continue;
            for (int arm = 0; arm < Arms; arm++)
                Assert.Equal(SumsOf(outcomes.Take(n).TakeLast(window).Where(o => o.Arm == arm)), forgetting.Read(memory, arm));
        }
    }

    [Law(MaxTest = 30)]
    public void A_window_longer_than_the_past_is_plain_sums(int seed)
    {
        Forgetting forgetting = Forgetting.Window(200);
        double[] memory = MemoryOf(forgetting);
        GradedOutcome[] outcomes = Some(seed, 200);
        foreach (GradedOutcome outcome in outcomes) forgetting.Learn(memory, outcome);
        for (int arm = 0; arm < Arms; arm++) Assert.Equal(SumsOf(outcomes.Where(o => o.Arm == arm)), forgetting.Read(memory, arm));
    }

    [Law(MaxTest = 60)]
    public void A_discount_weighs_all_arms_by_the_outcomes_since(int seed, byte step)
    {
        double gamma = 0.5 + step % 100 / 200.0;
        Forgetting forgetting = Forgetting.Discount(gamma);
        double[] memory = MemoryOf(forgetting);
        GradedOutcome[] outcomes = Some(seed, 60);
        foreach (GradedOutcome outcome in outcomes) forgetting.Learn(memory, outcome);
        for (int arm = 0; arm < Arms; arm++)
        {
            IEnumerable<(GradedOutcome, double)> weighted = outcomes.Select((outcome, i) => (outcome, Math.Pow(gamma, outcomes.Length - 1 - i)));
            AssertNear(SumsOf(weighted.Where(o => o.Item1.Arm == arm)), forgetting.Read(memory, arm), 1e-10);
        }
    }

    [Law(MaxTest = 30)]
    public void Discount_one_is_plain_sums(int seed)
    {
        Forgetting forgetting = Forgetting.Discount(1);
        double[] memory = MemoryOf(forgetting);
        GradedOutcome[] outcomes = Some(seed, 200);
        foreach (GradedOutcome outcome in outcomes) forgetting.Learn(memory, outcome);
        for (int arm = 0; arm < Arms; arm++) AssertNear(SumsOf(outcomes.Where(o => o.Arm == arm)), forgetting.Read(memory, arm), 1e-8);
    }

    /// <summary>Pitfall: discounting the arm that was played alone never explores the others again.</summary>
    [Fact]
    public void An_arm_fades_while_another_is_played()
    {
        Forgetting forgetting = Forgetting.Discount(0.9);
        double[] memory = MemoryOf(forgetting);
        forgetting.Learn(memory, new GradedOutcome(0, 1));
        for (int i = 0; i < 10; i++) forgetting.Learn(memory, new GradedOutcome(1, 1));
        Assert.Equal(Math.Pow(0.9, 10), forgetting.Read(memory, 0).Count, 1e-12);
    }

    [Fact]
    public void What_faded_away_is_exactly_nothing()
    {
        Forgetting forgetting = Forgetting.Discount(0.999);
        double[] memory = MemoryOf(forgetting);
        forgetting.Learn(memory, new GradedOutcome(0, 0.7) { HasCost = true, CostUsd = 1e6, HasLatency = true, LatencySeconds = 3 });
        for (int i = 0; i < 30_000; i++) forgetting.Learn(memory, new GradedOutcome(1, 1));
        Assert.Equal(default, forgetting.Read(memory, 0));
        Assert.Equal(1000, forgetting.Read(memory, 1).Count, 1e-6);
    }

    /// <summary>A huge cost that has left the window leaves no trace among tiny ones.</summary>
    [Fact]
    public void Window_sums_do_not_drift()
    {
        Forgetting forgetting = Forgetting.Window(8);
        double[] memory = MemoryOf(forgetting);
        forgetting.Learn(memory, Most);
        var least = new GradedOutcome(0, 0) { HasCost = true, CostUsd = 1e-9, HasLatency = true, LatencySeconds = 1e-6 };
        for (int i = 0; i < 8; i++) forgetting.Learn(memory, least);
        OutcomeSums sums = forgetting.Read(memory, 0);
        Assert.Equal((8e-9, 8e-18, 8e-6), (sums.CostSum, sums.CostSquareSum, sums.LatencySum));
        Assert.Equal((8, 0, 0), (sums.Count, sums.QualitySum, sums.QualitySquareSum));
    }

    [Fact]
    public void The_largest_window_is_still_exact()
    {
        Forgetting forgetting = Forgetting.Window(WindowedSums.MostOutcomes);
        double[] memory = MemoryOf(forgetting);
        for (int i = 0; i < WindowedSums.MostOutcomes; i++) forgetting.Learn(memory, Most);
        Assert.All(memory, number => Assert.InRange(number, 0, 1L << 53));
        OutcomeSums full = forgetting.Read(memory, 0);
        Assert.Equal(WindowedSums.MostOutcomes * 1e12, full.CostSquareSum, 1);
        for (int i = 0; i < WindowedSums.MostOutcomes; i++) forgetting.Learn(memory, new GradedOutcome(1, 0));
        Assert.Equal(default, forgetting.Read(memory, 0));
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(0.95, 0)]
    public void A_cleared_arm_starts_anew_and_the_others_stay(double gamma, int window)
    {
        Forgetting forgetting = window > 0 ? Forgetting.Window(window) : Forgetting.Discount(gamma);
        double[] memory = MemoryOf(forgetting);
        foreach (GradedOutcome outcome in Some(5, 100)) forgetting.Learn(memory, outcome);
        OutcomeSums other = forgetting.Read(memory, 2);
        forgetting.Clear(memory, 1);
        Assert.Equal(default, forgetting.Read(memory, 1));
        Assert.Equal(other, forgetting.Read(memory, 2));
        for (int i = 0; i < 5; i++) forgetting.Learn(memory, new GradedOutcome(1, 0.5));
        OutcomeSums anew = forgetting.Read(memory, 1);
        Assert.InRange(anew.Count, 4, 5);
        Assert.Equal(anew.Count / 2, anew.QualitySum, 1e-12);
        for (int i = 0; i < 1_000; i++) forgetting.Learn(memory, new GradedOutcome(2, 1));
        Assert.Equal(default, forgetting.Read(memory, 1));
        Assert.Equal(window > 0 ? window : 1 / (1 - gamma), forgetting.Read(memory, 2).Count, 1e-9);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(0.9, 0)]
    public void A_sound_memory_is_restored_as_it_was_and_a_damaged_one_is_made_fit(double gamma, int window)
    {
        Forgetting forgetting = window > 0 ? Forgetting.Window(window) : Forgetting.Discount(gamma);
        double[] memory = MemoryOf(forgetting);
        foreach (GradedOutcome outcome in Some(9, 50)) forgetting.Learn(memory, outcome);
        double[] restored = [.. memory];
        Assert.True(forgetting.Restore(restored));
        Assert.Equal(memory, restored);
        foreach (double wrong in (double[])[double.NaN, double.PositiveInfinity, -1, 0.3, 1e300])
        {
            for (int i = 0; i < memory.Length; i++)
            {
                restored = [.. memory];
                restored[i] = wrong;
                forgetting.Restore(restored);
                Assert.True(forgetting.Restore(restored));
                foreach (GradedOutcome outcome in Some(10, 20)) forgetting.Learn(restored, outcome);
                Assert.All(restored, number => Assert.True(number >= 0 && double.IsFinite(number)));
            }
        }
    }

    [Fact]
    public void New_arms_append_to_the_memory()
    {
        foreach (Forgetting forgetting in (Forgetting[])[Forgetting.Window(10), Forgetting.Discount(0.9)])
        {
            double[] memory = MemoryOf(forgetting);
            foreach (GradedOutcome outcome in Some(3, 30)) forgetting.Learn(memory, outcome);
            OutcomeSums before = forgetting.Read(memory, 2);
            Assert.Equal(default, forgetting.Read(memory, Arms));
            Array.Resize(ref memory, memory.Length + forgetting.ArmLength);
            Assert.Equal(before, forgetting.Read(memory, 2));
            forgetting.Learn(memory, new GradedOutcome(Arms, 1));
            Assert.Equal(1, forgetting.Read(memory, Arms).Count);
        }
    }

    [Fact]
    public void Without_forgetting_there_is_no_memory()
    {
        Assert.True(Forgetting.None.IsNone);
        Assert.Equal((0, 0), (Forgetting.None.HeaderLength, Forgetting.None.ArmLength));
        Forgetting.None.Learn([], new GradedOutcome(0, 1));
        Assert.Equal(default, Forgetting.None.Read([], 0));
        Assert.True(Forgetting.None.Restore([]));
        Assert.Equal(1, Forgetting.None.Gamma);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.5)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_discount_outside_its_range_is_refused(double gamma) => Assert.Throws<ArgumentOutOfRangeException>(() => Forgetting.Discount(gamma));

    [Theory]
    [InlineData(0)]
    [InlineData(65537)]
    public void A_window_outside_its_range_is_refused(int outcomes) => Assert.Throws<ArgumentOutOfRangeException>(() => Forgetting.Window(outcomes));

    [Fact]
    public void Remembering_allocates_nothing()
    {
        foreach (Forgetting forgetting in (Forgetting[])[Forgetting.Window(32), Forgetting.Discount(0.99)])
        {
            double[] memory = MemoryOf(forgetting);
            GradedOutcome[] outcomes = Some(1, 100);
            Assert.Equal(0, Allocations.Of(_ =>
            {
                for (int i = 0; i < 100; i++)
                {
                    forgetting.Learn(memory, outcomes[i], i % 7);
                    forgetting.Read(memory, i % Arms);
                    forgetting.Clear(memory, i % Arms);
                }
            }));
        }
    }
}
