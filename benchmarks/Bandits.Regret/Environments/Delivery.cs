using System.Globalization;
using System.Numerics;

namespace Bandits.Regret.Environments;

/// <summary>When outcomes come back.</summary>
internal enum DelayKind
{
    /// <summary>Before the next decision.</summary>
    None,

    /// <summary>After a fixed number of further decisions.</summary>
    Fixed,

    /// <summary>After a geometric number of further decisions, whose mean may depend on the quality.</summary>
    Geometric,
}

/// <summary>How outcomes find their way back: how late, and how many never.</summary>
/// <param name="Kind">The law of the delay.</param>
/// <param name="FailureRounds">Mean delay of an outcome of quality 0, in decisions.</param>
/// <param name="SuccessRounds">Mean delay of an outcome of quality 1; grades lie between.</param>
/// <param name="LostShare">Share of outcomes that never come.</param>
internal sealed record Delivery(DelayKind Kind, double FailureRounds, double SuccessRounds, double LostShare)
{
    /// <summary>Longest geometric delay in means; beyond it lies e^-20 of the law.</summary>
    private const double LongestMeans = 20;

    /// <summary>Slots that the smallest ledger has.</summary>
    private const int LeastCapacity = 16;

    public static Delivery Immediate { get; } = new(DelayKind.None, 0, 0, 0);

    public bool IsImmediate => Kind == DelayKind.None && LostShare == 0;

    /// <summary>Decisions whose outcome may be under way at once, as the capacity of a ledger.</summary>
    public int Capacity(int horizon)
    {
        double longest = Math.Max(FailureRounds, SuccessRounds) * (Kind == DelayKind.Geometric ? LongestMeans : 1) + 2;
        return (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(LeastCapacity, Math.Min(longest, horizon + 2.0)));
    }

    /// <summary>Further decisions before the outcome of this round is known; negative when it never comes.</summary>
    public int Rounds(ulong key, int round, double quality)
    {
        var draws = new Draws(key, round, Draws.DeliveryLane);
        if (draws.NextUnit() < LostShare) return -1;
        double mean = FailureRounds + (SuccessRounds - FailureRounds) * quality;
        if (Kind != DelayKind.Geometric) return (int)mean;
        return mean == 0 ? 0 : (int)Math.Min(LongestMeans * mean, Math.Floor(Math.Log(draws.NextPositive()) / Math.Log(mean / (mean + 1))));
    }

    /// <summary>Reads <c>fixed/N</c>, <c>geometric/MEAN</c> or <c>outcome/FAILURE/SUCCESS</c>.</summary>
    public Delivery WithDelay(string text)
    {
        const string Forms = "fixed/ROUNDS, geometric/MEAN and outcome/FAILURE-MEAN/SUCCESS-MEAN";
        string[] parts = text.Split('/');
        double Rounds(int part)
        {
            if (!double.TryParse(parts[part], NumberStyles.Float, CultureInfo.InvariantCulture, out double rounds))
                throw new UsageException($"delay '{text}': '{parts[part]}' is not a number.");
            return rounds is >= 0 and <= 1e6 ? rounds : throw UsageException.Range($"delay '{text}': the number of rounds", rounds, "[0, 1e6]");
        }

        return (parts[0], parts.Length) switch
        {
            ("fixed", 2) => this with { Kind = DelayKind.Fixed, FailureRounds = Math.Round(Rounds(1)), SuccessRounds = Math.Round(Rounds(1)) },
            ("geometric", 2) => this with { Kind = DelayKind.Geometric, FailureRounds = Rounds(1), SuccessRounds = Rounds(1) },
            ("outcome", 3) => this with { Kind = DelayKind.Geometric, FailureRounds = Rounds(1), SuccessRounds = Rounds(2) },
            _ => throw new UsageException($"delay '{text}' is unknown; there are {Forms}."),
        };
    }
}
