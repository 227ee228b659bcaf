namespace RoutingApi;

/// <summary>Three providers that are not there: put your clients here. Each has a price and a strength; one refuses a call now and then.</summary>
public sealed class Providers
{
    private int _calls;

    /// <summary>Asks a provider.</summary>
    public async Task<ProviderAnswer> Ask(string arm, TaskRequest task, CancellationToken cancellation)
    {
        int call = Interlocked.Increment(ref _calls);
        (double costUsd, int strength) = arm switch
        {
            "north:small" => (0.0002, 2),
            "south:medium" => (0.0020, 7),
            _ => (0.0200, 8),
        };
        await Task.Delay(strength / 2, cancellation); // milliseconds
        if (arm == "south:medium" && call % 40 == 0) return new ProviderAnswer("", 0, TimeSpan.FromMilliseconds(50));
        return new ProviderAnswer(task.Difficulty <= strength ? "right" : "wrong", costUsd, null);
    }
}

/// <summary>What a provider answers.</summary>
/// <param name="Text">The answer.</param>
/// <param name="CostUsd">What it cost, USD.</param>
/// <param name="RetryAfter">When it refused: how long it wants to be left alone.</param>
public sealed record ProviderAnswer(string Text, double CostUsd, TimeSpan? RetryAfter);
