namespace Bandits.Statistics;

/// <summary>The parts of an outcome; each has its own revision.</summary>
[Flags]
internal enum OutcomeParts : byte
{
    None = 0,
    Judgement = 1,
    Cost = 2,
    Latency = 4,
    All = Judgement | Cost | Latency,
}

/// <summary>An outcome checked, quantised and reduced to what it adds to evidence. The normative table of <see cref="Outcome"/> lives here.</summary>
internal struct Contribution
{
    /// <summary>Quality is absent.</summary>
    public const long NoQuality = -1;

    /// <summary>Nothing.</summary>
    public static Contribution Empty => new() { Quality = NoQuality };

    public OutcomeParts Parts;
    public OutcomeKind Kind;

    /// <summary>Quality in 2^-32, or <see cref="NoQuality"/>.</summary>
    public long Quality;

    public long CostNanoUsd;
    public bool HasCost;
    public bool HasTokens;
    public uint InputTokens;
    public uint OutputTokens;
    public long LatencyMicroseconds;
    public bool HasLatency;

    /// <summary>Latency is a lower bound: the attempt was cut off at the limit.</summary>
    public bool IsCensored;

    public uint FirstTokenMicroseconds;
    public bool HasFirstToken;

    /// <summary>Checks every part of <paramref name="outcome"/> and quantises it.</summary>
    /// <exception cref="ArgumentException">No part is given, or parts contradict the kind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite or out of its range.</exception>
    public static Contribution Of(in Outcome outcome, double inputUsdPerMillion, double outputUsdPerMillion)
    {
        Contribution c = default;
        c.Quality = NoQuality;
        if (outcome.Kind is { } kind)
        {
            if ((uint)kind > (uint)OutcomeKind.Expired) Throw.OutOfRange("Kind", (int)kind, "a defined OutcomeKind");
            c.Parts |= OutcomeParts.Judgement;
            c.Kind = kind;
            c.Quality = kind switch
            {
                OutcomeKind.Success => FixedPoint.QualityOne,
                OutcomeKind.Failed => 0,
                _ => NoQuality,
            };
        }

        if (outcome.Quality is { } quality)
        {
            if (!(quality >= 0 && quality <= 1)) Throw.OutOfRange("Quality", quality, "[0, 1]");
            if (outcome.Kind is not (OutcomeKind.Success or OutcomeKind.Failed or OutcomeKind.Partial or OutcomeKind.HumanReview))
                Throw.Argument($"Quality {quality} was given with kind '{outcome.Kind?.ToString() ?? "none"}'; it belongs to success, failed, partial or human-review.");
            c.Quality = FixedPoint.Quality(quality);
        }

        if (outcome.InputTokens is not null || outcome.OutputTokens is not null)
        {
            int input = outcome.InputTokens ?? 0, output = outcome.OutputTokens ?? 0;
            if (input < 0) Throw.OutOfRange("InputTokens", input, "zero or more");
            if (output < 0) Throw.OutOfRange("OutputTokens", output, "zero or more");
            c.Parts |= OutcomeParts.Cost;
            (c.HasTokens, c.InputTokens, c.OutputTokens) = (true, (uint)input, (uint)output);
            double priced = (input * inputUsdPerMillion + output * outputUsdPerMillion) / 1e6;
            if (priced <= Outcome.MaxCostUsd) (c.HasCost, c.CostNanoUsd) = (true, FixedPoint.NanoUsd(priced)); // NaN price: unknown
        }

        if (outcome.CostUsd is { } cost)
        {
            if (!(cost >= 0 && cost <= Outcome.MaxCostUsd)) Throw.OutOfRange("CostUsd", cost, "[0, 1e6] USD");
            c.Parts |= OutcomeParts.Cost;
            (c.HasCost, c.CostNanoUsd) = (true, FixedPoint.NanoUsd(cost));
        }

        if (outcome.Latency is { } latency)
        {
            if (latency < TimeSpan.Zero || latency > Outcome.MaxLatency) Throw.OutOfRange("Latency", latency.TotalSeconds, "[0, 31536000] seconds");
            c.Parts |= OutcomeParts.Latency;
            (c.HasLatency, c.LatencyMicroseconds) = (true, FixedPoint.Microseconds(latency));
            c.IsCensored = outcome.Kind == OutcomeKind.Timeout;
        }

        if (outcome.TimeToFirstToken is { } first)
        {
            if (first < TimeSpan.Zero || first > TimeSpan.FromHours(1)) Throw.OutOfRange("TimeToFirstToken", first.TotalSeconds, "[0, 3600] seconds");
            c.Parts |= OutcomeParts.Latency;
            (c.HasFirstToken, c.FirstTokenMicroseconds) = (true, (uint)FixedPoint.Microseconds(first));
        }

        if (outcome.RetryAfter is { } retry)
        {
            if (outcome.Kind != OutcomeKind.Unavailable) Throw.Argument("RetryAfter belongs to an outcome of kind Unavailable.");
            if (retry < TimeSpan.Zero || retry > TimeSpan.FromDays(30)) Throw.OutOfRange("RetryAfter", retry.TotalSeconds, "[0, 2592000] seconds");
        }

        if (outcome.Kind == OutcomeKind.Expired && c.Parts != OutcomeParts.Judgement)
            Throw.Argument("An outcome of kind Expired carries no cost or latency: none was observed.");
        if ((uint)outcome.Revision > short.MaxValue) Throw.OutOfRange("Revision", outcome.Revision, "[0, 32767]");
        if (outcome.Attempt < 0) Throw.OutOfRange("Attempt", outcome.Attempt, "zero or more");
        if ((ulong)outcome.TimeTicks > Outcome.MaxTimeTicks) Throw.OutOfRange("TimeTicks", outcome.TimeTicks, "[0, 3155378975999999999] UTC ticks");
        if (outcome.Source is not null || outcome.EvaluatorVersion is not null || outcome.ReturnedModel is not null) CheckTexts(outcome);
        if (c.Parts == OutcomeParts.None) Throw.Argument("The outcome is empty: give a kind, a cost, tokens or a latency.");
        return c;
    }

