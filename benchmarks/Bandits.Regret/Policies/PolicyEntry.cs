namespace Bandits.Regret.Policies;

/// <summary>A policy of the book: how a router is set up to follow it.</summary>
/// <param name="Name">What <c>--policies</c> and the reports call it.</param>
/// <param name="About">Its setting, one line.</param>
/// <param name="Configure">Sets the options; the horizon is for policies that must know it.</param>
internal sealed record PolicyEntry(string Name, string About, Action<RouterOptions, int> Configure)
{
    /// <summary>Most arms that it is meant for.</summary>
    public int MostArms { get; init; } = int.MaxValue;

    /// <summary>Whether it is told the true breaks and starts anew at each.</summary>
    public bool RestartsAtBreaks { get; init; }

    /// <summary>Whether it is no policy of the library but something to measure against where laws change; "all" has it only there.</summary>
    public bool IsYardstick { get; init; }

    /// <summary>Whether a quick run has it, unless it is told which.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Whether one decision costs many microseconds; such a policy gets fewer seeds.</summary>
    public bool IsSlow { get; init; }
}
