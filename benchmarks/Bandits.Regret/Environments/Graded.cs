namespace Bandits.Regret.Environments;

/// <summary>A grade between 0 and 1, Beta distributed.</summary>
internal sealed class GradedLaw(double mean, double mass) : Law
{
    public override double Mean => mean;

    public override void Draw(ulong key, int round, int arm, out double quality, out double costUsd)
    {
        quality = mean is 0 or 1 ? mean : new Draws(key, round, arm).NextBeta(mass * mean, mass * (1 - mean));
        costUsd = 0;
    }
}

/// <summary><c>graded:MEAN/MASS,...</c></summary>
internal sealed class Graded : LawFamily
{
    public override string Name => "graded";

    public override IReadOnlyList<Parameter> Parameters { get; } = [new("mean", 0, 1), new("mass", 0.01, 1e6, 4)];

    public override string About =>
        "MEAN[/MASS]: grades of law Beta(MASS MEAN, MASS (1 - MEAN)), MASS 4 unless given: the variance is MEAN (1 - MEAN) / (MASS + 1)";

    public override Law[] Make(double[][] arms) => Array.ConvertAll(arms, static Law (arm) => new GradedLaw(arm[0], arm[1]));
}
