namespace Bandits.Contextual;

/// <summary>
/// A regression of outcomes on the features of requests (<see cref="Request.Features"/>): what is to be expected of each arm for one task. From it the router makes the arms' beliefs, so any
/// policy can stand on any model.
/// </summary>
/// <remarks>
/// <para>Like a policy's own state, a model's is flat numbers that the router owns, guards, copies and saves: <see cref="HeaderLength"/> numbers, then <see cref="ArmLength"/> for each arm by dense
/// index. All 0 is a state that has learnt nothing; new arms append zeros. Implementations hold nothing that changes, read no clock and allocate nothing in steady state.</para>
/// <para>Targets are differences from what was expected without the features (<see cref="ModelOutcome"/>), so a model's prior is 0 and arms need no description here.</para>
/// <para><see cref="Predict"/> may be given a state that another thread is changing; what it says is then thrown away, but it must neither throw nor loop. Numbers that nothing honest can have
/// left, of a damaged store for instance, make an arm's prediction that of an empty state.</para>
/// </remarks>
public interface IFeatureModel
{
    /// <summary>Numbers in <see cref="Request.Features"/>, 1 or more.</summary>
    int FeatureCount { get; }

    /// <summary>Whether an outcome of one arm changes what is predicted of others: predictions of arms then err together, which no policy over single beliefs knows of.</summary>
    bool SharesParameters { get; }

    /// <summary>Numbers that all arms share, 0 or more.</summary>
    int HeaderLength { get; }

    /// <summary>Numbers of each arm, 0 or more.</summary>
    int ArmLength { get; }

    /// <summary>Predicts for several arms.</summary>
    /// <param name="state">The state.</param>
    /// <param name="features"><see cref="FeatureCount"/> finite numbers.</param>
    /// <param name="arms">Dense indices of the arms; the state has room for each.</param>
    /// <param name="predictions">Parallel to <paramref name="arms"/>; written.</param>
    void Predict(ReadOnlySpan<double> state, ReadOnlySpan<float> features, ReadOnlySpan<int> arms, Span<Prediction> predictions);

    /// <summary>Takes in one outcome. Computes first, then commits: where numbers would not stay finite, nothing changes.</summary>
    void Learn(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome);

    /// <summary>Takes an outcome back that was learnt, because a correction is about to come; false when the state depends on the order, and the first outcome stays.</summary>
    bool TryRetract(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome);

    /// <summary>Lets all that an arm has learnt count <paramref name="gamma"/> times, in [0, 1]: forgetting towards the prior, and with 0 a new beginning. What arms share fades as far as it is of this arm.</summary>
    void Discount(Span<double> state, int arm, double gamma);

    /// <summary>Adds what another state of this model has learnt; false when states of this model do not add up.</summary>
    bool TryMerge(Span<double> state, ReadOnlySpan<double> other);

    /// <summary>
    /// Makes what another state knows of an arm, without what this one has contributed to it, the prior of the arm here: worth at most <paramref name="mass"/> outcomes. Replaces what was
    /// borrowed before. False when this model cannot.
    /// </summary>
    /// <param name="state">The state that borrows.</param>
    /// <param name="arm">The arm in it.</param>
    /// <param name="lender">A state of the same model: of a parent segment, or of the same one for a similar arm.</param>
    /// <param name="lenderArm">The arm in <paramref name="lender"/>.</param>
    /// <param name="includesOwn">Whether the lender's evidence includes all of this arm's own, which is then left out.</param>
    /// <param name="mass">Most outcomes that what is borrowed counts for; 0 or more.</param>
    bool TryBorrow(Span<double> state, int arm, ReadOnlySpan<double> lender, int lenderArm, bool includesOwn, double mass);
}

/// <summary>One outcome as a model learns it: each part as the difference from what was expected without the features.</summary>
public readonly struct ModelOutcome
{
    /// <summary>Dense index of the arm.</summary>
    public int Arm { get; init; }

    /// <summary>Quality minus what was expected without the features, in [-1, 1]; see <see cref="FeatureModelUse"/>.</summary>
    public double Quality { get; init; }

    /// <summary>Cost as a multiple of what was expected, minus 1, at most 9; NaN when it is not known.</summary>
    public double Cost { get; init; }

    /// <summary>Latency as a multiple of what was expected, minus 1, at most 9; NaN when it is not known.</summary>
    public double Latency { get; init; }
}

/// <summary>What a model expects of one arm for one request, in the units of <see cref="ModelOutcome"/>.</summary>
public struct Prediction
{
    /// <summary>Expected quality; not held to any range.</summary>
    public double Quality { get; set; }

    /// <summary>Standard deviation of what is believed of the expected quality, not of a single outcome; 0 or more.</summary>
    public double QualityDeviation { get; set; }

    /// <summary>
    /// The share of <see cref="Quality"/> that features which say nothing would have given all the same, in [0, 1]: 0 where all of it counts, and where a model does not know; 1 where none of it does. A correction of
    /// a segment's belief (<see cref="FeatureModelUse.Correct"/>) is taken less this share; where the model replaces that belief, nothing is.
    /// </summary>
    public double QualityByChance { get; set; }

    /// <summary>Degrees of freedom of the Student law around <see cref="Quality"/>; infinity for a normal one.</summary>
    public double Degrees { get; set; }

    /// <summary>Outcomes behind the prediction, borrowed ones included; 0 or more.</summary>
    public double Samples { get; set; }

    /// <summary>Expected cost.</summary>
    public double Cost { get; set; }

    /// <summary>Expected latency.</summary>
    public double Latency { get; set; }
}
