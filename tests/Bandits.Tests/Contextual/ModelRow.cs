using Bandits.Contextual;

namespace Bandits.Tests.Contextual;

/// <summary>One outcome with its features, counted <paramref name="Weight"/> times by a batch solution.</summary>
internal sealed record ModelRow(float[] Features, ModelOutcome Outcome, double Weight = 1)
{
    /// <summary>Outcomes of several arms: features that go together, targets that depend on them.</summary>
    public static ModelRow[] Random(int seed, int count, int features, int arms)
    {
        var random = new Random(seed);
        double[][] slopes = [.. Enumerable.Range(0, arms).Select(_ => Enumerable.Range(0, features).Select(_ => 0.3 * Normal(random)).ToArray())];
        return [.. Enumerable.Range(0, count).Select(_ => Next(random, slopes, random.Next(arms)))];
    }

    /// <summary>Features of a task: a common factor and what is peculiar to each.</summary>
    public static float[] Task(Random random, int features)
    {
        double common = Normal(random);
        return [.. Enumerable.Range(0, features).Select(_ => (float)(0.8 * common + 0.6 * Normal(random)))];
    }

    private static ModelRow Next(Random random, double[][] slopes, int arm)
    {
        float[] features = Task(random, slopes[arm].Length);
        double level = features.Zip(slopes[arm], (x, slope) => x * slope).Sum();
        return new ModelRow(features, new ModelOutcome
        {
            Arm = arm,
            Quality = Math.Clamp(0.3 * level + 0.2 * Normal(random), -0.5, 0.5),
            Cost = 0.5 * level + 0.3 * Normal(random),
            Latency = -0.4 + 0.1 * level + 0.2 * Normal(random),
        });
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
