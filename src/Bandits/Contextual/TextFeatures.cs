using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>Numbers that say what a text is about and what it looks like, for <see cref="Request.Features"/>. No model: fitted once to texts like those to come, then frozen.</summary>
/// <remarks>
/// <code>
/// Source      Deerwester, Dumais, Furnas, Landauer, Harshman (1990), Indexing by latent semantic analysis, JASIS 41(6); weights: Salton, Buckley (1988), Inf. Process. Manag. 24(5)
/// Rule        x_b = (1 + ln tf_b) idf_b over the buckets of <see cref="NGrams"/>, scaled to length 1;   idf_b = 1 + ln((1 + N) / (1 + df_b))
///             feature j = (x'v_j - mean_j) / deviation_j, v_j by <see cref="TruncatedSvd"/>; then the numbers of <see cref="TextSurface"/>, standardised alike; all held to [-4, 4]
/// Symbols     tf_b -> n-grams of the text in bucket b, at most 255;  df_b, N -> fitted texts with it, and all of them;  mean, deviation -> over the fitted texts
/// Cost        Write O(characters read + n-grams x dimensions), 0 B but for the thread's first: 8 bytes a bucket kept
/// Departures  buckets of fewer than two fitted texts are left out. Of a long text the first and the last 8,192 characters are read. A text without a known n-gram has 0, the mean, in every
///             projection, as has a projection or number that did not vary over the fitted texts
/// Guarantee   the same bits on every machine and in any culture; any text, of any length, gives finite numbers
/// </code>
/// Immutable and safe for any number of threads. Models that have learnt from one fit's features can use no other's: after a refit start a new model and replay the journal to it.
/// <see cref="Version"/> says which features are meant. Embeddings from elsewhere need none of this: hand them over as the features, kept to a similar range.
/// </remarks>
public sealed class TextFeatures
{
    /// <summary>Most <see cref="TextFeaturesOptions.Dimensions"/>.</summary>
    public const int MostDimensions = 128;

    /// <summary>No feature is further from 0 than this.</summary>
    public const float Limit = 4;

    /// <summary>Characters that are read at the beginning of a text, and again at its end.</summary>
    public const int ReadAtEachEnd = 8192;

    private const int MostCount = 255;
    private const int Lanes = 8;

    /// <summary>1 + ln n, by n.</summary>
    private static readonly float[] Sublinear = SublinearCounts();

    private readonly NGrams _ngrams;
    private readonly int _dimensions;

    /// <summary>Numbers of a row of the projection: dimensions, filled up to whole vectors.</summary>
    private readonly int _stride;

    /// <summary>Bucket -> 1 + row of the projection; 0 where the bucket is unknown.</summary>
    private readonly int[] _rows;

    private readonly float[] _idf;
    private readonly float[] _projection;
    private readonly double[] _means;
    private readonly double[] _scales;

    internal TextFeatures(TextFeaturesState state)
    {
        (_ngrams, _dimensions, _means, _scales, _idf) = (state.NGrams, state.Dimensions, state.Means, state.Scales, state.Idf);
        _stride = (_dimensions + Lanes - 1) / Lanes * Lanes;
        _rows = new int[_ngrams.Buckets];
        _projection = new float[(long)_idf.Length * _stride];
        for (int row = 0; row < _idf.Length; row++)
        {
            _rows[state.Buckets[row]] = row + 1;
            state.Projection.AsSpan(row * _dimensions, _dimensions).CopyTo(_projection.AsSpan(row * _stride));
        }

        Version = TextFeaturesFormat.VersionOf(state);
    }

    /// <summary>Numbers that <see cref="Write"/> writes: the projections, then <see cref="SurfaceCount"/> about the surface.</summary>
    public int Count => _dimensions + TextSurface.Count;

    /// <summary>The last of the <see cref="Count"/> numbers: length, lines, numbers, question marks, answer options, shares of digits, capitals, code, white space and characters beyond ASCII.</summary>
    public static int SurfaceCount => TextSurface.Count;

    /// <summary>A hash of all that is frozen here. Equal versions write equal features; keep it beside whatever learns from them.</summary>
    public ulong Version { get; }

    /// <summary>Fits to texts: the more, and the more like those to come, the better. Hundreds are a start.</summary>
    /// <param name="texts">The texts, read once, in an order that matters to the last bit only. Takes about 8 bytes for each n-gram that a text has, and seconds for ten thousand texts.</param>
    /// <param name="options">How; the defaults if left out.</param>
    /// <exception cref="ArgumentException">There are fewer than two texts, one is null, or the options ask for no n-grams.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static TextFeatures Fit(IEnumerable<string> texts, TextFeaturesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new TextFeaturesOptions();
        options.Check();
        return new TextFeatures(new TextFeaturesFit(options).Fit(texts));
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="FormatException">It is not such a thing, was damaged, or comes from a later program; the message says which.</exception>
    public static TextFeatures FromBytes(ReadOnlySpan<byte> bytes) => new(TextFeaturesFormat.Read(bytes));

