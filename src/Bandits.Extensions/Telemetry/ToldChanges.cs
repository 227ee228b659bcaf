namespace Bandits.Extensions;

/// <summary>The changes of whole arms that a router came upon (<see cref="BanditRouter.Changes"/>): each is told in the log once, and counted.</summary>
/// <remarks>The router keeps the latest 256; of more than these between two looks, a tenth of a second apart while a host ticks, the oldest are missed.</remarks>
internal sealed class ToldChanges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Arm, OutcomeComponents Component, bool IsHigher, bool IsAnnounced), long> _counts = [];
    private IReadOnlyList<ArmChange> _told = [];

    /// <summary>Tells what is new.</summary>
    public void Look(RouterHost host)
    {
        if (host.Router.Changes == Volatile.Read(ref _told)) return;
        lock (_gate)
        {
            IReadOnlyList<ArmChange> now = host.Router.Changes;
            if (now == _told) return; // another thread has told them
            for (int i = Known(_told, now); i < now.Count; i++)
            {
                ArmChange change = now[i];
                (string, OutcomeComponents, bool, bool) kind = (change.ArmId, change.Component, change.IsHigher, change.IsAnnounced);
                _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
                host.Log.ArmChanged(host.Label, KindName.Of(change.Component), change.ArmId, change.IsHigher ? "higher" : "lower", change.IsAnnounced ? "new prices" : $"the outcome of {change.DetectedBy}");
            }

            Volatile.Write(ref _told, now);
        }
    }

    /// <summary>How often each kind of change came.</summary>
    public KeyValuePair<(string Arm, OutcomeComponents Component, bool IsHigher, bool IsAnnounced), long>[] Counts()
    {
        lock (_gate) return [.. _counts];
    }

    /// <summary>How many of the changes at the front of a list were at the end of the one before: it may have lost its oldest since.</summary>
    private static int Known(IReadOnlyList<ArmChange> before, IReadOnlyList<ArmChange> now)
    {
        int lost = 0;
        while (before.Count - lost > now.Count || !before.Skip(lost).SequenceEqual(now.Take(before.Count - lost)) || before.Count - lost == now.Count) lost++;
        return before.Count - lost;
    }
}
