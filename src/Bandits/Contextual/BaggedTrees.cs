using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>
/// Regression trees that grow with the outcomes, several for each arm, each on its own resampling of them. Prefer it where what is to be expected depends on features by steps or in combination,
/// and thousands of outcomes will come; a linear model learns faster where it fits.
/// </summary>
/// <remarks>
/// <code>
/// Source      Oza, Russell (2001), Online bagging and boosting, AISTATS; Ikonomovska, Gama, Dzeroski (2011), Learning model trees from evolving data streams, Data Min. Knowl. Discov. 23(1);
///             Domingos, Hulten (2000), Mining high-speed data streams, KDD; random tests: Geurts, Ernst, Wehenkel (2006), Extremely randomized trees; several targets: Osojnik et al. (2018)
/// Rule        quality = mean over trees of the leaf's mean;   deviation^2 = variance of these means + mean of the leaves' variance / (n + <see cref="RegressionTree.ParentMass"/>)
/// Update      each tree takes the outcome Poisson(1) times, drawn from the number of the outcome, the arm and the tree; what a tree does with it: <see cref="RegressionTree"/>
/// Symbols     trees -> [1, 64] -> 8;  nodes -> odd, [1, 1023], of each tree -> 31, which is 16 leaves;  features -> [1, 4096]
/// Cost        predict and learn O(trees x depth), 0 B; state 8 (1 + trees (1 + 56 nodes)) bytes an arm: 111 KB with the defaults
/// Departures  arms share nothing. A tree that is full goes on learning its leaves' means. An outcome is not taken back, for what it split stays split; states do not add up, for their trees have split
///             differently; nothing is borrowed, for the same reason. Discounting scales what leaves count and leaves the splits; by 0 it begins anew. Splits made out of
///             impatience (<see cref="RegressionTree"/>) share a leaf's outcomes out where nothing is to be found: the deviation then widens for a while
/// Guarantee   none claimed
/// </code>
/// </remarks>
public sealed class BaggedTrees : IFeatureModel
{
    private const int MostTrees = 64;
    private const int MostNodes = 1023;
    private const int MostFeatures = 4096;

    /// <summary>Of an arm: how many outcomes it has learnt, which numbers the draws.</summary>
    private const int OutcomesAt = 0;

    private const int ArmHeader = 1;

    /// <summary>Beyond it numbers of outcomes are no longer exact.</summary>
    private const double MostOutcomes = 1L << 53;

    private readonly int _trees;
    private readonly int _nodes;

    /// <summary>A model of that many features.</summary>
    /// <param name="featureCount">Numbers in <see cref="Request.Features"/>, in [1, 4096].</param>
    /// <param name="trees">Trees of each arm, in [1, 64].</param>
    /// <param name="nodes">Most nodes of a tree, odd, in [1, 1023]: one more than twice its splits.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public BaggedTrees(int featureCount, int trees = 8, int nodes = 31)
    {
        if (featureCount is < 1 or > MostFeatures) Throw.OutOfRange(nameof(featureCount), featureCount, $"[1, {MostFeatures}]");
        if (trees is < 1 or > MostTrees) Throw.OutOfRange(nameof(trees), trees, $"[1, {MostTrees}]");
        if (nodes is < 1 or > MostNodes || nodes % 2 == 0) Throw.OutOfRange(nameof(nodes), nodes, $"odd, [1, {MostNodes}]");
        (FeatureCount, _trees, _nodes) = (featureCount, trees, nodes);
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public bool SharesParameters => false;

    /// <inheritdoc/>
    public int HeaderLength => 0;

    /// <inheritdoc/>
    public int ArmLength => ArmHeader + _trees * TreeLength;

    private int TreeLength => RegressionTree.LengthOf(_nodes);

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<double> state, ReadOnlySpan<float> features, ReadOnlySpan<int> arms, Span<Prediction> predictions)
    {
        features = features[..FeatureCount];
        for (int i = 0; i < arms.Length; i++)
        {
            ReadOnlySpan<double> arm = state.Slice(arms[i] * ArmLength, ArmLength);
            if (!TryPredict(arm, features, out predictions[i])) predictions[i] = Empty();
        }
    }

