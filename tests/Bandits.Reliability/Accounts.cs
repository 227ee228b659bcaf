using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Reliability;

/// <summary>Reads what a captured state says was spent as an auditor does: against the ledger, decision by decision.</summary>
internal static class Accounts
{
    /// <summary>What a decision booked under caps.</summary>
    public readonly record struct Booked(long Reserved, ulong Tenant);

    /// <summary>Decisions charged, and what for, nano-USD.</summary>
    public static (long Decisions, long NanoUsd) ChargedIn(RouterState state) => state.Spending.Length == 0 ? default : ((long)Halves.Whole(state.Spending[0], state.Spending[1]), (long)Halves.Whole(state.Spending[2], state.Spending[3]));

    /// <summary>The account of the budget is what these decisions cost or, where that is not known, were expected to cost; each once.</summary>
    /// <exception cref="BrokenPromiseException">It is not.</exception>
    public static void MustBeCharged(RouterState state, Dictionary<ulong, DecisionLedger.Slot> slots, Func<ulong, Decision?> decisionOf)
    {
        long expected = 0;
        foreach (DecisionLedger.Slot slot in slots.Values)
            expected += SpendController.ChargeOf((decisionOf(slot.Sequence) ?? throw new BrokenPromiseException($"Nobody made sequence {slot.Sequence}.")).PredictedCostUsd, slot.Counted());
        (long decisions, long charged) = ChargedIn(state);
        if ((decisions, charged) != (slots.Count, expected)) throw new BrokenPromiseException($"{decisions} decisions are charged {charged} nano-USD; the ledger holds {slots.Count} at {expected}.");
    }

    /// <summary>
    /// Every account of a cap is the sum of what is booked there; every booking stands in the ledger, says what the request said, and amounts to the cost that is known or else the reservation.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="slots">Its ledger.</param>
    /// <param name="bookedOf">When a decision was asked for, and what its request said; null where nobody knows.</param>
    /// <returns>The sequences that are booked.</returns>
    /// <exception cref="BrokenPromiseException">Something does not agree.</exception>
    public static HashSet<ulong> MustBeBooked(RouterState state, Dictionary<ulong, DecisionLedger.Slot> slots, Func<ulong, (long Time, Booked Booked)?> bookedOf)
    {
        CapState caps = state.Caps ?? new CapState();
        var expected = new Dictionary<AccountKey, (long Spent, long Reserved)>();
        var booked = new HashSet<ulong>();
        foreach (long[] words in caps.Bookings.Chunk(SpendLedger.WordsPerBooking))
        {
            var id = new DecisionId((ulong)words[0], (ulong)words[1]);
            if (!slots.TryGetValue(id.Sequence, out DecisionLedger.Slot slot) || slot.Tag != DecisionLedger.TagOf(id.Incarnation)) throw new BrokenPromiseException($"{id} is booked, and is not in the ledger.");
            (long time, Booked told) = bookedOf(id.Sequence) ?? (words[3], new Booked(words[4], (ulong)words[2]));
            if (((ulong)words[2], words[3], words[4]) != (told.Tenant, time, told.Reserved))
                throw new BrokenPromiseException($"{id} is booked with tenant {words[2]}, time {words[3]}, {words[4]} nano-USD; the request said {told.Tenant}, {time}, {told.Reserved}.");
            Contribution counted = slot.Counted();
            long amount = SpendController.ChargeOf(told.Reserved, counted), charged = SpendController.ChargeOf(-1, counted);
            if (words[5] != charged) throw new BrokenPromiseException($"{id} is settled at {words[5]} nano-USD; the ledger says {charged}.");
            ulong holding = 0;
            foreach (SpendCap cap in Bounds.Caps)
            {
                if (cap.Provider is { } provider && provider != state.Arms[slot.Arm].Provider) continue;
                AccountKey account = CapKey.AccountOf(CapKey.Of(cap), told.Tenant, time);
                (long spent, long reserved) = expected.GetValueOrDefault(account);
                expected[account] = (spent + amount, reserved + (charged < 0 ? told.Reserved : 0));
                holding |= 1UL << Array.IndexOf(caps.Keys, (long)account.Cap);
            }

            if (holding != (ulong)words[6]) throw new BrokenPromiseException($"{id} of arm {slot.Arm} is booked under caps {words[6]:b}; {holding:b} hold for it.");
            booked.Add(id.Sequence);
        }

        foreach (long[] words in caps.Accounts.Chunk(SpendAccounts.WordsPerAccount))
        {
            var account = new AccountKey((ulong)words[0], (ulong)words[1], words[2]);
            expected.Remove(account, out (long Spent, long Reserved) sums);
            if ((words[3], words[4]) != sums) throw new BrokenPromiseException($"{account} says {words[3]} nano-USD, {words[4]} reserved; the bookings sum to {sums}.");
        }

        if (expected.Count > 0) throw new BrokenPromiseException($"{expected.Count} accounts that decisions are booked in are not kept.");
        return booked;
    }

