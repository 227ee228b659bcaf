using MathNet.Numerics.LinearAlgebra;

namespace Bandits.Tests.Contextual;

/// <summary>Ridge regression in one step, for judging features.</summary>
internal static class Ridge
{
    /// <summary>Share of the variance of new targets that a fit to known ones explains.</summary>
    public static double Explained(double[][] known, double[] targets, double[][] fresh, double[] freshTargets, double penalty)
    {
        double mean = targets.Average(), freshMean = freshTargets.Average();
        Matrix<double> x = WithOnes(known);
        Matrix<double> normal = x.TransposeThisAndMultiply(x) + penalty * Matrix<double>.Build.DenseIdentity(x.ColumnCount);
        Vector<double> weights = normal.Cholesky().Solve(x.TransposeThisAndMultiply(Vector<double>.Build.Dense([.. targets.Select(target => target - mean)])));
        Vector<double> predicted = WithOnes(fresh) * weights + mean;
        return 1 - freshTargets.Select((target, i) => (target - predicted[i]) * (target - predicted[i])).Sum() / freshTargets.Sum(target => (target - freshMean) * (target - freshMean));
    }

    private static Matrix<double> WithOnes(double[][] rows) => Matrix<double>.Build.DenseOfRowArrays([.. rows.Select(row => (double[])[.. row, 1])]);
}
