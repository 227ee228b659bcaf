using System.Globalization;
using Bandits.Concurrency;
using Bandits.Statistics;
using Bandits.Storage;

namespace Bandits.Reliability.Kills;

/// <summary>A store on which one writer after another is killed, and what each of them said.</summary>
internal sealed class KilledStore(string directory, Durability durability, Strategy strategy, KillCounts counts)
{
    private readonly Dictionary<ulong, Decision> _told = [];

    /// <summary>One life, its end, and the audit.</summary>
    public void LiveAndDie(int threads, Phase phase, int at, TimeSpan after)
    {
        Life life = Life.Lead(directory, durability, strategy, threads, phase, at, after);
        counts.Writers++;
        using RouterStore store = RouterStore.Open(directory, Writer.Options(strategy), Writer.StoreOptions(durability));
        if (store.Recovery.Snapshot == SnapshotUsed.Previous) counts.FromPrevious++;
        if (store.Recovery.Damage.Any(damage => damage.IsTail)) counts.TornTails++;
        if (store.Recovery.LeftOut > 0 || store.Recovery.Damage.Any(damage => !damage.IsTail)) throw new BrokenPromiseException($"Recovery left out {store.Recovery.LeftOut} entries: {string.Join(" ", store.Recovery.Faults)}");

        Dictionary<ulong, bool> acknowledged = Hear(life, store.Router);
        RouterState state = store.Router.CaptureState();
        Dictionary<ulong, DecisionLedger.Slot> slots = Ledgers.SlotsOf(state);
        Ledgers.MustBalance(state, slots, sequence => _told.TryGetValue(sequence, out Decision decision) ? decision : null);
        CheckSpending(store.Router, state, slots);
        foreach ((ulong sequence, bool isSure) in acknowledged)
        {
            counts.Acknowledged++;
            if (slots.TryGetValue(sequence, out DecisionLedger.Slot slot) && slot.Parts == OutcomeParts.All)
            {
                if (slot.CostNanoUsd != (long)sequence) throw new BrokenPromiseException($"Decision {_told[sequence].Id} counts {slot.CostNanoUsd} nano-USD; {sequence} was recorded.");
            }
            else if (isSure)
            {
                throw new BrokenPromiseException($"The outcome of decision {_told[sequence].Id} was acknowledged{(durability == Durability.EachCommit ? "" : ", then a flush returned")}, and is lost.");
            }
            else
            {
                counts.Missing++;
            }
        }

        RecordAgain(store.Router, slots);
    }

    /// <summary>Accounts of caps are the sums of their bookings, and these agree with the ledger; a decision that found no room in the journal has none.</summary>
    private static void CheckSpending(BanditRouter router, RouterState state, Dictionary<ulong, DecisionLedger.Slot> slots)
    {
        Accounts.MustBePossible(router, isHoled: true); // decisions that found no room
        Accounts.MustBeBooked(state, slots, static _ => null);
    }

    /// <summary>Takes in what a life told; returns the sequences acknowledged and whether they must have survived.</summary>
    private Dictionary<ulong, bool> Hear(Life life, BanditRouter router)
    {
        var acknowledged = new Dictionary<ulong, bool>();
        for (int i = 0; i < life.Lines.Count; i++)
        {
            string line = life.Lines[i];
            if (line[0] == Announcements.Told)
            {
                Decision decision = router.ParseToken(line.AsSpan(2));
                _told[decision.Id.Sequence] = decision; // a sequence that a crash lost may have been used again
            }
            else if (line[0] == Announcements.Acknowledged)
            {
                acknowledged.Add(ulong.Parse(line.AsSpan(2), CultureInfo.InvariantCulture), durability == Durability.EachCommit || i < life.Covered);
            }
        }

        return acknowledged;
    }

    /// <summary>Everything ever told comes again: what is there is known, what is missing is added, what was lost is said to be.</summary>
    private void RecordAgain(BanditRouter router, Dictionary<ulong, DecisionLedger.Slot> slots)
    {
        foreach ((ulong sequence, Decision decision) in _told)
        {
            bool isThere = slots.TryGetValue(sequence, out DecisionLedger.Slot slot) && slot.Tag == DecisionLedger.TagOf(decision.Id.Incarnation);
            Recorded expected = !isThere ? Recorded.Lost : slot.Parts == OutcomeParts.All ? Recorded.AlreadyKnown : Recorded.Applied;
            Recorded recorded = router.Record(decision, Writer.OutcomeOf(decision));
            if (recorded != expected && !(expected == Recorded.Lost && recorded == Recorded.BeyondHorizon)) throw new BrokenPromiseException($"Recording {decision.Id} again was {recorded}; it should be {expected}.");
            if (recorded == Recorded.Applied) counts.Added++;
        }

        RouterState state = router.CaptureState();
        CheckSpending(router, state, Ledgers.SlotsOf(state));
        Ledgers.MustBalance(state, Ledgers.SlotsOf(state), sequence => _told.TryGetValue(sequence, out Decision decision) ? decision : null);
    }
}
