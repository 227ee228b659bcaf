namespace Bandits.Regret.Running;

/// <summary>A mean over seeds with its standard error.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Error">Standard error: sample deviation over the root of the number of seeds; NaN for one seed.</param>
internal readonly record struct Figure(double Mean, double Error)
{
    /// <summary>The mean of values in their order, two passes.</summary>
    public static Figure Of(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values) sum += value;
        double mean = sum / values.Length;
        foreach (double value in values) squares += (value - mean) * (value - mean);
        return new Figure(mean, values.Length > 1 ? Math.Sqrt(squares / (values.Length - 1) / values.Length) : double.NaN);
    }
}
