namespace Bandits.Reliability.Soaks;

/// <summary>What becomes of a decision: fixed by its id, so that any thread may report any part of it at any time, and the end is known.</summary>
internal static class Scenario
{
    /// <summary>Reports of a decision in their order: a first one, in four parts of ten a late part, and in half a correction.</summary>
    public static Outcome[] OutcomesOf(in Decision decision)
    {
        ulong number = decision.Id.Sequence * 0x9E3779B97F4A7C15; // spread over all digits
        int draw = (int)(number >> 40) & 0xffff, attempt = decision.Attempt;
        OutcomeKind kind = (draw % 5) switch { 0 => OutcomeKind.Failed, 1 => OutcomeKind.HumanReview, 2 => OutcomeKind.Unavailable, _ => OutcomeKind.Success };
        var first = new Outcome { Kind = kind, CostUsd = draw % 1000 / 1e5, Attempt = attempt };
        var late = new Outcome { Latency = TimeSpan.FromMicroseconds(draw), Attempt = attempt };
        var corrected = new Outcome { Kind = OutcomeKind.Success, Quality = draw % 100 / 100.0, CostUsd = draw % 777 / 1e4, Revision = 1 + draw % 3, Attempt = attempt };
        return (draw % 10) switch
        {
            < 4 => [first, late, corrected],
            < 5 => [first, corrected],
            _ => [first],
        };
    }

    /// <summary>What remains of it when everything was reported.</summary>
    public static Evidence EndOf(in Decision decision)
    {
        Outcome[] outcomes = OutcomesOf(decision);
        var evidence = default(Evidence);
        evidence.Add(outcomes[^1].Revision > 0 ? outcomes[^1] : outcomes[0]);
        if (outcomes.Length == 3) evidence.Add(outcomes[1]);
        return evidence;
    }
}
