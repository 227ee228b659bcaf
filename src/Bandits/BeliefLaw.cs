namespace Bandits;

/// <summary>How evidence becomes a law of quality.</summary>
public enum BeliefLaw : byte
{
    /// <summary>Beta, each outcome one pseudo-count split by its quality; cost and latency enter by their means. Exact for outcomes of 0 and 1, too wide for grades.</summary>
    Beta = 0,

    /// <summary>
    /// Beta of the variance that the evidence shows: grades that vary less than successes and failures would count for more, an uncertain cost for less.
    /// The same as <see cref="Beta"/> for outcomes of 0 and 1 at no cost.
    /// </summary>
    Matched = 1,

    /// <summary>Student, the marginal of a normal-inverse-gamma posterior: for graded quality. The variance of cost is added.</summary>
    Student = 2,
}
