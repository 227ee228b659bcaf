using Bandits.Contextual;
using Bandits.Numerics;

namespace Bandits.Tests.Contextual;

/// <summary>Figures worked out by hand, the long run, and what is peculiar to each model.</summary>
public sealed class LinearModelTests
{
    private const double Exact = 1e-14;

    /// <summary>
    /// Two outcomes at x = 1 and x = 2, of quality 1/2 and 0, ridge 1: A + I = [[6, 3], [3, 3]], b = [1/2, 1/2], so theta = [0, 1/6]; the inverse is [[1/3, -1/3], [-1/3, 2/3]].
    /// Residual 1/4 - b' theta = 1/6; noise (4/4 + 1/6) / 6 = 7/36. At x = 1 the leverage is 1/3, at x = -1 it is 5/3.
    /// </summary>
    [Fact]
    public void Two_outcomes_by_hand()
    {
        var model = new LinearModel(1);
        var state = new double[model.ArmLength];
        model.Learn(state, [1], new ModelOutcome { Quality = 0.5, Cost = 1, Latency = 0 });
        model.Learn(state, [2], new ModelOutcome { Quality = 0, Cost = 0, Latency = 1 });
        Prediction here = At(model, state, [1]), there = At(model, state, [-1]);
        Assert.Equal(1.0 / 6, here.Quality, Exact);
        Assert.Equal(1.0 / 6, there.Quality, Exact);
        Assert.Equal(Math.Sqrt(7.0 / 36 / 3), here.QualityDeviation, Exact);
        Assert.Equal(Math.Sqrt(7.0 / 36 * 5 / 3), there.QualityDeviation, Exact);
        Assert.Equal((8, 2), (here.Degrees, here.Samples));
        Assert.Equal(1.0 / 3, here.Cost, Exact); // b = [1, 1]: theta = [0, 1/3]
        Assert.Equal(1.0 / 3, here.Latency, Exact); // b = [2, 1]: theta = [1/3, 0]
        Assert.Equal(-1.0 / 3, there.Latency, Exact);
    }

    /// <summary>
    /// Eight outcomes 1/2 at x = 1, ridge 1: A = 8 [[1, 1], [1, 1]] has the eigenvalue 16, so 16/17 of a coefficient is decided by it. Explained b' theta = 32/17 of 2; noise
    /// (4/4 + 2/17) / (4 + 8 - 16/17) = 19/188. Lucky noise would explain 19/188 (16/17 + 2 sqrt(32/17)) of it.
    /// </summary>
    [Fact]
    public void What_is_by_chance_by_hand()
    {
        var model = new LinearModel(1);
        var state = new double[model.ArmLength];
        Assert.Equal(1, At(model, state, [1]).QualityByChance);
        for (int i = 0; i < 8; i++) model.Learn(state, [1], new ModelOutcome { Quality = 0.5, Cost = double.NaN, Latency = double.NaN });
        double expected = 19.0 / 188 * (16.0 / 17 + 2 * Math.Sqrt(32.0 / 17)) / (32.0 / 17);
        Assert.Equal(expected, At(model, state, [1]).QualityByChance, Exact);
        Assert.Equal(expected, At(model, state, [-3]).QualityByChance, Exact); // of the arm, not of the task
    }

    /// <summary>Thirty features that say nothing: nearly all that they seem to explain is by chance. One that says much is let through.</summary>
    [Theory]
    [InlineData(0, 0.95, 1)]
    [InlineData(0.4, 0, 0.2)]
    public void Features_that_say_nothing_are_told_from_those_that_do(double effect, double least, double most)
    {
        const int Features = 30, Outcomes = 300, Repeats = 40;
        var model = new LinearModel(Features, ridge: 30);
        double chance = 0;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            var state = new double[model.ArmLength];
            var random = new Random(repeat);
            for (int i = 0; i < Outcomes; i++)
            {
                float[] task = [.. Enumerable.Range(0, Features).Select(_ => random.NextSingle() * 2 - 1)];
                model.Learn(state, task, new ModelOutcome { Quality = effect * task[0] + 0.3 * (random.NextDouble() * 2 - 1), Cost = double.NaN, Latency = double.NaN });
            }

            chance += At(model, state, new float[Features]).QualityByChance;
        }

