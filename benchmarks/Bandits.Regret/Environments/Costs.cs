namespace Bandits.Regret.Environments;

/// <summary>Success with a fixed probability, worth 1 USD, at a heavy-tailed cost; utility is quality minus cost.</summary>
internal abstract class CostlyLaw(double probability) : Law
{
    public override double Mean => probability - MeanCostUsd;

    public override bool IsBinary => true;

    public override void Draw(ulong key, int round, int arm, out double quality, out double costUsd)
    {
        var draws = new Draws(key, round, arm);
        quality = draws.NextUnit() < probability ? 1 : 0;
        costUsd = Math.Min(DrawCost(ref draws), Outcome.MaxCostUsd);
    }

    protected abstract double DrawCost(ref Draws draws);
}

/// <summary>Lognormal cost, cut at the largest cost that an outcome may carry; the mean is that of the cut law.</summary>
internal sealed class LognormalCostLaw : CostlyLaw
{
    private readonly double _mu;
    private readonly double _sigma;

    public LognormalCostLaw(double probability, double cost, double sigma)
        : base(probability)
    {
        (_mu, _sigma) = (Math.Log(cost) - 0.5 * sigma * sigma, sigma);
        double reach = (Math.Log(Outcome.MaxCostUsd) - _mu) / sigma;
        MeanCostUsd = cost * NormalLaw.Cdf(reach - sigma) + Outcome.MaxCostUsd * NormalLaw.Cdf(-reach);
    }

    public override double MeanCostUsd { get; }

    protected override double DrawCost(ref Draws draws) => Math.Exp(_mu + _sigma * draws.NextNormal());
}

/// <summary>Pareto cost, cut at the largest cost that an outcome may carry; the mean is that of the cut law.</summary>
internal sealed class ParetoCostLaw : CostlyLaw
{
    private readonly double _least;
    private readonly double _tail;

    public ParetoCostLaw(double probability, double cost, double tail)
        : base(probability)
    {
        (_least, _tail) = (cost * (tail - 1) / tail, tail);
        MeanCostUsd = _least / (tail - 1) * (tail - Math.Pow(_least / Outcome.MaxCostUsd, tail - 1));
    }

    public override double MeanCostUsd { get; }

    protected override double DrawCost(ref Draws draws) => _least * Math.Pow(draws.NextPositive(), -1 / _tail);
}

/// <summary><c>lognormal:P/COST/SIGMA,...</c></summary>
internal sealed class LognormalCost : LawFamily
{
    public override string Name => "lognormal";

    public override IReadOnlyList<Parameter> Parameters { get; } = [new("probability", 0, 1), new("mean cost", 0, 1e3, null, true), new("sigma", 0.01, 4, 1.5)];

    public override string About =>
        "P/COST[/SIGMA]: success (worth 1 USD) with probability P at a lognormal cost of mean COST USD; utility = quality - cost. SIGMA, of the logarithm, 1.5 "
        + "unless given";

    public override bool HasCost => true;

    public override Law[] Make(double[][] arms) => Array.ConvertAll(arms, static Law (arm) => new LognormalCostLaw(arm[0], arm[1], arm[2]));
}

/// <summary><c>pareto:P/COST/TAIL,...</c></summary>
internal sealed class ParetoCost : LawFamily
{
    public override string Name => "pareto";

    public override IReadOnlyList<Parameter> Parameters { get; } =
        [new("probability", 0, 1), new("mean cost", 0, 1e3, null, true), new("tail", 1.05, 100, 1.5)];

    public override string About => "P/COST[/TAIL]: the same with a Pareto cost; TAIL 1.5 unless given: a finite mean, an infinite variance";

    public override bool HasCost => true;

    public override Law[] Make(double[][] arms) => Array.ConvertAll(arms, static Law (arm) => new ParetoCostLaw(arm[0], arm[1], arm[2]));
}
