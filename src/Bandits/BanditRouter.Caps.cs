using System.Runtime.CompilerServices;
using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Journaling;

namespace Bandits;

/// <content>What may be spent in an hour or a day.</content>
public sealed partial class BanditRouter
{
    /// <summary>Null until there are caps, or a state or journal that knows of some; then for good.</summary>
    private SpendLedger? _spent;

    /// <summary>Where the caps in force (<see cref="RouterOptions.SpendCaps"/>) stand: what was spent in each window, and by how much they were passed. Allocates.</summary>
    public CapReport ReadCaps() => new(Volatile.Read(ref _settings).Caps is { } caps ? _spent!.Report(caps) : []);

    /// <summary>Plans and draws under spend caps: what the plan found room for is looked at again in the stay inside the gate in which the arm is drawn and its reservation booked.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Ineligibility PlanAndDraw(
        RouterSettings settings, CapSet caps, Plan kept, in Request request, long now, ulong key, DecisionId id, double unit, out PlannedArm drawn, out DecisionTraits traits, out long entry)
    {
        DecisionScratch scratch = ScratchFor(settings);
        if (request.Session != 0) _ = Sessions(settings); // made outside the gate: there may be no memory for them
        _availability.Settle(now);
        Planner.Result plan = PlanNoted(settings, kept.Node, request, now, scratch);
        while (true)
        {
            if (kept.Node.IsConditional) plan.Traits |= DecisionTraits.AfterFailure;
            (drawn, traits) = (default, plan.Traits);
            if (scratch.Count == 0)
            {
                entry = WriteDown(settings, kept.Node, plan, scratch, traits);
                return plan.WhyNone;
            }

            PlannedArm chosen = plan.HasPmf ? default : ChooseWithoutPmf(settings, scratch, plan, key, id, unit);
            if (!TryEnter(caps, plan, request, now, scratch, out ulong tenant))
            {
                plan = PlanNow(settings, kept.Node, request, now, scratch); // others were faster
                continue;
            }

            try
            {
                drawn = Compose(settings, scratch, plan, chosen, request, kept.Key, id, unit, out traits);
                Book(caps, id, drawn.Arm, tenant, now, scratch);
            }
            finally
            {
                _spent!.Leave();
            }

            entry = WriteDown(settings, kept.Node, plan, scratch, traits);
            return Ineligibility.None;
        }
    }

    /// <summary>Reads what the caps have left before a plan is made; all they allow for a request without a time, which only explaining takes.</summary>
    private void ReadRoom(RouterSettings settings, in Request request, long now, DecisionScratch scratch)
    {
        if (settings.Caps is not { } caps) return;
        Span<long> room = scratch.RoomOf(caps.Count);
        if (now == 0)
        {
            caps.NanoUsd.CopyTo(room);
            return;
        }

        _spent!.Enter();
        _spent.ReadRoom(caps, request.Tenant, now, room);
        _spent.Leave();
    }

    /// <summary>Enters the ledger's gate if there is still room for every arm of a plan, whichever is drawn; the caller must leave it. A last resort needs no room.</summary>
    private bool TryEnter(CapSet caps, in Planner.Result plan, in Request request, long now, DecisionScratch scratch, out ulong tenant)
    {
        _spent!.Enter();
        tenant = _spent.ReadRoom(caps, request.Tenant, now, scratch.Room);
        if (HasRoom(caps, plan, scratch)) return true;
        _spent.Leave();
        return false;
    }

    private static bool HasRoom(CapSet caps, in Planner.Result plan, DecisionScratch scratch)
    {
        if ((plan.Traits & DecisionTraits.LastResort) != 0) return true;
        foreach (ref readonly PlannedArm arm in scratch.Plan)
            if (!caps.HasRoom(arm.Arm, scratch.Reserved[arm.Arm], scratch.Room)) return false;
        return true;
    }

    /// <summary>Inside the ledger's gate: how many arms of a plan may be chosen together, whichever these are; at least one.</summary>
    private static int MostTogether(CapSet caps, in Planner.Result plan, DecisionScratch scratch, int size)
    {
        if ((plan.Traits & DecisionTraits.LastResort) != 0) return 1;
        for (int cap = 0; cap < caps.Count; cap++)
        {
            long most = 0;
            int held = 0;
            foreach (ref readonly PlannedArm arm in scratch.Plan)
            {
                if (!caps.Holds(cap, arm.Arm) || scratch.Reserved[arm.Arm] == 0) continue;
                most = Math.Max(most, scratch.Reserved[arm.Arm]);
                held++;
            }

            if (held > 0 && scratch.Room[cap] / most is var fit && fit < held) size = (int)Math.Min(size, Math.Max(1, fit));
        }

        return size;
    }

    private void Book(CapSet caps, DecisionId id, int arm, ulong tenant, long now, DecisionScratch scratch)
    {
        Span<ulong> keys = stackalloc ulong[CapSet.Most];
        _spent!.Book(id, keys[..caps.KeysOf(arm, keys)], tenant, now, scratch.Reserved[arm]);
    }

    /// <summary>Encodes a decision with what it has booked.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EncodeBooked(SpendLedger spent, IRouterJournal journal, in Decision decision, in Request request, double unit, long plan, long latest)
    {
        Span<ulong> keys = stackalloc ulong[CapSet.Most];
        bool isBooked = spent.TryGetBooking(decision.Id, keys, out int count, out long reserved);
        bool isOverCap = Volatile.Read(ref _settings).Caps is not null && DecisionScratch.For(ArmCount, 1).IsOverCap; // under caps no plan is kept: this thread has just made it
        return journal.EncodeDecision(decision, request, unit, plan, latest, isBooked ? new Booking(reserved, keys[..count], isOverCap) : new Booking(0, [], isOverCap));
    }

    /// <summary>Caps count by the time of requests.</summary>
    private void CheckTime(in Request request)
    {
        if (NowOf(request) == 0) Refuse(nameof(Request.TimeTicks), 0, "[1, 3155378975999999999] UTC ticks while the router has spend caps and no clock (BanditRouter.SetClock)");
    }

    /// <summary>Inside the lock of changes, or before anybody decides.</summary>
    private SpendLedger MakeSpent() => _spent ??= new SpendLedger(_ledger.Capacity);

    private void RestoreCaps(RouterState state, List<string> faults)
    {
        if (state.Caps is not { } saved) return; // kept also where the options name no caps: they may come back
        int dropped = MakeSpent().Restore(saved);
        if (dropped > 0) faults.Add($"{dropped} account(s) or booking(s) of spend caps cannot be right and were dropped; what they say was spent is not counted.");
    }
}
