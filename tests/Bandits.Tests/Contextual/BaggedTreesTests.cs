using Bandits.Contextual;
using Bandits.Tests.Support;

namespace Bandits.Tests.Contextual;

public sealed class BaggedTreesTests
{
    /// <summary>Quality is +0.4 or -0.4 by a step of one feature among four, noise of deviation 0.3: the step is found, and what is said of either side is right within 0.1.</summary>
    [Fact]
    public void A_step_is_learnt()
    {
        var model = new BaggedTrees(4);
        double[] state = Taught(model, 4_000, x => x[2] > 0.5 ? 0.4 : -0.4);
        Assert.InRange(ErrorOf(model, state, x => x[2] > 0.5 ? 0.4 : -0.4), 0, 0.1);
    }

    /// <summary>Quality is the product of two signs, of which a linear model learns nothing: its error stays at 0.4.</summary>
    [Fact]
    public void What_shows_in_combination_only_is_learnt()
    {
        var model = new BaggedTrees(2);
        double[] state = Taught(model, 10_000, Product);
        Assert.InRange(ErrorOf(model, state, Product), 0, 0.15);
        Assert.InRange(Math.Sqrt(1 - LinearShare()), 0.99, 1);

        static double Product(float[] x) => x[0] * x[1] > 0 ? 0.4 : -0.4;

        static double LinearShare()
        {
            var random = new Random(3);
            float[][] rows = [.. Enumerable.Range(0, 4_000).Select(_ => Draw(random, 2))];
            double[][] x = [.. rows.Select(row => row.Select(feature => (double)feature).ToArray())];
            return Math.Max(0, Ridge.Explained(x[..2_000], [.. rows[..2_000].Select(Product)], x[2_000..], [.. rows[2_000..].Select(Product)], 1));
        }
    }

    [Fact]
    public void Cost_and_latency_are_learnt_and_may_be_unknown()
    {
        var model = new BaggedTrees(3);
        double[] state = new double[model.ArmLength];
        var random = new Random(5);
        for (int i = 0; i < 6_000; i++)
        {
            float[] x = Draw(random, 3);
            double noise = random.NextDouble() - 0.5;
            model.Learn(state, x, new ModelOutcome { Quality = 0.1, Cost = i % 3 == 0 ? double.NaN : (x[0] > 0 ? 3 : -0.5) + noise, Latency = i % 2 == 0 ? double.NaN : (x[0] > 0 ? 1 : 0) + noise });
        }

        Prediction dear = Predict(model, state, [1, 0, 0]), cheap = Predict(model, state, [-1, 0, 0]);
        Assert.InRange(dear.Cost, 2.7, 3.3);
        Assert.InRange(cheap.Cost, -0.7, -0.2);
        Assert.InRange(dear.Latency, 0.8, 1.2);
        Assert.InRange(cheap.Latency, -0.2, 0.2);
        Assert.Equal(0.1, dear.Quality, 0.02);
    }

    [Fact]
    public void Nothing_learnt_is_the_prior_and_outcomes_narrow_it()
    {
        var model = new BaggedTrees(2);
        double[] state = new double[model.ArmLength];
        Prediction none = Predict(model, state, [0, 0]);
        Assert.Equal((0, 0, 0, 0), (none.Quality, none.Cost, none.Latency, none.Samples));
        Assert.Equal(Math.Sqrt(0.25 / 2), none.QualityDeviation, 1e-12);
        double last = none.QualityDeviation;
        foreach (int more in (int[])[20, 200, 20_000]) // between, splits made out of impatience widen it for a while
        {
            Teach(model, state, more, x => 0.2, more);
            Prediction now = Predict(model, state, [0, 0]);
            Assert.InRange(now.QualityDeviation, 0.0001, last * 0.9);
            last = now.QualityDeviation;
        }

        Assert.Equal(0.2, Predict(model, state, [0, 0]).Quality, 0.05);
    }

    /// <summary>Over 300 streams without any effect the truth is within 3 deviations nearly always, though trees split noise when their patience ends.</summary>
    [Fact]
    public void The_deviation_is_honest_where_there_is_nothing_to_find()
    {
        var model = new BaggedTrees(3);
        int within = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            double[] state = new double[model.ArmLength];
            Teach(model, state, 900, x => 0.1, seed);
            Prediction said = Predict(model, state, Draw(new Random(seed), 3));
            if (Math.Abs(said.Quality - 0.1) <= 3 * said.QualityDeviation) within++;
        }

