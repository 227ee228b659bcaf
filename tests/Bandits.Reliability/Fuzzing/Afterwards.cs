using Bandits.Storage;

namespace Bandits.Reliability.Fuzzing;

/// <summary>What must work on a router whatever it was made from.</summary>
internal static class Afterwards
{
    public static void Live(BanditRouter router, bool isHoled = false)
    {
        for (int i = 0; i < 6; i++)
        {
            var request = new Request(router.SegmentOf("role-" + i % 2, "area-" + i % 4)) { TimeTicks = 5000 + i, Session = (ulong)(i % 3) };
            if (router.Settings.Caps is not null) request = Bounds.On(request, i);
            if (!router.TryDecide(request, out Decision decision)) continue; // every arm may have been retired by what was read
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.01 });
            router.Record(decision, new Outcome { Kind = OutcomeKind.Failed, Revision = 1 });
        }

        router.Expire(6000, TimeSpan.Zero);
        router.Explain(new Request(router.SegmentOf("role-0", "area-0")));
        Accounts.MustBePossible(router, isHoled);
        RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(router.CaptureState()));
    }
}
