using Bandits.Contextual;
using Bandits.Tests.Support;
using MathNet.Numerics.Integration;
using MathNet.Numerics.LinearAlgebra;

namespace Bandits.Tests.Contextual;

public sealed class LogisticModelTests
{
    private const int Features = 4;
    private const double Ridge = 1;

    /// <summary>One success at x = 1 with intercept: theta = (s / 2, s / 2) where s = 2 (1 - f(s)), f logistic. Its root is s = 0.8033..., to be checked by substitution.</summary>
    [Fact]
    public void First_outcome_moves_to_the_mode()
    {
        var model = new LogisticModel(1);
        var state = new double[model.ArmLength];
        model.Learn(state, [1], new ModelOutcome { Quality = 0.5, Cost = double.NaN, Latency = double.NaN });
        double s = 0;
        for (int i = 0; i < 200; i++) s += 0.5 * (2 * (1 - Logistic(s)) - s);
        double weight = Logistic(s) * (1 - Logistic(s)), variance = 2 / (1 + 2 * weight);
        Prediction prediction = At(model, state, [1]);
        Assert.Equal(Moment(s, variance, 1) - 0.5, prediction.Quality, 1e-6);
        Assert.Equal(Math.Sqrt(Moment(s, variance, 2) - Math.Pow(Moment(s, variance, 1), 2)), prediction.QualityDeviation, 1e-6);
        Assert.Equal((0, 0, double.PositiveInfinity, 1), (prediction.Cost, prediction.Latency, prediction.Degrees, prediction.Samples));
    }

    /// <summary>Outcomes one by one against all at once: what is expected of tasks differs from the batch mode's posterior by a fraction of a deviation.</summary>
    [Law(MaxTest = 10)]
    public void Sequential_outcomes_come_near_the_batch_mode(int seed)
    {
        var random = new Random(seed);
        double[] truth = [.. Enumerable.Range(0, Features + 1).Select(_ => 2 * random.NextDouble() - 1)];
        (float[] Task, double Success)[] outcomes = [.. Enumerable.Range(0, 2_000).Select(_ => ModelRow.Task(random, Features))
            .Select(task => (task, random.NextDouble() < Logistic(BatchRegression.PointOf(task).Zip(truth, (x, w) => x * w).Sum()) ? 1.0 : 0))];
        var model = new LogisticModel(Features, Ridge);
        var state = new double[model.ArmLength];
        foreach ((float[] task, double success) in outcomes) model.Learn(state, task, new ModelOutcome { Quality = success - 0.5, Cost = 0, Latency = 0 });
        (Vector<double> mode, Matrix<double> precision) = Newton(outcomes);
        for (int i = 0; i < 20; i++)
        {
            float[] task = ModelRow.Task(random, Features);
            Vector<double> x = Vector<double>.Build.Dense(BatchRegression.PointOf(task));
            double s = x * mode, variance = x * precision.Solve(x);
            double mean = Moment(s, variance, 1), deviation = Math.Sqrt(Moment(s, variance, 2) - mean * mean);
            Prediction prediction = At(model, state, task);
            Assert.InRange((prediction.Quality + 0.5 - mean) / deviation, -0.4, 0.4);
            Assert.InRange(prediction.QualityDeviation / deviation, 0.9, 1.1);
        }
    }

