using Bandits.Contextual;

namespace Bandits.Tests.Contextual;

public sealed class RandomFeaturesTests
{
    [Fact]
    public void Products_come_near_the_kernel()
    {
        const int Count = 4096;
        var features = new RandomFeatures(3, new LinearModel(Count), lengthScale: 1.5, seed: 9);
        float[] x = [0.3f, -1, 2], y = [1, 0.2f, 1.1f], one = new float[Count], other = new float[Count];
        features.Map(x, one);
        features.Map(y, other);
        double product = 0, norm = 0, distance = 0;
        for (int i = 0; i < Count; i++) (product, norm) = (product + one[i] * (double)other[i], norm + one[i] * (double)one[i]);
        for (int i = 0; i < 3; i++) distance += (x[i] - y[i]) * (double)(x[i] - y[i]);
        Assert.Equal(1, norm, 1e-6);
        Assert.Equal(Math.Exp(-distance / (2 * 1.5 * 1.5)), product, 4 / Math.Sqrt(Count / 2));
    }

    /// <summary>A bump that no line follows.</summary>
    [Fact]
    public void Linear_model_behind_learns_a_curve()
    {
        var model = new RandomFeatures(1, new LinearModel(60, ridge: 0.05), lengthScale: 0.5, seed: 1);
        var state = new double[model.ArmLength];
        var random = new Random(2);
        for (int i = 0; i < 2_000; i++)
        {
            float x = 4 * random.NextSingle() - 2;
            model.Learn(state, [x], new ModelOutcome { Quality = 0.4 * Math.Exp(-4 * x * x) + 0.05 * (random.NextDouble() - 0.5), Cost = 0, Latency = 0 });
        }

        var predictions = new Prediction[1];
        foreach (float x in (float[])[-1.5f, -0.5f, 0, 0.3f, 1])
        {
            model.Predict(state, [x], [0], predictions);
            Assert.Equal(0.4 * Math.Exp(-4 * x * x), predictions[0].Quality, 0.02);
        }
    }

    [Fact]
    public void Seed_decides_the_features()
    {
        var behind = new LinearModel(8);
        float[] one = new float[8], same = new float[8], other = new float[8];
        new RandomFeatures(2, behind, 1, seed: 3).Map([1, 2], one);
        new RandomFeatures(2, behind, 1, seed: 3).Map([1, 2], same);
        new RandomFeatures(2, behind, 1, seed: 4).Map([1, 2], other);
        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
    }
}
