using Bandits.Rae.Formats;
using Bandits.Rae.Import;

namespace Bandits.Rae;

/// <summary>What all instances have observed together, as far as they have exported it: each counts once.</summary>
public sealed record GlobalStatistics
{
    /// <summary>The instances, by name.</summary>
    public required IReadOnlyList<InstanceEvidence> Instances { get; init; }

    /// <summary>The arms, by id: evidence of all instances and segments added up.</summary>
    public required IReadOnlyList<ArmEvidence> Arms { get; init; }

    /// <summary>What could not be used, in words, up to a hundred.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    private const int MostFaults = 100;

    internal static async Task<GlobalStatistics> ReadAsync(RaeClient client, RaeOptions options, CancellationToken cancellationToken)
    {
        var chains = new EvidenceChains([], options);
        var faults = new List<string>();
        Listing listing = await EvidenceListing.ReadAsync(client, options, null, memory =>
        {
            if (!EvidencePartReader.IsEvidence(memory.Metadata)) return;
            EvidencePart? part = EvidencePartReader.Read(memory.Metadata, out string? fault);
            fault = part is null ? fault : chains.Add(part);
            if (fault is not null && faults.Count < MostFaults) faults.Add($"Memory {memory.Id}: {fault}");
        }, cancellationToken).ConfigureAwait(false);
        if (!listing.IsComplete) faults.Add($"Only the newest {listing.Memories} memories were read; raise {nameof(RaeOptions.MaxMemories)}.");
        var instances = new List<InstanceEvidence>();
        var arms = new SortedDictionary<string, (int Instances, Evidence Evidence)>(StringComparer.Ordinal);
        foreach (EvidenceState state in chains.Heads())
        {
            if (!EvidenceSum.TryAdd(state.Cells, out Evidence total) || !TryAdd(state, arms))
            {
                faults.Add(EvidenceSum.FaultOf(state.Store));
                continue;
            }

            instances.Add(new InstanceEvidence(state.Store, state.Sequence, state.Cells.Count, total));
        }

        return new GlobalStatistics { Instances = instances, Arms = [.. arms.Select(arm => new ArmEvidence(arm.Key, arm.Value.Instances, arm.Value.Evidence))], Faults = [.. faults, .. chains.Faults] };
    }

    /// <summary>Adds an instance to the arms; false when the sum of an arm over all instances would not fit, and then nothing changes.</summary>
    private static bool TryAdd(EvidenceState state, SortedDictionary<string, (int Instances, Evidence Evidence)> arms)
    {
        var sums = new Dictionary<string, (int Instances, Evidence Evidence)>(StringComparer.Ordinal);
        foreach (IGrouping<string, JoinedEvidence> cells in state.Cells.GroupBy(cell => cell.ArmId, StringComparer.Ordinal))
        {
            arms.TryGetValue(cells.Key, out (int Instances, Evidence Evidence) arm);
            foreach (JoinedEvidence cell in cells)
                if (!EvidenceSum.TryAdd(ref arm.Evidence, cell.Evidence)) return false;
            sums[cells.Key] = (arm.Instances + 1, arm.Evidence);
        }

        foreach ((string arm, (int Instances, Evidence Evidence) sum) in sums) arms[arm] = sum;
        return true;
    }
}

/// <summary>One instance.</summary>
/// <param name="Name">Name of its store.</param>
/// <param name="Sequence">Version of its evidence.</param>
/// <param name="Cells">Its cells.</param>
/// <param name="Evidence">All of them added up.</param>
public readonly record struct InstanceEvidence(string Name, long Sequence, int Cells, Evidence Evidence);

/// <summary>One arm over all instances.</summary>
/// <param name="ArmId">Its id.</param>
/// <param name="Instances">Instances that have observed it.</param>
/// <param name="Evidence">What they have observed.</param>
public readonly record struct ArmEvidence(string ArmId, int Instances, Evidence Evidence);
