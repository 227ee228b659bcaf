using Bandits.Contextual;

namespace Bandits.Tests.Contextual;

// One class puts a model under its laws.
public sealed class Linear() : ExactModelLaws(new LinearModel(6, ridge: 0.7))
{
    private protected override Prediction Batch(IReadOnlyList<ModelRow> rows, float[] features, int arm) => OfArm(rows, features, arm, 0.7);

    internal static Prediction OfArm(IReadOnlyList<ModelRow> rows, float[] features, int arm, double ridge)
    {
        ModelRow[] own = [.. rows.Where(row => row.Outcome.Arm == arm)];
        double[] ridges = [.. Enumerable.Repeat(ridge, features.Length + 1)];
        return new BatchRegression([.. own.Select(row => BatchRegression.PointOf(row.Features))], own, ridges).At(BatchRegression.PointOf(features));
    }
}

public sealed class Hybrid_linear() : ExactModelLaws(new HybridLinearModel(4, sharedRidge: 0.5, armRidge: 2))
{
    /// <summary>One regression over the common coefficients and those of all arms.</summary>
    private protected override Prediction Batch(IReadOnlyList<ModelRow> rows, float[] features, int arm)
    {
        int dimension = features.Length + 1;
        double[] ridges = [.. Enumerable.Repeat(0.5, dimension), .. Enumerable.Repeat(2.0, dimension * Arms)];
        return new BatchRegression([.. rows.Select(row => Point(row.Features, row.Outcome.Arm))], rows, ridges).At(Point(features, arm));
    }

    private static double[] Point(float[] features, int arm)
    {
        double[] x = BatchRegression.PointOf(features), point = new double[x.Length * (Arms + 1)];
        x.CopyTo(point, 0);
        x.CopyTo(point, (arm + 1) * x.Length);
        return point;
    }
}

public sealed class Linear_over_random_features() : ExactModelLaws(Features)
{
    private static readonly RandomFeatures Features = new(3, new LinearModel(10, ridge: 0.3), lengthScale: 2, seed: 5);

    private protected override Prediction Batch(IReadOnlyList<ModelRow> rows, float[] features, int arm) =>
        Linear.OfArm([.. rows.Select(row => row with { Features = Map(row.Features) })], Map(features), arm, 0.3);

    private static float[] Map(float[] features)
    {
        var random = new float[10];
        Features.Map(features, random);
        return random;
    }
}

public sealed class Logistic() : FeatureModelLaws(new LogisticModel(5, ridge: 0.5));
