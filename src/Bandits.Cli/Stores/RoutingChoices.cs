using System.CommandLine;

namespace Bandits.Cli.Stores;

/// <summary>How to decide: the options that routing verbs share. Nothing of it is stored, because one history serves every objective.</summary>
internal sealed class RoutingChoices
{
    private static readonly RouterOptions Defaults = new();

    private readonly Option<string> _strategy = CommonOptions.Choice(
        "--strategy", "learning, adaptive and adaptive-drift explore and learn; balanced, performance and cost only exploit; baseline is the rule table.",
        ["learning", "adaptive", "adaptive-drift", "balanced", "performance", "cost", "baseline"]);

    private readonly Option<double> _successWeight = Number("--success-weight", "Weight of success, 0 to 1e6.", Defaults.SuccessWeight);
    private readonly Option<double> _costWeight = Number("--cost-weight", "Weight of cost, 0 to 1e6; 0 ignores cost.", Defaults.CostWeight);

    private readonly Option<double> _referenceCost = Number(
        "--reference-cost", "USD that the weights refer to, about a typical task's cost: a success is worth success weight / cost weight x this.",
            Defaults.ReferenceCostUsd);

    private readonly Option<double> _explorationRate = Number("--exploration-rate", "Share of decisions spread over all eligible arms, to start with, 0 to 1.", Defaults.ExplorationRate);
    private readonly Option<double> _minSamples = Number("--min-samples", "Outcomes, own plus borrowed, below which belief is weak.", Defaults.MinSamples);
    private readonly Option<double> _minConfidence = Number("--min-confidence", "P(not worse than the baseline) below which the baseline stands in, 0 to 1.", Defaults.MinConfidence);
    private readonly Option<double> _historyWeight = HistoryWeightOption();

    /// <summary>Weight of an imported outcome in belief.</summary>
    public static Option<double> HistoryWeightOption() => Number(
        "--history-weight",
        "Weight of an imported outcome against an own one, 0 to 1. Below 1 because history is confounded: models were not given tasks at random, and a task's total cost is charged to both its roles.",
        DefaultHistoryWeight);

    public const double DefaultHistoryWeight = 0.5;

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_strategy, _successWeight, _costWeight, _referenceCost, _explorationRate, _minSamples, _minConfidence,
            _historyWeight])
            command.Add(option);
    }

    public double HistoryWeight(ParseResult parsed) => parsed.GetValue(_historyWeight);

    public RouterOptions ToOptions(ParseResult parsed) => new()
    {
        Strategy = Enum.Parse<Strategy>(parsed.GetValue(_strategy)!.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
        SuccessWeight = parsed.GetValue(_successWeight),
        CostWeight = parsed.GetValue(_costWeight),
        ReferenceCostUsd = parsed.GetValue(_referenceCost),
        ExplorationRate = parsed.GetValue(_explorationRate),
        MinSamples = parsed.GetValue(_minSamples),
        MinConfidence = parsed.GetValue(_minConfidence),
    };

    private static Option<double> Number(string name, string description, double value) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };
}
