namespace Bandits.Regret.Environments;

/// <summary>Success with a fixed probability.</summary>
internal sealed class BernoulliLaw(double probability) : Law
{
    public override double Mean => probability;

    public override bool IsBinary => true;

    public override void Draw(ulong key, int round, int arm, out double quality, out double costUsd)
    {
        quality = new Draws(key, round, arm).NextUnit() < probability ? 1 : 0;
        costUsd = 0;
    }
}

/// <summary><c>bernoulli:P,...</c></summary>
internal sealed class Bernoulli : LawFamily
{
    public override string Name => "bernoulli";

    public override IReadOnlyList<Parameter> Parameters { get; } = [new("probability", 0, 1)];

    public override string About => "P: success with probability P in [0, 1]";

    public override Law[] Make(double[][] arms) => Array.ConvertAll(arms, static Law (arm) => new BernoulliLaw(arm[0]));

    /// <summary>Relative entropy of two Bernoulli laws, nats.</summary>
    public static double Divergence(double p, double q)
    {
        double successes = p == 0 ? 0 : p * Math.Log(p / q), failures = p == 1 ? 0 : (1 - p) * Math.Log((1 - p) / (1 - q));
        return successes + failures;
    }
}
