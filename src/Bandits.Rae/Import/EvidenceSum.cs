namespace Bandits.Rae.Import;

/// <summary>Adds evidence of others up, which may be plausible cell by cell and beyond all numbers together.</summary>
internal static class EvidenceSum
{
    /// <summary>Adds a plausible cell to a plausible sum; false when they do not fit into one cell, and then nothing changes.</summary>
    /// <remarks>Whatever is plausible has no negative number in it, and two such numbers that wrap around make a negative one: a sum that is plausible has not wrapped.</remarks>
    public static bool TryAdd(ref Evidence total, in Evidence cell)
    {
        Evidence sum = total;
        sum.Add(cell);
        if (!sum.IsPlausible) return false;
        total = sum;
        return true;
    }

    /// <summary>Adds up all that one contribution says; false when it does not fit. Where it does, so does every part of it: an arm's, or a segment's.</summary>
    public static bool TryAdd(IEnumerable<JoinedEvidence> cells, out Evidence total)
    {
        total = default;
        foreach (JoinedEvidence cell in cells)
            if (!TryAdd(ref total, cell.Evidence)) return false;
        return true;
    }

    /// <summary>Why a contribution is left out.</summary>
    public static string FaultOf(string store) => $"Store {store} has cells whose counts or sums are too large to add up. It is left out.";
}
