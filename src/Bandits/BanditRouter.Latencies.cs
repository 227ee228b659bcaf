using System.Runtime.CompilerServices;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>How long attempts took, where there is a limit to that.</content>
public sealed partial class BanditRouter
{
    /// <summary>Inside the leaf's gate: counts the latency of an outcome in place of the one taken back, unless its epoch is closed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CountLatency(SegmentNode leaf, in Decision decision, in Contribution counted, in Contribution known, OutcomeParts corrected)
    {
        bool isClosed = leaf.Ordered is { } ordered && ordered.IsClosed(decision.Id, decision.Arm);
        if ((counted.Parts & OutcomeParts.Latency) != 0 && !isClosed) leaf.LatenciesOf(decision.Arm).Count(known.Only(corrected), counted, leaf.LendsLatencies);
    }

    private static long[][] CaptureLatencies(SegmentNode leaf)
    {
        int count = leaf.Latencies.Length;
        while (count > 0 && leaf.Latencies[count - 1].Own.IsEmpty && leaf.Latencies[count - 1].Waiting.IsEmpty) count--;
        var latencies = new long[2 * count][];
        for (int arm = 0; arm < count; arm++) (latencies[2 * arm], latencies[2 * arm + 1]) = (leaf.Latencies[arm].Own.ToWords(), leaf.Latencies[arm].Waiting.ToWords());
        return latencies;
    }

    private void RestoreLatencies(SegmentNode leaf, long[][] saved, List<string> faults)
    {
        for (int arm = 0; arm < Math.Min(ArmCount, saved.Length / 2); arm++)
        {
            if (saved[2 * arm].Length == 0 && saved[2 * arm + 1].Length == 0) continue;
            var cell = default(LatencyCell);
            if (!LatencyHistogram.TryFrom(saved[2 * arm], mayBeNegative: false, out cell.Own) || !LatencyHistogram.TryFrom(saved[2 * arm + 1], mayBeNegative: true, out cell.Waiting))
            {
                faults.Add($"Latencies of segment {leaf.Key:x}, arm '{ArmAt(arm).Id}' are impossible and were dropped; they are counted anew.");
                continue;
            }

            leaf.LatenciesOf(arm) = cell;
            if (!leaf.LendsLatencies) continue;
            ref LatencyHistogram all = ref _root.LatenciesOf(arm).Own;
            all.Add(cell.Own);
            all.Add(cell.Waiting, -1);
        }
    }
}
