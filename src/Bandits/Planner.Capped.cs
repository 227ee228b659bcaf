using Bandits.Budgets;
using Bandits.Concurrency;

namespace Bandits;

/// <content>Who may be chosen under spend caps.</content>
internal static partial class Planner
{
    /// <summary>Leaves out the arms that a cap has no room for; where that leaves none, the last resort comes in if nothing else speaks against it. Returns why arms were left out.</summary>
    private static Ineligibility ApplyCaps(RouterSettings settings, in Request request, DecisionScratch scratch, ref int eligible, ref DecisionTraits traits)
    {
        scratch.IsOverCap = false;
        if (settings.Caps is not { } caps || eligible == 0) return Ineligibility.None;
        ReadOnlySpan<long> room = scratch.Room;
        int kept = 0;
        for (int i = 0; i < eligible; i++)
        {
            int arm = scratch.Arms[i];
            long reserved = scratch.Reserved[arm] = CapSet.Reservation(request, settings.Catalog.Arms[arm], scratch.Estimates[arm].CostUsd);
            if (caps.HasRoom(arm, reserved, room)) scratch.Arms[kept++] = arm;
            else scratch.Why[arm] |= Ineligibility.OverCap;
        }

        scratch.IsOverCap = kept < eligible;
        if (kept == 0 && caps.LastResort >= 0 && scratch.Why[caps.LastResort] == Ineligibility.OverCap)
        {
            scratch.Why[caps.LastResort] = Ineligibility.None;
            scratch.Arms[kept++] = caps.LastResort;
            traits |= DecisionTraits.LastResort;
        }

        eligible = kept;
        return scratch.IsOverCap ? Ineligibility.OverCap : Ineligibility.None;
    }
}
