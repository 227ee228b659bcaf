using Bandits.Concurrency;

namespace Bandits;

/// <content>Decisions whose outcome never came.</content>
public sealed partial class BanditRouter
{
    /// <summary>Moments that are remembered; when there are more, every second is forgotten.</summary>
    private const int MostMoments = 1024;

    private readonly List<(long Ticks, long Sequence)> _moments = [];
    private readonly Lock _expiring = new();
    private long _expired;

    /// <summary>
    /// Records <see cref="OutcomeKind.Expired"/> for decisions that have waited for their judgement for at least <paramref name="after"/>. It is provisional: a
    /// real outcome that comes later takes its place. Call it now and then.
    /// </summary>
    /// <param name="nowTicks">Now, UTC ticks, above 0.</param>
    /// <param name="after">How long to wait for an outcome, 0 or more.</param>
    /// <returns>How many decisions expired.</returns>
    /// <remarks>
    /// A decision's age counts from the first call after it was made, so calls a tenth of <paramref name="after"/> apart are exact to a tenth; a router that was opened
    /// anew counts from its first call.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of its range.</exception>
    public int Expire(long nowTicks, TimeSpan after)
    {
        if (nowTicks <= 0 || (ulong)nowTicks > Outcome.MaxTimeTicks) Throw.OutOfRange(nameof(nowTicks), nowTicks, "[1, 3155378975999999999] UTC ticks");
        if (after < TimeSpan.Zero) Throw.OutOfRange(nameof(after), after.TotalSeconds, "0 seconds or more");
        lock (_expiring)
        {
            _sequences.EndBlocks(); // what is decided from now on is younger than this moment
            long latest = DecisionCount;
            if (_moments.Count == 0 || latest > _moments[^1].Sequence) _moments.Add((nowTicks, latest));
            long limit = 0;
            int passed = 0;
            while (passed < _moments.Count && _moments[passed].Ticks <= nowTicks - after.Ticks) limit = Math.Max(limit, _moments[passed++].Sequence);
            _moments.RemoveRange(0, passed);
            if (_moments.Count > MostMoments)
                for (int i = _moments.Count - 2; i >= 0; i -= 2) _moments.RemoveAt(i); // the later of two moments: nothing expires too early
            int count = 0;
            for (long sequence = Math.Max(_expired, latest - _ledger.Capacity); sequence < limit;) // the limit may be the last number there is
                if (TryExpire(++sequence, nowTicks)) count++;
            _expired = Math.Max(_expired, limit);
            return count;
        }
    }

    private bool TryExpire(long sequence, long nowTicks)
    {
        if (_ledger.PendingAt(sequence, out int segment, out int arm, out ushort tag) != (ulong)sequence || IncarnationOf(tag) is not (not 0 and var incarnation)) return false;
        Segments.SegmentNode leaf = _segments.Nodes[segment];
        if (!leaf.Plan.IsLeaf) return false; // a slot that was restored damaged
        var decision = new Decision
        {
            Id = new DecisionId(incarnation, (ulong)sequence),
            Segment = new SegmentKey(leaf.Key),
            Arm = arm,
            Traits = leaf.IsConditional ? DecisionTraits.AfterFailure : default,
            Propensity = double.NaN,
        };
        return Record(decision, new Outcome { Kind = OutcomeKind.Expired, TimeTicks = nowTicks }) == Recorded.Applied;
    }

    /// <summary>The incarnation behind a ledger's tag; 0 when it is not known.</summary>
    private ulong IncarnationOf(ushort tag)
    {
        if (tag == _tag) return _incarnation;
        foreach (OpeningState opening in _openings)
            if (DecisionLedger.TagOf(opening.Incarnation) == tag) return opening.Incarnation;
        foreach (ulong adopted in Volatile.Read(ref _adopted))
            if (DecisionLedger.TagOf(adopted) == tag) return adopted;
        return 0;
    }
}