    /// <summary>What is learnt and counted beside evidence is the same bit for bit: what was charged and booked, models, features of open decisions, latencies, restated costs.</summary>
    /// <param name="live">The state before the store was closed.</param>
    /// <param name="replayed">The state that was read again.</param>
    /// <param name="isCalm">Whether no arm was found changed: how far detectors have got is then the same as well.</param>
    /// <param name="use">Where a model corrects, what it corrected is worked out again from what was predicted, and is the same only nearly.</param>
    public static void MustBeSame(RouterState live, RouterState replayed, bool isCalm, FeatureModelUse use)
    {
        MustBeChargedAlike(live, replayed);
        MustBeBookedAlike(live, replayed);
        Same(live.FeatureSlots, replayed.FeatureSlots, "decisions with features");
        if (use == FeatureModelUse.Replace) Same(live.Features, replayed.Features, "features");
        var others = replayed.Segments.ToDictionary(segment => (segment.Key, segment.IsConditional));
        foreach (SegmentState segment in live.Segments)
        {
            others.TryGetValue((segment.Key, segment.IsConditional), out SegmentState? other);
            for (int list = 0; list < segment.Latencies.Length; list++) Same(segment.Latencies[list], other is null || list >= other.Latencies.Length ? [] : other.Latencies[list], $"latencies of segment {segment.Key:x}");
            if (isCalm) Same(segment.CostShifts, other?.CostShifts ?? [], $"restated costs of segment {segment.Key:x}");
        }

        if (!isCalm) return;
        Same(live.ArmWatch, replayed.ArmWatch, "detectors of arms");
        if (use != FeatureModelUse.Replace) return;
        Same([.. live.Models.Select(model => model.Key)], [.. replayed.Models.Select(model => model.Key)], "segments with a model");
        foreach ((ModelState model, ModelState again) in live.Models.Zip(replayed.Models)) Same(model.Numbers, again.Numbers, $"model of segment {model.Key:x}");
    }

    public static void MustBeChargedAlike(RouterState live, RouterState replayed)
    {
        if (ChargedIn(live) != ChargedIn(replayed)) throw new BrokenPromiseException($"{ChargedIn(replayed)} is charged after reading again; it was {ChargedIn(live)}.");
    }

    public static void MustBeBookedAlike(RouterState live, RouterState replayed) =>
        Same(Sorted(live.Caps?.Accounts, SpendAccounts.WordsPerAccount), Sorted(replayed.Caps?.Accounts, SpendAccounts.WordsPerAccount), "accounts of caps");

    /// <summary>Whatever a router was made of: no account is below zero, and all numbers are numbers.</summary>
    /// <param name="router">The router.</param>
    /// <param name="isHoled">Whether a journal may have lost decisions and kept their outcomes: a revision then takes back more than was ever charged, so the budget's account may be below zero.</param>
    public static void MustBePossible(BanditRouter router, bool isHoled)
    {
        SpendReport spending = router.Spending;
        if ((spending.ChargedUsd < 0 && !isHoled) || spending.Decisions < 0 || !double.IsFinite(spending.ChargedUsd + spending.CreditUsd + spending.LowPrice + spending.HighPrice + spending.LowShare) || spending.LowPrice < 0 || spending.LowShare is < 0 or > 1)
            throw new BrokenPromiseException($"Impossible: {spending}.");
        foreach (CapAccount account in router.ReadCaps().Accounts)
            if (!(account.SpentUsd >= 0 && account.ReservedUsd >= 0 && double.IsFinite(account.SpentUsd + account.ReservedUsd))) throw new BrokenPromiseException($"Impossible: {account}.");
        RouterState state = router.CaptureState();
        foreach (ModelState model in state.Models)
            if (!Array.TrueForAll(model.Numbers, double.IsFinite)) throw new BrokenPromiseException($"The model of segment {model.Key:x} holds what is no number.");
        foreach (SegmentState segment in state.Segments)
            if (!Array.TrueForAll(segment.CostShifts, double.IsFinite)) throw new BrokenPromiseException($"The restated costs of segment {segment.Key:x} hold what is no number.");
    }

    /// <summary>Accounts stand in the order in which they were opened, or in that of a hash table.</summary>
    private static long[] Sorted(long[]? words, int length) => [.. (words ?? []).Chunk(length).OrderBy(row => row[0]).ThenBy(row => row[1]).ThenBy(row => row[2]).SelectMany(row => row)];

    private static void Same<T>(T[] live, T[] again, string what)
    {
        if (!live.AsSpan().SequenceEqual(again)) throw new BrokenPromiseException($"After reading again the {what} differ: {string.Join(' ', again)}; they were {string.Join(' ', live)}.");
    }
}
