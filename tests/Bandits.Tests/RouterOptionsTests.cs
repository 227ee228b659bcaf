using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class RouterOptionsTests
{
    [Fact]
    public void Defaults_are_valid_and_those_users_know()
    {
        var options = new RouterOptions();
        Assert.Empty(options.Validate());
        Assert.Equal((5.0, 0.7, 0.3, 0.1, 0.6, true), (options.MinSamples, options.SuccessWeight, options.CostWeight, options.ExplorationRate, options.MinConfidence, options.FallbackToBaseline));
    }

    [Fact]
    public void Every_fault_is_listed_at_once_with_name_value_and_range()
    {
        RouterOptions options = Given.Options(o =>
        {
            o.Arms.Add(new Arm { Id = "fast", PriorQuality = 2 });
            o.Dimensions = ["a", "a", ""];
            o.MaxValuesPerDimension = 0;
            o.MaxSegments = 0;
            o.Incarnation = 0;
            o.Strategy = (Strategy)9;
            o.MinSamples = -1;
            o.SuccessWeight = double.NaN;
            o.CostWeight = 1e-300;
            o.ReferenceCostUsd = 0;
            o.LatencyUsdPerSecond = double.PositiveInfinity;
            o.ExplorationRate = 1.5;
            o.MinConfidence = -0.1;
            o.QualityFloor = 2;
            o.QualityFloorConfidence = 1;
            o.TypicalInputTokens = -1;
            o.TypicalOutputTokens = -2;
            o.PriorLatencySeconds = double.NaN;
            o.AvailabilityHalfLifeSeconds = 0;
            o.LedgerCapacity = 100;
            o.ExplorationFloor = -0.1;
            o.SwitchCostUsd = double.NaN;
            o.SessionCapacity = 17;
            o.SafetyGate = new SafetyGate { BaselineArmId = "nobody", Fraction = 0, Delta = 1, Scope = "colour" };
            o.FeatureCount = -1;
            o.TokenKey = new byte[15];
            o.BaselineRules = [new BaselineRule("colour=red")];
        });
        IReadOnlyList<string> faults = options.Validate();
        Assert.Equal(32, faults.Count);
        Assert.Contains(faults, f => f.Contains("MinSamples is -1; the allowed range is [0, 1e9] outcomes", StringComparison.Ordinal));
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new BanditRouter(options));
        Assert.All(faults, fault => Assert.Contains(fault, refusal.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_key_of_tokens_has_16_to_64_bytes(int bytes, bool isValid)
    {
        IReadOnlyList<string> faults = Given.Options(o => o.TokenKey = new byte[bytes]).Validate();
        if (isValid) Assert.Empty(faults);
        else Assert.Equal($"TokenKey has {bytes} bytes; the allowed range is 16 to 64 bytes.", Assert.Single(faults));
    }

    [Fact]
    public void More_features_than_an_array_holds_are_refused()
    {
        Assert.Empty(Given.Options(o => (o.FeatureCount, o.LedgerCapacity) = (4096, 1 << 18)).Validate());
        Assert.Contains("4097", Assert.Single(Given.Options(o => o.FeatureCount = 4097).Validate()), StringComparison.Ordinal);
        Assert.Contains(
            "LedgerCapacity x FeatureCount is 2147483648", Assert.Single(Given.Options(o => (o.FeatureCount, o.LedgerCapacity) = (4096, 1 << 19)).Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void Valid_weights_never_make_an_infinite_value()
    {
        BanditRouter router = Given.Router(o => (o.SuccessWeight, o.CostWeight, o.ReferenceCostUsd) = (1e6, 1e-6, 1e6));
        Assert.True(router.TryDecide(default, out _));
        Assert.True(Given.Router(o => (o.SuccessWeight, o.CostWeight) = (0, 1e6)).TryDecide(default, out _));
    }

    [Fact]
    public void More_arms_than_an_index_can_name_are_refused()
    {
        var options = new RouterOptions();
        for (int i = 0; i < 65_536; i++) options.Arms.Add(new Arm { Id = $"{i}" });
        Assert.Single(options.Validate(), fault => fault.Contains("65535 arms", StringComparison.Ordinal));
    }
}
