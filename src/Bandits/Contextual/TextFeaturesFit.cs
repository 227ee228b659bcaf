using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>All that <see cref="TextFeatures"/> are made of.</summary>
/// <param name="NGrams">Which n-grams count.</param>
/// <param name="Dimensions">Projections.</param>
/// <param name="Buckets">Known buckets, ascending.</param>
/// <param name="Idf">Weight of each known bucket.</param>
/// <param name="Projection">Of each known bucket, a number for each projection.</param>
/// <param name="Means">Of each feature, before it is standardised.</param>
/// <param name="Scales">1 / standard deviation of each feature; 0 of one that did not vary.</param>
internal sealed record TextFeaturesState(NGrams NGrams, int Dimensions, int[] Buckets, float[] Idf, float[] Projection, double[] Means, double[] Scales);

/// <summary>Fits <see cref="TextFeatures"/>; its formulas are there.</summary>
internal sealed class TextFeaturesFit(TextFeaturesOptions options)
{
    /// <summary>Texts that a bucket must be in to count: one that only one text has says nothing about others.</summary>
    private const int LeastTexts = 2;

    /// <summary>Standard deviation below which a number did not vary but for rounding.</summary>
    private const double LeastDeviation = 1e-6;

    private readonly NGrams _ngrams = new(options.HashBits, options.LongestWordNGram, options.ShortestCharacterNGram, options.LongestCharacterNGram);
    private readonly SparseRows _weights = new();
    private readonly List<double> _surfaces = [];

    public TextFeaturesState Fit(IEnumerable<string> texts)
    {
        var textsWith = new int[_ngrams.Buckets];
        foreach (string text in texts) Read(text ?? throw new ArgumentException("A text to fit to is null.", nameof(texts)), textsWith);
        if (_weights.Count < 2) Throw.Argument($"Text features are fitted to 2 texts or more; there are {_weights.Count}.");

        int[] rows = Known(textsWith, out int[] buckets);
        float[] idf = IdfOf(buckets, textsWith, _weights.Count);
        SparseRows matrix = UnitRows(rows, idf);
        var projection = new float[(long)buckets.Length * options.Dimensions];
        double[] vectors = TruncatedSvd.RightVectors(matrix, options.Dimensions, options.Seed);
        for (int i = 0; i < vectors.Length; i++) projection[i] = (float)vectors[i];
        (double[] means, double[] scales) = Standards(matrix, projection);
        return new TextFeaturesState(_ngrams, options.Dimensions, buckets, idf, projection, means, scales);
    }

    private void Read(string text, int[] textsWith)
    {
        TextFeatures.Split(text, out ReadOnlySpan<char> head, out ReadOnlySpan<char> tail);
        NGramCounts counts = NGramCounts.Cleared(_ngrams.Buckets);
        _ngrams.Count(head, counts);
        _ngrams.Count(tail, counts);
        foreach (int bucket in counts.Buckets)
        {
            textsWith[bucket]++;
            _weights.Add(bucket, TextFeatures.WeightOf(counts[bucket]));
        }

        _weights.EndRow();
        Span<double> surface = stackalloc double[TextSurface.Count];
        TextSurface.Write(text.Length, head, tail, surface);
        foreach (double number in surface) _surfaces.Add(number);
    }

    /// <summary>Row of each bucket, -1 where it is not to be known.</summary>
    private static int[] Known(int[] textsWith, out int[] buckets)
    {
        var rows = new int[textsWith.Length];
        var known = new List<int>();
        for (int bucket = 0; bucket < rows.Length; bucket++)
        {
            rows[bucket] = textsWith[bucket] < LeastTexts ? -1 : known.Count;
            if (rows[bucket] >= 0) known.Add(bucket);
        }

        buckets = [.. known];
        return rows;
    }

    private static float[] IdfOf(int[] buckets, int[] textsWith, int texts)
    {
        var logs = new double[buckets.Length];
        for (int row = 0; row < buckets.Length; row++) logs[row] = (1.0 + texts) / (1.0 + textsWith[buckets[row]]);
        VectorMath.Log(logs, logs);
        var idf = new float[buckets.Length];
        for (int row = 0; row < idf.Length; row++) idf[row] = (float)(1 + logs[row]);
        return idf;
    }

    /// <summary>The texts by known buckets, each of length 1.</summary>
    private SparseRows UnitRows(int[] rows, float[] idf)
    {
        var matrix = new SparseRows();
        for (int text = 0; text < _weights.Count; text++)
        {
            ReadOnlySpan<int> buckets = _weights.ColumnsOf(text);
            ReadOnlySpan<float> weights = _weights.ValuesOf(text);
            double squares = 0;
            for (int i = 0; i < buckets.Length; i++)
            {
                int row = rows[buckets[i]];
                if (row >= 0) squares += (double)(weights[i] * idf[row]) * (weights[i] * idf[row]);
            }

            double scale = 1 / Math.Sqrt(squares);
            for (int i = 0; i < buckets.Length; i++)
            {
                int row = rows[buckets[i]];
                if (row >= 0) matrix.Add(row, (float)(weights[i] * idf[row] * scale));
            }

            matrix.EndRow();
        }

        return matrix;
    }

    /// <summary>Mean and 1 / standard deviation of each feature over the texts; of a projection over those with a known n-gram.</summary>
    private (double[] Means, double[] Scales) Standards(SparseRows matrix, float[] projection)
    {
        int dimensions = options.Dimensions, count = dimensions + TextSurface.Count, projected = 0;
        double[] sums = new double[count], squares = new double[count], scales = new double[count];
        var values = new double[dimensions];
        for (int text = 0; text < matrix.Count; text++)
        {
            ReadOnlySpan<int> rows = matrix.ColumnsOf(text);
            ReadOnlySpan<float> weights = matrix.ValuesOf(text);
            if (rows.Length > 0) projected++;
            Array.Clear(values);
            for (int i = 0; i < rows.Length; i++) for (int j = 0; j < dimensions; j++) values[j] += weights[i] * projection[rows[i] * dimensions + j];
            for (int j = 0; j < dimensions; j++) (sums[j], squares[j]) = (sums[j] + values[j], squares[j] + values[j] * values[j]);
            for (int j = dimensions; j < count; j++)
            {
                double number = _surfaces[text * TextSurface.Count + j - dimensions];
                (sums[j], squares[j]) = (sums[j] + number, squares[j] + number * number);
            }
        }

        for (int j = 0; j < count; j++)
        {
            int texts = Math.Max(1, j < dimensions ? projected : matrix.Count);
            sums[j] /= texts;
            double deviation = Math.Sqrt(Math.Max(0, squares[j] / texts - sums[j] * sums[j]));
            scales[j] = deviation > LeastDeviation ? 1 / deviation : 0;
        }

        return (sums, scales);
    }
}