    /// <summary>Two halves learnt apart and then added, faded and borrowed: sums of tangents, near the batch mode again.</summary>
    [Fact]
    public void Evidence_adds()
    {
        var random = new Random(4);
        (float[] Task, double Success)[] outcomes = [.. Enumerable.Range(0, 2_000).Select(_ => ModelRow.Task(random, Features)).Select(task => (task, random.NextDouble() < Logistic(task[0] - task[1]) ? 1.0 : 0))];
        var model = new LogisticModel(Features, Ridge);
        double[] state = new double[model.ArmLength], other = new double[model.ArmLength], borrower = new double[model.ArmLength];
        for (int i = 0; i < outcomes.Length; i++)
            model.Learn(i % 2 == 0 ? state : other, outcomes[i].Task, new ModelOutcome { Quality = outcomes[i].Success - 0.5, Cost = 0.5, Latency = 0 });
        Assert.True(model.TryMerge(state, other));
        Assert.True(model.TryBorrow(borrower, 0, state, 0, includesOwn: false, 1e9));
        (Vector<double> mode, Matrix<double> precision) = Newton(outcomes);
        float[] task = ModelRow.Task(random, Features);
        Vector<double> x = Vector<double>.Build.Dense(BatchRegression.PointOf(task));
        double mean = Moment(x * mode, x * precision.Solve(x), 1);
        Assert.Equal(mean - 0.5, At(model, state, task).Quality, 0.02);
        Assert.Equal(At(model, state, task).Quality, At(model, borrower, task).Quality, 1e-9);
        Assert.Equal(2_000, At(model, borrower, task).Samples, 1e-6);
        double before = At(model, state, task).QualityDeviation;
        model.Discount(state, 0, 0.25);
        Assert.InRange(At(model, state, task).QualityDeviation / before, 1.8, 2.1);
        Assert.False(model.TryRetract(state, task, new ModelOutcome { Quality = 0.5, Cost = 0, Latency = 0 }));
    }

    /// <summary>Where outcomes are certain the curvature is next to nothing, and the search for the mode still ends; of features too large for the ridge nothing is believed.</summary>
    [Theory]
    [InlineData(3, 0.4)]
    [InlineData(3e4, -1e-9)]
    [InlineData(3e18, -1e-9)]
    public void Certain_outcomes_stay_finite(float size, double least)
    {
        var model = new LogisticModel(1);
        var state = new double[model.ArmLength];
        for (int i = 0; i < 2_000; i++) model.Learn(state, [i % 2 == 0 ? size : -size], new ModelOutcome { Quality = i % 2 == 0 ? 0.5 : -0.5, Cost = 0, Latency = 0 });
        Assert.InRange(At(model, state, [size]).Quality, least, 0.5);
        Assert.InRange(At(model, state, [-size]).Quality, -0.5, -least);
        model.Learn(state, [size], new ModelOutcome { Quality = -0.5, Cost = 0, Latency = 0 });
        Assert.True(double.IsFinite(At(model, state, [size]).Quality));
    }

    private static double Logistic(double s) => 1 / (1 + Math.Exp(-s));

    /// <summary>E f(S)^power for normal S, by an adaptive rule.</summary>
    private static double Moment(double mean, double variance, int power) => NewtonCotesTrapeziumRule.IntegrateAdaptive(
        z => Math.Pow(Logistic(mean + Math.Sqrt(variance) * z), power) * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI), -9, 9, 1e-10);

    private static (Vector<double> Mode, Matrix<double> Precision) Newton((float[] Task, double Success)[] outcomes)
    {
        Vector<double> mode = Vector<double>.Build.Dense(Features + 1);
        Matrix<double> precision = Matrix<double>.Build.DenseIdentity(Features + 1);
        for (int step = 0; step < 20; step++)
        {
            precision = Matrix<double>.Build.DenseIdentity(Features + 1) * Ridge;
            Vector<double> gradient = -Ridge * mode;
            foreach ((float[] task, double success) in outcomes)
            {
                Vector<double> x = Vector<double>.Build.Dense(BatchRegression.PointOf(task));
                double chance = Logistic(x * mode);
                gradient += (success - chance) * x;
                precision += chance * (1 - chance) * x.OuterProduct(x);
            }

            mode += precision.Solve(gradient);
        }

        return (mode, precision);
    }

    private static Prediction At(LogisticModel model, double[] state, float[] features)
    {
        var predictions = new Prediction[1];
        model.Predict(state, features, [0], predictions);
        return predictions[0];
    }
}
