using System.Runtime.InteropServices;
using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Reliability;

/// <summary>Reads a captured state as an auditor does: what each cell holds against what the ledger says was counted into it.</summary>
internal static class Ledgers
{
    /// <summary>The slots of a state, by sequence.</summary>
    public static Dictionary<ulong, DecisionLedger.Slot> SlotsOf(RouterState state)
    {
        ReadOnlySpan<DecisionLedger.Slot> all = MemoryMarshal.Cast<long, DecisionLedger.Slot>(state.Ledger);
        var slots = new Dictionary<ulong, DecisionLedger.Slot>(all.Length);
        foreach (ref readonly DecisionLedger.Slot slot in all) slots.Add(slot.Sequence, slot);
        return slots;
    }

    /// <summary>Every cell, of open and closed epochs together, is the sum of what the slots of these decisions hold: none was evicted.</summary>
    /// <exception cref="BrokenPromiseException">A cell is not, or a slot holds what nobody decided.</exception>
    public static void MustBalance(RouterState state, Dictionary<ulong, DecisionLedger.Slot> slots, Func<ulong, Decision?> decisionOf)
    {
        var expected = new Dictionary<(ulong Key, bool IsConditional, int Arm), Evidence>();
        foreach (DecisionLedger.Slot slot in slots.Values)
        {
            if (slot.Parts == OutcomeParts.None) continue;
            if (decisionOf(slot.Sequence) is not { } decision) throw new BrokenPromiseException($"Sequence {slot.Sequence} was counted; nobody reported it.");
            if (slot.Tag != DecisionLedger.TagOf(decision.Id.Incarnation) || slot.Arm != decision.Arm) throw new BrokenPromiseException($"The slot of {decision.Id} holds another decision.");
            bool isConditional = (decision.Traits & DecisionTraits.AfterFailure) != 0;
            CollectionsMarshal.GetValueRefOrAddDefault(expected, (decision.Segment.Packed, isConditional, decision.Arm), out _).Apply(slot.Counted(), 1);
        }

        foreach (SegmentState segment in state.Segments)
        {
            long[] closed = segment.Ordered?.Closed ?? [];
            for (int arm = 0; arm < Math.Max(segment.Own.Length, closed.Length) / Evidence.WordCount; arm++)
            {
                Evidence found = CellOf(segment.Own, arm);
                found.Add(CellOf(closed, arm));
                expected.Remove((segment.Key, segment.IsConditional, arm), out Evidence sum);
                if (found != sum) throw new BrokenPromiseException($"Segment {segment.Key:x}{(segment.IsConditional ? " after failures" : "")}, arm {arm}: {Words(found)}; the ledger sums to {Words(sum)}.");
            }
        }

        if (expected.Values.Any(cell => cell != default)) throw new BrokenPromiseException("Counted outcomes have no cell.");
    }

    /// <summary>One cell among the words of many; empty beyond the last.</summary>
    public static Evidence CellOf(long[] words, int arm) => (arm + 1) * Evidence.WordCount <= words.Length ? Evidence.FromWords(words.AsSpan(arm * Evidence.WordCount)) : default;

    /// <summary>The words of a cell, to be read by a person.</summary>
    public static string Words(Evidence evidence)
    {
        Span<long> words = stackalloc long[Evidence.WordCount];
        evidence.CopyTo(words);
        return string.Join(' ', words.ToArray());
    }
}