        Assert.InRange(chance / Repeats, least, most);
    }

    /// <summary>It is read off the evidence, so it does not matter in how many steps that came, nor what was taken back.</summary>
    [Fact]
    public void What_is_by_chance_depends_on_the_evidence_alone()
    {
        var model = new LinearModel(2);
        double[] once = new double[model.ArmLength], back = new double[model.ArmLength], part = new double[model.ArmLength], merged = new double[model.ArmLength];
        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            float[] task = [random.NextSingle(), random.NextSingle()];
            var outcome = new ModelOutcome { Quality = task[0] - 0.5, Cost = 0, Latency = 0 };
            var mistaken = outcome with { Quality = -task[1] };
            model.Learn(once, task, outcome);
            model.Learn(i % 2 == 0 ? part : merged, task, outcome);
            model.Learn(back, task, mistaken);
            Assert.True(model.TryRetract(back, task, mistaken));
            model.Learn(back, task, outcome);
        }

        Assert.True(model.TryMerge(merged, part));
        double expected = At(model, once, [0, 0]).QualityByChance;
        Assert.InRange(expected, 1e-4, 0.2);
        Assert.Equal(expected, At(model, back, [0, 0]).QualityByChance, 1e-9);
        Assert.Equal(expected, At(model, merged, [0, 0]).QualityByChance, 1e-9);
    }

    /// <summary>Before any outcome the inverse is I / ridge, not ridge I: the deviation falls as the ridge grows.</summary>
    [Fact]
    public void Prior_deviation_is_that_of_the_noise_over_the_root_of_the_ridge()
    {
        var model = new LinearModel(2, ridge: 4, noiseVariance: 0.09);
        Assert.Equal(0.3 * Math.Sqrt((9 + 16 + 1) / 4.0), At(model, new double[model.ArmLength], [3, 4]).QualityDeviation, Exact);
    }

    /// <summary>
    /// Hybrid with both ridges 1, one outcome 1 of arm 0 at x = 0 (intercepts only): beta + theta_0 has prior variance 2, so its mean is 2/3 and its variance 2/3 of the noise;
    /// of the other arm 1/3 and 2 - 1/3.
    /// </summary>
    [Fact]
    public void Hybrid_outcome_by_hand()
    {
        var model = new HybridLinearModel(1);
        var state = new double[model.HeaderLength + 2 * model.ArmLength];
        model.Learn(state, [0], new ModelOutcome { Quality = 1, Cost = double.NaN, Latency = double.NaN });
        var predictions = new Prediction[2];
        model.Predict(state, [0], [0, 1], predictions);
        double noise = (4 * 0.25 + 1.0 / 3) / 5; // residual 1 - 1 * 2/3
        Assert.Equal(2.0 / 3, predictions[0].Quality, Exact);
        Assert.Equal(1.0 / 3, predictions[1].Quality, Exact);
        Assert.Equal(Math.Sqrt(noise * 2 / 3), predictions[0].QualityDeviation, Exact);
        Assert.Equal(Math.Sqrt(noise * 5 / 3), predictions[1].QualityDeviation, Exact);
        Assert.Equal((1, 0), (predictions[0].Samples, predictions[1].Samples));
    }

    /// <summary>A million outcomes of tasks whose features go together, against all of them at once: coefficients and covariance as seen along tasks and axes.</summary>
    [Fact]
    public void Recursive_update_equals_batch_solution()
    {
        const int Features = 8, Outcomes = 1_000_000;
        var model = new LinearModel(Features, ridge: 0.1);
        var state = new double[model.ArmLength];
        var random = new Random(3);
        float[][] tasks = [.. Enumerable.Range(0, 1000).Select(_ => Alike(random, Features))];
        var rows = new ModelRow[tasks.Length];
        var counts = new double[tasks.Length];
        for (int i = 0; i < tasks.Length; i++)
        {
            double level = tasks[i].Sum() * 0.1;
            rows[i] = new ModelRow(tasks[i], new ModelOutcome { Quality = Math.Sin(3 * level), Cost = level, Latency = Math.Cos(level) });
        }

        for (int i = 0; i < Outcomes; i++)
        {
            int at = random.Next(tasks.Length);
            counts[at]++;
            model.Learn(state, tasks[at], rows[at].Outcome);
        }

        for (int i = 0; i < rows.Length; i++) rows[i] = rows[i] with { Weight = counts[i] };
        var batch = new BatchRegression([.. rows.Select(row => BatchRegression.PointOf(row.Features))], rows, [.. Enumerable.Repeat(0.1, Features + 1)]);
        float[][] axes = [.. Enumerable.Range(0, Features).Select(i => Enumerable.Range(0, Features).Select(j => i == j ? 1f : 0f).ToArray())];
        foreach (float[] x in tasks.Take(20).Concat(axes))
        {
            Prediction expected = batch.At(BatchRegression.PointOf(x)), actual = At(model, state, x);
            Assert.InRange(actual.QualityDeviation / expected.QualityDeviation, 1 - 1e-9, 1 + 1e-9);
            Assert.Equal(expected.Quality, actual.Quality, 1e-9 * Math.Max(0.1, Math.Abs(expected.Quality)));
            Assert.Equal(expected.Cost, actual.Cost, 1e-9 * Math.Max(0.1, Math.Abs(expected.Cost)));
            Assert.Equal(expected.Latency, actual.Latency, 1e-9 * Math.Max(0.1, Math.Abs(expected.Latency)));
        }

        Assert.InRange(model.HealthOf(state, 0).Drift, 0, 1e-9);
    }

    /// <summary>Features that are nearly one another's copies, of sizes far apart: the inverse drifts, is found out and renewed, and no deviation is ever NaN.</summary>
    [Fact]
    public void Inverse_that_drifts_is_renewed()
    {
        var model = new LinearModel(4, ridge: 1e-3);
        var state = new double[model.ArmLength];
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            float common = random.NextSingle() - 0.5f;
            float[] task = [300 * common, 300 * common + 0.01f * random.NextSingle(), random.NextSingle(), 100 * common];
            model.Learn(state, task, new ModelOutcome { Quality = common, Cost = 0, Latency = 0 });
            Prediction prediction = At(model, state, task);
            Assert.True(double.IsFinite(prediction.QualityDeviation) && prediction.Samples == i + 1);
        }

        (double drift, double rebuilds) = model.HealthOf(state, 0);
        Assert.True(rebuilds > 0, $"{rebuilds} rebuilds.");
        Assert.InRange(drift, 0, 1e-3);
    }

    /// <summary>Forgetting all the time leaves directions that nothing excites at their prior: nothing winds up.</summary>
    [Fact]
    public void Forgetting_does_not_wind_up()
    {
        var model = new LinearModel(2);
        var state = new double[model.ArmLength];
        for (int i = 0; i < 3_000; i++)
        {
            model.Learn(state, [1, 0], new ModelOutcome { Quality = 0.2, Cost = 0, Latency = 0 });
            model.Discount(state, 0, 0.9);
        }

        Assert.Equal(9, At(model, state, [1, 0]).Samples, 1e-9); // 0.9 / (1 - 0.9)
        double noise = Math.Pow(At(model, state, [0, 1]).QualityDeviation, 2) - Math.Pow(At(model, state, [0, 0]).QualityDeviation, 2);
        Assert.InRange(noise, 0.01, 0.25); // the second feature, never seen, adds the prior's leverage of 1
    }

    [Fact]
    public void Constructors_refuse_what_is_out_of_range()
    {
        foreach (int features in (int[])[0, -1, 4097]) Assert.Throws<ArgumentOutOfRangeException>(() => new LinearModel(features));
        foreach (double bad in (double[])[0, -1, double.NaN, double.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new LinearModel(1, ridge: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new LinearModel(1, noiseVariance: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new LinearModel(1, noiseSamples: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new HybridLinearModel(1, sharedRidge: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new HybridLinearModel(1, armRidge: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new LogisticModel(1, ridge: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new LogisticModel(1, priorQuality: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new RandomFeatures(1, new LinearModel(2), lengthScale: bad));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomFeatures(1, new LinearModel(3)));
        Assert.Throws<ArgumentNullException>(() => new RandomFeatures(1, null!));
        Assert.True(new HybridLinearModel(2).SharesParameters);
        Assert.False(new LinearModel(2).SharesParameters);
    }

    private static Prediction At(LinearModel model, double[] state, float[] features)
    {
        var predictions = new Prediction[1];
        model.Predict(state, features, [0], predictions);
        return predictions[0];
    }

    /// <summary>Correlation 0.99 between any two.</summary>
    private static float[] Alike(Random random, int features)
    {
        RandomStream stream = new((ulong)random.NextInt64());
        double common = ZigguratNormal.Sample(ref stream);
        var x = new float[features];
        for (int i = 0; i < features; i++) x[i] = (float)(Math.Sqrt(0.99) * common + 0.1 * ZigguratNormal.Sample(ref stream));
        return x;
    }
}
