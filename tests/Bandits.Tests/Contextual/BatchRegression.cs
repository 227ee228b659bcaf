using Bandits.Contextual;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Bandits.Tests.Contextual;

/// <summary>The posterior of a linear model from all outcomes at once, by a library's Cholesky factor of the whole matrix: what recursions are held to.</summary>
internal sealed class BatchRegression
{
    private readonly Cholesky<double> _factor;
    private readonly Vector<double>[] _coefficients;
    private readonly double _noise;
    private readonly double _degrees;

    /// <param name="points">Rows of the design.</param>
    /// <param name="rows">Their outcomes and weights.</param>
    /// <param name="ridges">Weight of the prior of each coefficient.</param>
    public BatchRegression(IReadOnlyList<double[]> points, IReadOnlyList<ModelRow> rows, double[] ridges)
    {
        Matrix<double> gram = Matrix<double>.Build.DenseOfDiagonalArray(ridges);
        Vector<double>[] sums = [.. Enumerable.Range(0, 3).Select(_ => Vector<double>.Build.Dense(ridges.Length))];
        double samples = 0, squares = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            (double weight, double[] x, ModelOutcome outcome) = (rows[i].Weight, points[i], rows[i].Outcome);
            for (int r = 0; r < x.Length; r++)
                for (int c = 0; c < x.Length; c++) gram[r, c] += weight * x[r] * x[c];
            double[] targets = [outcome.Quality, outcome.Cost, outcome.Latency];
            for (int j = 0; j < 3; j++)
                for (int r = 0; r < x.Length; r++) sums[j][r] += weight * targets[j] * x[r];
            samples += weight;
            squares += weight * outcome.Quality * outcome.Quality;
        }

        _factor = gram.Cholesky();
        _coefficients = [.. sums.Select(_factor.Solve)];
        _noise = (4 * 0.25 + squares - _coefficients[0] * sums[0]) / (4 + samples);
        _degrees = samples + 6;
    }

    public Prediction At(double[] point)
    {
        Vector<double> x = Vector<double>.Build.Dense(point);
        return new Prediction
        {
            Quality = x * _coefficients[0],
            QualityDeviation = Math.Sqrt(_noise * (x * _factor.Solve(x))),
            Degrees = _degrees,
            Cost = x * _coefficients[1],
            Latency = x * _coefficients[2],
        };
    }

    /// <summary>Features and 1.</summary>
    public static double[] PointOf(float[] features) => [.. features.Select(x => (double)x), 1];
}
