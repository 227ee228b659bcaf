using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Reliability.Walks;

/// <summary>A decision as the naive model knows it: for each part every contribution that was tried, by rank, and what of it must have survived.</summary>
internal sealed class Made(Decision decision, string segment, bool isAfterFailure)
{
    private static readonly OutcomeParts[] Parts = [OutcomeParts.Judgement, OutcomeParts.Cost, OutcomeParts.Latency];
    private readonly Dictionary<(OutcomeParts Part, int Rank), List<Contribution>> _tried = [];
    private readonly Dictionary<OutcomeParts, int> _acknowledged = [];
    private readonly Dictionary<OutcomeParts, int> _sure = [];

    public Decision Decision { get; } = decision;

    public string Segment { get; } = segment;

    public bool IsAfterFailure { get; } = isAfterFailure;

    /// <summary>What its request was made from.</summary>
    public int Number { get; init; }

    public Accounts.Booked Booked { get; init; }

    /// <summary>Its own entry was flushed.</summary>
    public bool IsSure { get; set; }

    /// <summary>The store has counted an outcome of it.</summary>
    public bool IsHeld { get; set; }

    /// <summary>A crash lost it.</summary>
    public bool IsLost { get; set; }

    public IEnumerable<OutcomeParts> PartsIn(Contribution contribution) => Parts.Where(part => (contribution.Parts & part) != 0);

    public void Try(OutcomeParts part, int rank, in Contribution contribution)
    {
        if (!_tried.TryGetValue((part, rank), out List<Contribution>? tried)) _tried.Add((part, rank), tried = []);
        tried.Add(contribution.Only(part));
    }

    public void Acknowledge(OutcomeParts part, int rank) => _acknowledged[part] = Math.Max(_acknowledged.GetValueOrDefault(part, -1), rank);

    /// <summary>What was acknowledged is on the device.</summary>
    public void Settle()
    {
        foreach ((OutcomeParts part, int rank) in _acknowledged) _sure[part] = Math.Max(_sure.GetValueOrDefault(part, -1), rank);
        if (_sure.Count > 0) IsSure = true; // an outcome brings its decision along
    }

    /// <summary>What was acknowledged and not settled may be gone.</summary>
    public void AfterCrash()
    {
        _acknowledged.Clear();
        foreach ((OutcomeParts part, int rank) in _sure) _acknowledged[part] = rank;
    }

    /// <summary>The slot may hold nothing that was not tried, and must hold all that is sure.</summary>
    public Contribution Verify(in DecisionLedger.Slot slot)
    {
        Contribution counted = slot.Counted();
        foreach (OutcomeParts part in Parts)
        {
            int rank = part switch
            {
                OutcomeParts.Judgement => slot.JudgementRank,
                OutcomeParts.Cost => slot.CostRank,
                _ => slot.LatencyRank,
            };
            bool isCounted = (counted.Parts & part) != 0;
            if (_acknowledged.TryGetValue(part, out int acknowledged) && (!isCounted || rank < acknowledged))
                throw new BrokenPromiseException($"Decision {Decision.Id}: {part} was acknowledged at rank {acknowledged}, and is {(isCounted ? $"at rank {rank}" : "gone")}.");
            if (!isCounted) continue;
            Contribution only = counted.Only(part);
            if (!_tried.TryGetValue((part, rank), out List<Contribution>? tried) || !tried.Exists(t => IsSame(t, only)))
                throw new BrokenPromiseException($"Decision {Decision.Id}: {part} at rank {rank} was never reported so.");
        }

        return counted;
    }

    /// <summary>It is not there: nothing of it may be due.</summary>
    public void MustOwe()
    {
        foreach ((OutcomeParts part, int rank) in _acknowledged) throw new BrokenPromiseException($"Decision {Decision.Id}: {part} was acknowledged at rank {rank}, and the decision is gone.");
    }

    /// <summary>After everything came again: of each part the highest rank counts.</summary>
    public void MustBeComplete(BanditRouter router)
    {
        foreach (OutcomeParts part in Parts)
        {
            int highest = -1;
            foreach ((OutcomeParts tried, int rank) in _tried.Keys)
                if (tried == part) highest = Math.Max(highest, rank);
            if (highest > 0 && _acknowledged.GetValueOrDefault(part, -1) < highest) throw new BrokenPromiseException($"Decision {Decision.Id}: {part} at rank {highest} came again and was not taken in.");
        }
    }

    private static bool IsSame(in Contribution a, in Contribution b) =>
        a.Parts == b.Parts && ((a.Parts & OutcomeParts.Judgement) == 0 || (a.Kind == b.Kind && a.Quality == b.Quality))
        && ((a.Parts & OutcomeParts.Cost) == 0 || (a.HasCost == b.HasCost && (!a.HasCost || a.CostNanoUsd == b.CostNanoUsd) && a.HasTokens == b.HasTokens && (!a.HasTokens || (a.InputTokens == b.InputTokens && a.OutputTokens == b.OutputTokens))))
        && ((a.Parts & OutcomeParts.Latency) == 0 || (a.HasLatency == b.HasLatency && (!a.HasLatency || a.LatencyMicroseconds == b.LatencyMicroseconds) && a.IsCensored == b.IsCensored && a.HasFirstToken == b.HasFirstToken && (!a.HasFirstToken || a.FirstTokenMicroseconds == b.FirstTokenMicroseconds)));
}