    /// <summary>All that is frozen here, as docs/text-features-format.md says.</summary>
    public byte[] ToBytes()
    {
        var buckets = new int[_idf.Length];
        var projection = new float[(long)_idf.Length * _dimensions];
        for (int bucket = 0; bucket < _rows.Length; bucket++)
        {
            int row = _rows[bucket] - 1;
            if (row < 0) continue;
            buckets[row] = bucket;
            _projection.AsSpan(row * _stride, _dimensions).CopyTo(projection.AsSpan(row * _dimensions));
        }

        return TextFeaturesFormat.Write(new TextFeaturesState(_ngrams, _dimensions, buckets, _idf, projection, _means, _scales));
    }

    /// <summary>Writes the features of a text.</summary>
    /// <param name="text">Any text, empty and ill-formed included.</param>
    /// <param name="features"><see cref="Count"/> numbers or more; the first <see cref="Count"/> are written.</param>
    /// <exception cref="ArgumentException"><paramref name="features"/> is too short.</exception>
    public void Write(ReadOnlySpan<char> text, Span<float> features)
    {
        if (features.Length < Count) Throw.Argument($"{Count} features need as much room; there is room for {features.Length}.");
        features = features[..Count];
        Split(text, out ReadOnlySpan<char> head, out ReadOnlySpan<char> tail);
        NGramCounts counts = NGramCounts.Cleared(_ngrams.Buckets);
        _ngrams.Count(head, counts);
        _ngrams.Count(tail, counts);

        Span<float> sums = stackalloc float[MostDimensions];
        sums = sums[.._stride];
        sums.Clear();
        double squares = 0;
        foreach (int bucket in counts.Buckets)
        {
            int row = _rows[bucket] - 1;
            if (row < 0) continue;
            float weight = WeightOf(counts[bucket]) * _idf[row];
            squares += (double)weight * weight;
            AddScaled(_projection.AsSpan(row * _stride, _stride), weight, sums);
        }

        double length = Math.Sqrt(squares);
        for (int i = 0; i < _dimensions; i++) features[i] = length > 0 ? Standardise(i, sums[i] / length) : 0;

        Span<double> surface = stackalloc double[TextSurface.Count];
        TextSurface.Write(text.Length, head, tail, surface);
        for (int i = 0; i < surface.Length; i++) features[_dimensions + i] = Standardise(_dimensions + i, surface[i]);
    }

    /// <summary>1 + ln of a count, which is 1 or more.</summary>
    internal static float WeightOf(int count) => Sublinear[Math.Min(count, MostCount)];

    /// <summary>What of a text is read: its beginning, and its end where that is not part of the beginning.</summary>
    internal static void Split(ReadOnlySpan<char> text, out ReadOnlySpan<char> head, out ReadOnlySpan<char> tail)
    {
        bool isLong = text.Length > 2 * ReadAtEachEnd;
        head = isLong ? text[..ReadAtEachEnd] : text;
        tail = isLong ? text[^ReadAtEachEnd..] : default;
    }

    private float Standardise(int feature, double value)
    {
        double standard = (value - _means[feature]) * _scales[feature];
        return standard > -Limit ? standard < Limit ? (float)standard : Limit : standard <= -Limit ? -Limit : 0;
    }

    /// <summary>Lanes are never added to one another, so that their number changes nothing.</summary>
    private static void AddScaled(ReadOnlySpan<float> row, float weight, Span<float> sums)
    {
        ReadOnlySpan<Vector256<float>> from = MemoryMarshal.Cast<float, Vector256<float>>(row);
        Span<Vector256<float>> to = MemoryMarshal.Cast<float, Vector256<float>>(sums);
        Vector256<float> factor = Vector256.Create(weight);
        for (int i = 0; i < from.Length && i < to.Length; i++) to[i] += from[i] * factor;
    }

    private static float[] SublinearCounts()
    {
        var logs = new double[MostCount + 1];
        for (int n = 1; n <= MostCount; n++) logs[n] = n;
        VectorMath.Log(logs, logs);
        var weights = new float[MostCount + 1];
        for (int n = 1; n <= MostCount; n++) weights[n] = (float)(1 + logs[n]);
        return weights;
    }
}
