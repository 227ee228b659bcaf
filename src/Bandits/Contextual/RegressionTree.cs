using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>What a tree says of one request.</summary>
/// <param name="Quality">Expected quality.</param>
/// <param name="Square">Expected square of quality.</param>
/// <param name="Cost">Expected cost.</param>
/// <param name="Latency">Expected latency.</param>
/// <param name="Weight">Outcomes of the leaf.</param>
internal readonly record struct LeafEstimate(double Quality, double Square, double Cost, double Latency, double Weight)
{
    /// <summary>Nothing assumed, and the variance of success and failure at even odds.</summary>
    public static LeafEstimate Prior => new(0, 0.25, 0, 0, 0);

    /// <summary>Variance of single outcomes.</summary>
    public double Variance => Math.Max(0, Square - Quality * Quality);
}

/// <summary>One tree of <see cref="BaggedTrees"/>, laid over its part of the state.</summary>
/// <remarks>
/// <code>
/// Rule        at a node: left where x_f &lt;= threshold;   estimate(node) = (sum + m estimate(parent)) / (n + m), from the root's prior 0 down to the leaf
/// Update      every node on the way counts the outcome. A leaf has <see cref="Tests"/> tests, their features drawn from tree and node, their thresholds the values of its first outcomes; each
///             counts what would go left. Every <see cref="Grace"/> outcomes a leaf splits by the test with the greatest
///             score = sum over quality and cost of n_L n_R / n (mean_L - mean_R)^2 / variance,
///             where that is above <see cref="Evidence"/>, or <see cref="Patience"/> outcomes have come without such a test
/// Symbols     m -> <see cref="ParentMass"/>;  n, sum -> outcomes of the node and what they add up to
/// Departures  scores without an effect follow a chi-square law, which is what a split is judged by; Hoeffding's bound on the ratio of the best two would wait for Patience wherever two
///             tests are much alike. Patience is that bound's tie rule, which lets a tree find effects that show in combination only
/// </code>
/// Layout: the number of splits; then nodes: left child (0 in a leaf), feature, threshold; n, sum and squares of quality; the same of cost; n and sum of latency; outcomes the tests have seen: n and
/// sum of quality, n and sum of cost; tests that have a threshold; for each test threshold, n and sum of quality on the left, n and sum of cost on the left. The right child follows the left one, and
/// both come after their parent, so a walk ends whatever the numbers are.
/// </remarks>
internal readonly ref struct RegressionTree(Span<double> numbers, int tree)
{
    /// <summary>Outcomes that a parent's estimate counts for in its child's, and the prior in the root's.</summary>
    public const double ParentMass = 2;

    /// <summary>Tests of a leaf.</summary>
    private const int Tests = 8;

    /// <summary>Outcomes between two looks at a leaf's tests.</summary>
    private const double Grace = 16;

    /// <summary>A chi-square variable of 2 degrees is above it with probability 5e-5.</summary>
    private const double Evidence = 20;

    /// <summary>ln(1/delta) / (2 tau^2) for a risk delta and ties tau of 0.05.</summary>
    private const double Patience = 600;

    /// <summary>Least outcomes on either side of a split.</summary>
    private const double LeastSide = 8;

    /// <summary>Costs and latencies further from what was assumed count as this, so that sums and squares stay finite.</summary>
    private const double MostMultiple = 1e60;

    private const int LeftAt = 0, FeatureAt = 1, ThresholdAt = 2, QualityAt = 3, CostAt = 6, LatencyAt = 9, SeenAt = 11, FilledAt = 15, TestsAt = 16, TestLength = 5;
    private const int NodeLength = TestsAt + Tests * TestLength;

    private readonly Span<double> _numbers = numbers;

    public static int LengthOf(int nodes) => 1 + nodes * NodeLength;

    /// <summary>What the leaf of a request says; false where a number on the way cannot be right.</summary>
    public static bool TryEstimate(ReadOnlySpan<double> tree, ReadOnlySpan<float> features, out LeafEstimate estimate)
    {
        estimate = LeafEstimate.Prior;
        for (int node = 0; ;)
        {
            ReadOnlySpan<double> at = tree.Slice(1 + node * NodeLength, NodeLength);
            (double n, double sum, double square) = (at[QualityAt], at[QualityAt + 1], at[QualityAt + 2]);
            (double costs, double cost, double costSquare) = (at[CostAt], at[CostAt + 1], at[CostAt + 2]);
            (double latencies, double latency) = (at[LatencyAt], at[LatencyAt + 1]);
            bool isSound = IsCount(n) && IsCount(costs) && IsCount(latencies) && Math.Abs(sum) <= Rounded(n) && square >= 0 && square <= Rounded(n)
                && Math.Abs(cost) <= Rounded(costs) * MostMultiple && costSquare >= 0 && double.IsFinite(costSquare) && Math.Abs(latency) <= Rounded(latencies) * MostMultiple;
            if (!isSound) return false;
            estimate = new LeafEstimate(
                (sum + ParentMass * estimate.Quality) / (n + ParentMass),
                (square + ParentMass * estimate.Square) / (n + ParentMass),
                (cost + ParentMass * estimate.Cost) / (costs + ParentMass),
                (latency + ParentMass * estimate.Latency) / (latencies + ParentMass),
                n);
            int next = Next(tree, node, features);
            if (next < 0) return false;
            if (next == 0) return true;
            node = next;
        }
    }

    /// <summary>Takes an outcome in so many times. The way of the request is sound: <see cref="TryEstimate"/> has said so.</summary>
    public void Learn(ReadOnlySpan<float> features, in ModelOutcome outcome, double times)
    {
        int leaf = 0;
        for (int node = 0; ;)
        {
            Span<double> at = NodeOf(node);
            Add(at[QualityAt..], outcome.Quality, times, hasSquare: true);
            Add(at[CostAt..], outcome.Cost, times, hasSquare: true);
            Add(at[LatencyAt..], outcome.Latency, times, hasSquare: false);
            leaf = node;
            node = Next(_numbers, node, features);
            if (node <= 0) break;
        }

        if (Observe(leaf, features, outcome, times)) TrySplit(leaf, features.Length);
    }

    /// <summary>Lets all that was counted count gamma times.</summary>
    public void Discount(double gamma)
    {
        for (int start = 1; start < _numbers.Length; start += NodeLength)
        {
            Span<double> at = _numbers.Slice(start, NodeLength);
            for (int i = QualityAt; i < FilledAt; i++) at[i] *= gamma;
            for (int i = TestsAt; i < NodeLength; i++) if ((i - TestsAt) % TestLength > 0) at[i] *= gamma;
        }
    }

    /// <summary>The child where a request goes on, 0 from a leaf, -1 where a number cannot be right.</summary>
    private static int Next(ReadOnlySpan<double> tree, int node, ReadOnlySpan<float> features)
    {
        ReadOnlySpan<double> at = tree.Slice(1 + node * NodeLength, NodeLength);
        (double left, double feature, double threshold) = (at[LeftAt], at[FeatureAt], at[ThresholdAt]);
        if (left == 0) return 0;
        if (!(left >= node + 1 && left < tree.Length / NodeLength - 1 && feature >= 0 && feature < features.Length && double.IsFinite(threshold))) return -1;
        return (int)left + (features[(int)feature] <= threshold ? 0 : 1);
    }

    private static bool IsCount(double n) => n >= 0 && n <= 1e15;

    private static double Rounded(double n) => n * (1 + 1e-9) + 1e-9;

    private static void Add(Span<double> sums, double value, double times, bool hasSquare)
    {
        if (double.IsNaN(value)) return;
        value = Math.Clamp(value, -MostMultiple, MostMultiple);
        sums[0] += times;
        sums[1] += times * value;
        if (hasSquare) sums[2] += times * value * value;
    }

    /// <summary>The feature of a test, always the same for the same place.</summary>
    private static int FeatureOf(int tree, int node, int test, int features) =>
        (int)(RandomStream.Mix(RandomStream.KeyOf((ulong)tree, (ulong)node) + (ulong)test) % (ulong)features);

    private Span<double> NodeOf(int node) => _numbers.Slice(1 + node * NodeLength, NodeLength);

    /// <summary>Shows an outcome to the tests of a leaf; whether it is time to look at them.</summary>
    private bool Observe(int leaf, ReadOnlySpan<float> features, in ModelOutcome outcome, double times)
    {
        Span<double> at = NodeOf(leaf);
        int filled = (int)Math.Clamp(at[FilledAt], 0, Tests);
        if (filled < Tests)
        {
            at[TestsAt + filled * TestLength] = features[FeatureOf(tree, leaf, filled, features.Length)];
            at[FilledAt] = filled + 1;
            return false;
        }

        double before = at[SeenAt];
        Add(at[SeenAt..], outcome.Quality, times, hasSquare: false);
        Add(at[(SeenAt + 2)..], outcome.Cost, times, hasSquare: false);
        for (int test = 0; test < Tests; test++)
        {
            Span<double> counts = at.Slice(TestsAt + test * TestLength, TestLength);
            if (!(features[FeatureOf(tree, leaf, test, features.Length)] <= counts[0])) continue;
            Add(counts[1..], outcome.Quality, times, hasSquare: false);
            Add(counts[3..], outcome.Cost, times, hasSquare: false);
        }

        return Math.Floor(before / Grace) != Math.Floor(at[SeenAt] / Grace);
    }

    private void TrySplit(int leaf, int features)
    {
        int left = 1 + 2 * (int)Math.Clamp(_numbers[0], 0, _numbers.Length); // the clamp turns NaN into no room below
        if (!(_numbers[0] >= 0) || left + 1 >= _numbers.Length / NodeLength || left <= leaf) return;
        Span<double> at = NodeOf(leaf);
        double best = at[SeenAt] >= Patience ? double.NegativeInfinity : Evidence;
        int chosen = -1;
        for (int test = 0; test < Tests; test++)
        {
            double score = ScoreOf(at, test);
            if (score > best) (best, chosen) = (score, test);
        }

        if (chosen < 0) return;
        ReadOnlySpan<double> counts = at.Slice(TestsAt + chosen * TestLength, TestLength);
        Begin(left, at, counts[1], counts[2], counts[3], counts[4]);
        Begin(left + 1, at, at[SeenAt] - counts[1], at[SeenAt + 1] - counts[2], at[SeenAt + 2] - counts[3], at[SeenAt + 3] - counts[4]);
        (at[LeftAt], at[FeatureAt], at[ThresholdAt]) = (left, FeatureOf(tree, leaf, chosen, features), counts[0]);
        _numbers[0]++;
    }

    /// <summary>What a split by a test would explain, in variances; NaN or -infinity where there is no split.</summary>
    private static double ScoreOf(ReadOnlySpan<double> at, int test)
    {
        ReadOnlySpan<double> seen = at[SeenAt..], left = at.Slice(TestsAt + test * TestLength + 1, TestLength - 1);
        if (!(left[0] >= LeastSide && seen[0] - left[0] >= LeastSide)) return double.NegativeInfinity;
        return Explained(seen[0], seen[1], left[0], left[1], VarianceOf(at[QualityAt..])) + Explained(seen[2], seen[3], left[2], left[3], VarianceOf(at[CostAt..]));
    }

    private static double Explained(double n, double sum, double left, double leftSum, double variance)
    {
        double right = n - left;
        if (!(left > 0 && right > 0 && variance > 0)) return 0;
        double gap = leftSum / left - (sum - leftSum) / right;
        return left * right / n * gap * gap / variance;
    }

    /// <summary>Variance of what a node has counted; 0 where it is rounding.</summary>
    private static double VarianceOf(ReadOnlySpan<double> sums)
    {
        if (!(sums[0] > 0)) return 0;
        double mean = sums[1] / sums[0], square = sums[2] / sums[0], variance = square - mean * mean;
        return variance > 1e-12 * square ? variance : 0;
    }

    /// <summary>A child starts with what a test has counted on its side; squares, which tests do not count, as if the parent's variance were its own.</summary>
    private void Begin(int node, ReadOnlySpan<double> parent, double n, double sum, double costs, double cost)
    {
        Span<double> at = NodeOf(node);
        at.Clear();
        (at[QualityAt], at[QualityAt + 1]) = (n, Math.Clamp(sum, -n, n));
        at[QualityAt + 2] = Math.Min(n, n * VarianceOf(parent[QualityAt..]) + at[QualityAt + 1] * at[QualityAt + 1] / n);
        if (!(costs > 0)) return;
        (at[CostAt], at[CostAt + 1]) = (costs, cost);
        at[CostAt + 2] = costs * VarianceOf(parent[CostAt..]) + cost * cost / costs;
    }
}