        Assert.InRange(within, 288, 300);
    }

    [Fact]
    public void Same_outcomes_give_the_same_bits()
    {
        var model = new BaggedTrees(4);
        Assert.Equal(Taught(model, 3_000, x => x[0]), Taught(model, 3_000, x => x[0]));
    }

    [Fact]
    public void Arms_learn_by_themselves()
    {
        var model = new BaggedTrees(2, trees: 3, nodes: 7);
        double[] state = new double[3 * model.ArmLength];
        for (int i = 0; i < 50; i++) model.Learn(state, [1, 2], new ModelOutcome { Arm = 1, Quality = 0.5 });
        Assert.All(state[..model.ArmLength], number => Assert.Equal(0, number));
        Assert.All(state[(2 * model.ArmLength)..], number => Assert.Equal(0, number));
        var predictions = new Prediction[2];
        model.Predict(state, [1, 2], [1, 0], predictions);
        Assert.InRange(predictions[0].Quality, 0.4, 0.5);
        Assert.Equal(0, predictions[1].Quality);
    }

    [Fact]
    public void A_long_stream_stays_finite_and_within_its_nodes()
    {
        var model = new BaggedTrees(3, trees: 4, nodes: 15);
        double[] state = Taught(model, 100_000, x => Math.Sign(x[0]) * 0.3 + (x[1] > x[2] ? 0.2 : 0));
        Assert.All(state, number => Assert.True(double.IsFinite(number)));
        for (int tree = 0; tree < 4; tree++) Assert.Equal(7, state[1 + tree * RegressionTree.LengthOf(15)]);
        Assert.InRange(ErrorOf(model, state, x => Math.Sign(x[0]) * 0.3 + (x[1] > x[2] ? 0.2 : 0)), 0, 0.12); // eight leaves approach the slanted edge by steps
    }

    [Fact]
    public void Discounting_keeps_means_and_widens_and_by_0_begins_anew()
    {
        var model = new BaggedTrees(2);
        double[] state = Taught(model, 2_000, x => x[0] > 0 ? 0.4 : -0.4);
        Prediction before = Predict(model, state, [1, 0]);
        model.Discount(state, 0, 0.5);
        Prediction after = Predict(model, state, [1, 0]);
        Assert.Equal(before.Quality, after.Quality, 0.02);
        Assert.Equal(before.Samples / 2, after.Samples, 1e-9);
        Assert.True(after.QualityDeviation > before.QualityDeviation);
        double[] same = [.. state];
        model.Discount(state, 0, 1);
        Assert.Equal(same, state);
        model.Discount(state, 0, 0);
        Assert.All(state, number => Assert.Equal(0, number));
    }

    [Fact]
    public void What_cannot_be_done_says_so_and_changes_nothing()
    {
        var model = new BaggedTrees(2);
        double[] state = Taught(model, 100, x => 0.1), before = [.. state];
        Assert.False(model.TryRetract(state, [0, 0], new ModelOutcome { Quality = 0.1 }));
        Assert.False(model.TryMerge(state, before));
        Assert.False(model.TryBorrow(state, 0, before, 0, false, 5));
        model.Learn(state, [0, 0], new ModelOutcome { Quality = double.NaN });
        model.Learn(state, [0, 0], new ModelOutcome { Quality = 1.5 });
        Assert.Equal(before, state);
    }

    /// <summary>Numbers of a damaged store, thousands of ways: predictions stay finite, and learning goes on.</summary>
    [Fact]
    public void A_damaged_state_neither_throws_nor_loops()
    {
        var model = new BaggedTrees(3, trees: 2, nodes: 15);
        double[] sound = Taught(model, 3_000, x => x[0] > 0 ? 0.4 : -0.4);
        double[] odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, -double.MaxValue, -1, 0.5, 1, 2, 1.5, 13, 14, 1e9, 1e18, double.Epsilon];
        var random = new Random(9);
        for (int round = 0; round < 20_000; round++)
        {
            double[] state = [.. sound];
            for (int i = random.Next(1, 20); i > 0; i--) state[random.Next(state.Length)] = odd[random.Next(odd.Length)];
            for (int step = 0; step < 3; step++)
            {
                Prediction said = Predict(model, state, Draw(random, 3));
                Assert.True(double.IsFinite(said.Quality) && Math.Abs(said.Quality) <= 1.01 && double.IsFinite(said.QualityDeviation) && said.QualityDeviation >= 0);
                Assert.True(double.IsFinite(said.Cost) && double.IsFinite(said.Latency) && said.Samples >= 0 && double.IsFinite(said.Samples));
                model.Learn(state, Draw(random, 3), new ModelOutcome { Quality = 0.5, Cost = 1e300, Latency = -1e300 });
            }
        }

        double[] garbage = new double[model.ArmLength];
        foreach (double number in odd)
        {
            Array.Fill(garbage, number);
            Assert.Equal(Predict(model, new double[model.ArmLength], [0, 0, 0]), Predict(model, garbage, [0, 0, 0]));
            for (int i = 0; i < 50; i++) model.Learn(garbage, [0, 0, 0], new ModelOutcome { Quality = 0.5 });
            Assert.InRange(Predict(model, garbage, [0, 0, 0]).Quality, 0.3, 0.5);
        }
    }

    [Fact]
    public void Predicting_and_learning_allocate_nothing()
    {
        var model = new BaggedTrees(4);
        double[] state = Taught(model, 500, x => x[0] / 3);
        float[] features = [0.1f, 0.2f, 0.3f, 0.4f];
        int[] arms = [0];
        var predictions = new Prediction[1];
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                model.Predict(state, features, arms, predictions);
                model.Learn(state, features, new ModelOutcome { Quality = 0.1 * (i % 3), Cost = i % 7 });
            }
        }));
    }

    [Theory]
    [InlineData(0, 8, 31)]
    [InlineData(4097, 8, 31)]
    [InlineData(3, 0, 31)]
    [InlineData(3, 65, 31)]
    [InlineData(3, 8, 0)]
    [InlineData(3, 8, 30)]
    [InlineData(3, 8, 1025)]
    public void Sizes_out_of_range_are_refused(int features, int trees, int nodes) => Assert.Throws<ArgumentOutOfRangeException>(() => new BaggedTrees(features, trees, nodes));

    [Fact]
    public void The_state_is_as_long_as_the_header_says()
    {
        Assert.Equal(1 + 8 * (1 + 56 * 31), new BaggedTrees(1).ArmLength);
        Assert.Equal(0, new BaggedTrees(1).HeaderLength);
    }

    private static double[] Taught(BaggedTrees model, int outcomes, Func<float[], double> truth)
    {
        double[] state = new double[model.ArmLength];
        Teach(model, state, outcomes, truth, 1);
        return state;
    }

    private static void Teach(BaggedTrees model, double[] state, int outcomes, Func<float[], double> truth, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < outcomes; i++)
        {
            float[] x = Draw(random, model.FeatureCount);
            double noise = (random.NextDouble() - 0.5) * 1.04; // deviation 0.3
            model.Learn(state, x, new ModelOutcome { Quality = Math.Clamp(truth(x) + noise, -1, 1), Cost = double.NaN, Latency = double.NaN });
        }
    }

    /// <summary>Root mean squared error over new requests.</summary>
    private static double ErrorOf(BaggedTrees model, double[] state, Func<float[], double> truth)
    {
        var random = new Random(77);
        double squares = 0;
        for (int i = 0; i < 2_000; i++)
        {
            float[] x = Draw(random, model.FeatureCount);
            double error = Predict(model, state, x).Quality - truth(x);
            squares += error * error;
        }

        return Math.Sqrt(squares / 2_000);
    }

    private static float[] Draw(Random random, int features) => [.. Enumerable.Range(0, features).Select(_ => (float)(random.NextDouble() * 2 - 1))];

    private static Prediction Predict(BaggedTrees model, double[] state, float[] features)
    {
        var predictions = new Prediction[1];
        model.Predict(state, features, [0], predictions);
        return predictions[0];
    }
}
