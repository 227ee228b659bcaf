using Bandits.Contextual;

namespace Bandits.Reliability;

/// <summary>All at once that bounds what a router may spend or choose, and what it knows of a request beside its segment.</summary>
internal static class Bounds
{
    public const int Features = 2;

    public static SpendCap[] Caps { get; } =
    [
        new SpendCap { Name = "all", Usd = 3, Window = SpendWindow.Day }, new SpendCap { Name = "tenant", Usd = 0.6, PerTenant = true }, new SpendCap { Name = "north", Usd = 0.4, Provider = "north" },
    ];

    /// <summary>Who provides the arms that a router of these options begins with.</summary>
    public static string ProviderOf(int arm) => arm switch { 0 => "north", 1 => "south", _ => "own" };

    /// <summary>Puts them on options whose first arms are there.</summary>
    /// <param name="options">The options.</param>
    /// <param name="use">What the model does.</param>
    /// <param name="roomy">By how much caps are wider.</param>
    public static void Put(RouterOptions options, FeatureModelUse use = FeatureModelUse.Correct, double roomy = 1)
    {
        for (int arm = 0; arm < options.Arms.Count; arm++)
            options.Arms[arm] = options.Arms[arm] with { Provider = ProviderOf(arm), InputUsdPerMillionTokens = 1 + 9 * arm, OutputUsdPerMillionTokens = 4 + 20 * arm };
        options.Strategy = Strategy.Budgeted;
        options.Budget = new Budget { UsdPerDecision = 0.02, Horizon = 20 };
        options.SpendCaps = Array.ConvertAll(Caps, cap => cap with { Usd = roomy * cap.Usd });
        options.LastResortArmId = options.Arms[^1].Id;
        (options.Model, options.ModelUse, options.FeatureCount, options.ModelDepth) = (new LinearModel(Features), use, Features, options.Dimensions.Count - 1);
        options.LatencyLimit = new LatencyLimit { Seconds = 0.3, MostExceeding = 0.2, Confidence = 0.6 };
        options.ArmDrift = new ArmDriftDetection { OutcomesPerFalseAlarm = 100, ProbingDecisions = 20 };
    }

    /// <summary>A request with features, a tenant and the most that it may cost, or without, as the number says.</summary>
    public static Request On(in Request request, int number) => request with
    {
        Features = number % 5 == 0 ? default(ReadOnlyMemory<float>) : new[] { number % 7 / 7f, number % 11 / 11f - 0.5f },
        Tenant = (ulong)(number % 3),
        ReserveUsd = (number % 4) switch { 0 => null, 1 => 0, _ => number % 97 / 500.0 },
    };
}