    private static void CheckTexts(in Outcome outcome)
    {
        Check("Source", outcome.Source);
        Check("EvaluatorVersion", outcome.EvaluatorVersion);
        Check("ReturnedModel", outcome.ReturnedModel);

        static void Check(string name, string? text)
        {
            if (text?.Length > Outcome.MaxTextLength) Throw.OutOfRange(name, text.Length, $"0 to {Outcome.MaxTextLength} characters");
        }
    }

    /// <summary>Whether a judgement is still to come: none yet, or a human's.</summary>
    public readonly bool IsPending => (Parts & OutcomeParts.Judgement) == 0 || (Kind == OutcomeKind.HumanReview && Quality < 0);

    /// <summary>This contribution with the parts of another beside or in place of its own.</summary>
    public readonly Contribution With(in Contribution other)
    {
        Contribution all = this;
        all.Parts |= other.Parts;
        if ((other.Parts & OutcomeParts.Judgement) != 0) (all.Kind, all.Quality) = (other.Kind, other.Quality);
        if ((other.Parts & OutcomeParts.Cost) != 0)
        {
            (all.HasCost, all.CostNanoUsd) = (other.HasCost, other.CostNanoUsd);
            (all.HasTokens, all.InputTokens, all.OutputTokens) = (other.HasTokens, other.InputTokens, other.OutputTokens);
        }

        if ((other.Parts & OutcomeParts.Latency) != 0)
        {
            (all.HasLatency, all.LatencyMicroseconds, all.IsCensored) = (other.HasLatency, other.LatencyMicroseconds, other.IsCensored);
            (all.HasFirstToken, all.FirstTokenMicroseconds) = (other.HasFirstToken, other.FirstTokenMicroseconds);
        }

        return all;
    }

    /// <summary>The same contribution reduced to <paramref name="parts"/>.</summary>
    public readonly Contribution Only(OutcomeParts parts)
    {
        Contribution c = this;
        c.Parts &= parts;
        if ((c.Parts & OutcomeParts.Judgement) == 0) c.Quality = NoQuality;
        if ((c.Parts & OutcomeParts.Cost) == 0) (c.HasCost, c.HasTokens) = (false, false);
        if ((c.Parts & OutcomeParts.Latency) == 0) (c.HasLatency, c.IsCensored, c.HasFirstToken) = (false, false, false);
        return c;
    }
}