    /// <inheritdoc/>
    public void Learn(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome)
    {
        if (!(Math.Abs(outcome.Quality) <= 1)) return;
        features = features[..FeatureCount];
        Span<double> arm = state.Slice(outcome.Arm * ArmLength, ArmLength);
        if (!TryPredict(arm, features, out _)) arm.Clear(); // nothing honest is lost
        double number = ++arm[OutcomesAt];
        for (int tree = 0; tree < _trees; tree++)
        {
            var random = new RandomStream(RandomStream.KeyOf((ulong)tree, (ulong)outcome.Arm), (ulong)number, StreamPurpose.Policy);
            int times = Poisson(random.NextUnit());
            if (times > 0) new RegressionTree(arm.Slice(ArmHeader + tree * TreeLength, TreeLength), tree).Learn(features, outcome, times);
        }
    }

    /// <summary>Never: what an outcome has split stays split.</summary>
    public bool TryRetract(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome) => false;

    /// <inheritdoc/>
    public void Discount(Span<double> state, int arm, double gamma)
    {
        Span<double> numbers = state.Slice(arm * ArmLength, ArmLength);
        if (!(gamma > 0))
        {
            numbers.Clear();
            return;
        }

        if (gamma >= 1) return;
        for (int tree = 0; tree < _trees; tree++) new RegressionTree(numbers.Slice(ArmHeader + tree * TreeLength, TreeLength), tree).Discount(gamma);
    }

    /// <summary>Never: trees of two states have split differently.</summary>
    public bool TryMerge(Span<double> state, ReadOnlySpan<double> other) => false;

    /// <summary>Never: trees of two arms or segments have split differently.</summary>
    public bool TryBorrow(Span<double> state, int arm, ReadOnlySpan<double> lender, int lenderArm, bool includesOwn, double mass) => false;

    /// <summary>What is believed without an outcome.</summary>
    private static Prediction Empty()
    {
        LeafEstimate prior = LeafEstimate.Prior;
        return new Prediction { QualityDeviation = Math.Sqrt(prior.Variance / RegressionTree.ParentMass), Degrees = double.PositiveInfinity };
    }

    /// <summary>How often a tree takes an outcome: the least n for which a Poisson variable of mean 1 is at most n with a probability above u.</summary>
    private static int Poisson(double u)
    {
        int n = 0;
        double probability = 1 / Math.E, sum = probability;
        while (u >= sum && n < 16) // the chance of more is 1e-15
        {
            n++;
            probability /= n;
            sum += probability;
        }

        return n;
    }

    private bool TryPredict(ReadOnlySpan<double> arm, ReadOnlySpan<float> features, out Prediction prediction)
    {
        prediction = default;
        double outcomes = arm[OutcomesAt], sum = 0, squares = 0, errors = 0;
        if (!(outcomes >= 0 && outcomes < MostOutcomes)) return false;
        for (int tree = 0; tree < _trees; tree++)
        {
            if (!RegressionTree.TryEstimate(arm.Slice(ArmHeader + tree * TreeLength, TreeLength), features, out LeafEstimate leaf)) return false;
            sum += leaf.Quality;
            squares += leaf.Quality * leaf.Quality;
            errors += leaf.Variance / (leaf.Weight + RegressionTree.ParentMass);
            prediction.Samples += leaf.Weight / _trees;
            prediction.Cost += leaf.Cost / _trees;
            prediction.Latency += leaf.Latency / _trees;
        }

        double mean = sum / _trees;
        prediction.Quality = mean;
        prediction.QualityDeviation = Math.Sqrt(Math.Max(0, squares / _trees - mean * mean) + errors / _trees);
        prediction.Degrees = double.PositiveInfinity;
        return true;
    }
}
