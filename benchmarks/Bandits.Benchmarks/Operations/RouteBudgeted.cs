using Bandits.Benchmarks.Pairing;
using Bandits.Contextual;
using Bandits.Numerics;

namespace Bandits.Benchmarks.Operations;

/// <summary>Decides under a budget with features: the model's expectations, the policy's probabilities at both prices, the draw, the charge, and now and then the price.</summary>
internal sealed class RouteBudgeted : IOperation
{
    private const int Requests = 256;
    private const int Learnt = 3000;

    private readonly BanditRouter _router;
    private readonly float[][] _features = new float[Requests][];

    /// <summary>A router that has learnt from some thousand outcomes, linear in the features, with a budget that binds.</summary>
    /// <param name="coefficients">Features and an intercept.</param>
    /// <param name="arms">Arms.</param>
    public RouteBudgeted(int coefficients, int arms)
    {
        int count = coefficients - 1;
        var options = new RouterOptions
        {
            Dimensions = [],
            Strategy = Strategy.Budgeted,
            Budget = new Budget { UsdPerDecision = 0.002 },
            FeatureCount = count,
            Model = new LinearModel(count),
            ModelUse = FeatureModelUse.Replace,
        };
        for (int arm = 0; arm < arms; arm++) options.Arms.Add(new Arm { Id = $"arm-{arm}", InputUsdPerMillionTokens = 0.3 * Math.Pow(4, arm), OutputUsdPerMillionTokens = 0 });
        _router = new BanditRouter(options);
        var random = new RandomStream(1);
        for (int i = 0; i < Requests; i++)
        {
            _features[i] = new float[count];
            foreach (ref float feature in _features[i].AsSpan()) feature = (float)(2 * random.NextUnit() - 1);
        }

        for (int i = 0; i < Learnt; i++)
        {
            float[] features = _features[i % Requests];
            _router.TryDecide(new Request { Features = features }, out Decision decision);
            double quality = Math.Clamp(0.5 + 0.1 * decision.Arm + 0.3 * features[decision.Arm], 0, 1);
            _router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = quality, CostUsd = 0.0006 * Math.Pow(4, decision.Arm) * (1 + 0.5 * features[^1]) });
        }
    }

    public int Count => Requests;

    public long Run()
    {
        long sum = 0;
        foreach (float[] features in _features)
        {
            _router.TryDecide(new Request { Features = features }, out Decision decision);
            sum += decision.Arm;
        }

        return sum;
    }
}
