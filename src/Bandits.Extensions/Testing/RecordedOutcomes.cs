namespace Bandits.Testing;

/// <summary>Remembers every call that records.</summary>
internal sealed class RecordedOutcomes : IRouterProbe
{
    private readonly List<RecordedOutcome> _all = [];

    public IReadOnlyList<RecordedOutcome> All
    {
        get
        {
            lock (_all) return [.. _all];
        }
    }

    public ulong TimedMask => ulong.MaxValue;

    public bool IsTracing => true;

    public long Begin() => 0;

    public void Decided(long began)
    {
    }

    public object? BeginRecord(in Decision decision, in Outcome outcome) => (decision, outcome);

    public void EndRecord(object? began, Recorded result, Exception? exception)
    {
        (Decision decision, Outcome outcome) = ((Decision, Outcome))began!;
        lock (_all) _all.Add(new RecordedOutcome(decision, outcome, exception is null ? result : null));
    }
}
