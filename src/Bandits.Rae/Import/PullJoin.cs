using Bandits.Rae.Formats;
using Bandits.Storage;

namespace Bandits.Rae.Import;

/// <summary>Joins states of other stores into a router: what it does not know is left out and reported, what it has is not joined again.</summary>
internal sealed class PullJoin(BanditRouter router, double weight)
{
    private readonly SortedDictionary<string, ArmLeftOut> _leftOut = new(StringComparer.Ordinal);

    public PullReport Join(IEnumerable<EvidenceState> states)
    {
        var joined = new List<JoinedOrigin>();
        var faults = new List<string>();
        Dictionary<string, OriginState> held = router.Origins.ToDictionary(origin => origin.Name, StringComparer.Ordinal);
        foreach (EvidenceState state in states)
        {
            if (!state.Dimensions.SequenceEqual(router.Dimensions))
            {
                faults.Add($"Store {state.Store} has the dimensions {Shown(state.Dimensions)}; this one has {Shown(router.Dimensions)}. It is left out.");
                continue;
            }

            if (held.TryGetValue(state.Store, out OriginState origin) && origin.Sequence >= state.Sequence)
            {
                joined.Add(new JoinedOrigin(state.Store, state.Sequence, Weigh(origin, state), state.Cells.Count, Joined.AlreadyKnown));
                continue;
            }

            if (!EvidenceSum.TryAdd(state.Cells, out _))
            {
                faults.Add(EvidenceSum.FaultOf(state.Store));
                continue;
            }

            List<JoinedEvidence> cells = Known(state.Cells);
            joined.Add(new JoinedOrigin(state.Store, state.Sequence, weight, cells.Count, router.Join(state.Store, state.Sequence, weight, cells)));
        }

        return new PullReport { Joined = joined, LeftOut = [.. _leftOut.Values], Faults = faults };
    }

    /// <summary>Puts the weight in force that is asked for now, and returns it. A version that is newer than any that was pulled came by another way, which has given it its weight.</summary>
    private double Weigh(OriginState origin, EvidenceState state)
    {
        if (origin.Sequence > state.Sequence) return origin.Weight;
        if (origin.Weight != weight) router.SetOriginWeight(origin.Name, weight);
        return weight;
    }

    private List<JoinedEvidence> Known(IEnumerable<JoinedEvidence> cells)
    {
        var known = new List<JoinedEvidence>();
        foreach (JoinedEvidence cell in cells)
        {
            if (router.TryIndexOf(cell.ArmId, out _))
            {
                known.Add(cell);
                continue;
            }

            _leftOut.TryGetValue(cell.ArmId, out ArmLeftOut left);
            _leftOut[cell.ArmId] = new ArmLeftOut(cell.ArmId, left.Cells + 1, left.Outcomes + cell.Evidence.Total);
        }

        return known;
    }

    private static string Shown(IReadOnlyList<string> dimensions)
    {
        string text = string.Join(", ", dimensions);
        return text.Length <= 200 ? text : text[..200] + "...";
    }
}
