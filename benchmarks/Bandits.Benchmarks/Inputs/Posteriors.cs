namespace Bandits.Benchmarks.Inputs;

/// <summary>What policies meet: Beta beliefs after 1 to 3,000 plays of arms of any mean, prior Beta(1, 1), with the bounds of a round around 10,000.</summary>
internal sealed class Posteriors
{
    private const int Seed = 7;
    private const double MostPlays = 3000;
    private const int LeastRound = 10;
    private const int MostRound = 20_000;

    private Posteriors(int count)
    {
        (Alphas, Betas, Means, Bounds, Tails) = (new double[count], new double[count], new double[count], new double[count], new double[count]);
        var random = new Random(Seed);
        for (int i = 0; i < count; i++)
        {
            double mean = random.NextDouble();
            int plays = (int)Math.Pow(MostPlays, random.NextDouble()), successes = 0;
            for (int play = 0; play < plays; play++) successes += random.NextDouble() < mean ? 1 : 0;
            int round = random.Next(LeastRound, MostRound);
            (Alphas[i], Betas[i], Means[i]) = (1 + successes, 1 + plays - successes, (double)successes / plays);
            (Bounds[i], Tails[i]) = (Math.Log(round) / plays, 1.0 / round);
        }
    }

    public double[] Alphas { get; }

    public double[] Betas { get; }

    /// <summary>Successes over plays; some are 0 or 1.</summary>
    public double[] Means { get; }

    /// <summary>ln(t) / n.</summary>
    public double[] Bounds { get; }

    /// <summary>1 / t.</summary>
    public double[] Tails { get; }

    public static Posteriors Of(int count) => new(count);
}
