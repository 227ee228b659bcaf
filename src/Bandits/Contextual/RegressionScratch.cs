using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bandits.Contextual;

/// <summary>Memory that a thread works in while it predicts or learns; grows to the largest model it has met and stays.</summary>
internal sealed class RegressionScratch
{
    [ThreadStatic]
    private static RegressionScratch? s_mine;

    private double[] _point = [];
    private double[] _gain = [];
    private double[] _other = [];
    private double[] _derived = [];
    private double[] _rows = [];
    private double[] _kept = [];

    /// <summary>This thread's.</summary>
    public static RegressionScratch Mine => s_mine ??= new RegressionScratch();

    /// <summary>The features as a regression takes them: then 1 for the intercept, then zeros up to a multiple of 4.</summary>
    public ReadOnlySpan<double> PointOf(ReadOnlySpan<float> features, int count, int width)
    {
        features = features[..count];
        Span<double> point = Of(ref _point, width);
        ReadOnlySpan<Vector256<float>> whole = MemoryMarshal.Cast<float, Vector256<float>>(features);
        Span<Vector256<double>> wide = MemoryMarshal.Cast<double, Vector256<double>>(point);
        for (int i = 0; i < whole.Length && 2 * i + 1 < wide.Length; i++) (wide[2 * i], wide[2 * i + 1]) = Vector256.Widen(whole[i]);
        for (int i = whole.Length * Vector256<float>.Count; i < features.Length; i++) point[i] = features[i];
        point[count] = 1;
        point[(count + 1)..].Clear();
        return point;
    }

    /// <summary>What the inverse makes of a point.</summary>
    public Span<double> Gain(int width) => Of(ref _gain, width);

    /// <summary>Another vector beside <see cref="Gain"/>.</summary>
    public Span<double> Other(int width) => Of(ref _other, width);

    /// <summary>A point that a model makes of another; no regression writes to it.</summary>
    public Span<double> Derived(int width) => Of(ref _derived, width);

    /// <summary>Room for a factor and one more row.</summary>
    public Span<double> Rows(int width) => Of(ref _rows, (width + 1) * width);

    /// <summary>Room for what is put back when something fails.</summary>
    public Span<double> Kept(int length) => Of(ref _kept, length);

    private static Span<double> Of(ref double[] array, int length)
    {
        if (array.Length < length) array = new double[length];
        return array.AsSpan(0, length);
    }
}
