namespace Bandits.Statistics;

/// <summary>Watches the outcomes of one arm, one component of them, in decision order, and says when their law has changed.</summary>
/// <remarks>
/// Immutable parameters; what was seen is in a state that the router owns, guards and saves. Quality enters as it is, cost and latency
/// by <see cref="BoundedAmount"/>. The state depends on the order of values, so none can be taken back.
/// </remarks>
internal interface IChangeDetector
{
    /// <summary>Takes in one value; true when a change is detected, upon which the caller starts anew with an empty state.</summary>
    /// <param name="state">What was seen so far; empty at first. Replaced by a longer array now and then, up to a bound.</param>
    /// <param name="value">In [0, 1].</param>
    bool Observe(ref double[] state, double value);
}
