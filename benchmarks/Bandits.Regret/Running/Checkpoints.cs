namespace Bandits.Regret.Running;

/// <summary>The rounds after which regret is noted: evenly spaced, and evenly spaced in the logarithm, so that a curve can be drawn either way.</summary>
internal static class Checkpoints
{
    private const int Even = 100;
    private const int PerDecade = 20;

    /// <summary>Numbers of rounds played, ascending; the last is the horizon.</summary>
    public static int[] Of(int horizon)
    {
        var rounds = new SortedSet<int> { horizon };
        for (int i = 1; i < Even; i++) rounds.Add((int)Math.Max(1, (long)horizon * i / Even));
        for (double exponent = 0; Math.Pow(10, exponent) < horizon; exponent += 1.0 / PerDecade) rounds.Add((int)Math.Round(Math.Pow(10, exponent)));
        return [.. rounds.Where(round => round <= horizon)];
    }
}
