namespace Bandits.Reliability;

/// <summary>How much every suite does.</summary>
/// <param name="Name">What the figures are told by.</param>
/// <param name="Walks">Walks.</param>
/// <param name="Kills">Writers that are killed, for each durability.</param>
/// <param name="Soak">How long the soak lasts.</param>
/// <param name="SoakThreads">Threads that route and record in it.</param>
/// <param name="Inputs">Mutated inputs in total.</param>
public sealed record Tier(string Name, int Walks, int Kills, TimeSpan Soak, int SoakThreads, int Inputs)
{
    /// <summary>With the other tests.</summary>
    public static Tier Test { get; } = new("test", 150, 2, TimeSpan.FromSeconds(2), 2, 3_000);

    /// <summary>At every push.</summary>
    public static Tier Push { get; } = new("push", 1_000, 10, TimeSpan.FromSeconds(30), 8, 50_000);

    /// <summary>By hand.</summary>
    public static Tier Long { get; } = new("long", 10_000, 300, TimeSpan.FromMinutes(10), 8, 1_000_000);
}
