using Bandits.Journaling;
using Bandits.Statistics;

namespace Bandits.Tests.Support;

/// <summary>
/// Keeps nothing, and calls back where a thread that records takes room: between reading its settings and taking any gate. What is done there is what
/// another thread could have done meanwhile, at the same place each time.
/// </summary>
internal sealed class InterruptedJournal : IRouterJournal
{
    private const int EntryBytes = 16;
    private int _isInterrupted;

    /// <summary>Called once at the next reservation.</summary>
    public Action? Interruption { get; set; }

    public long Tail { get; private set; }

    public long FileStart => 0;

    public bool HasRoom => true;

    public bool TryReserve(int bytes) => true;

    public bool Reserve(int bytes)
    {
        if (Interruption is not { } interruption || Interlocked.Exchange(ref _isInterrupted, 1) != 0) return true;
        Interruption = null;
        interruption();
        _isInterrupted = 0;
        return true;
    }

    public void Release(int bytes)
    {
    }

    public void Drop()
    {
    }

    public long Append() => Tail += EntryBytes;

    public void Confirm(long position)
    {
    }

    public int RoomOf(in Outcome outcome) => EntryBytes;

    public int EncodeOutcome(
        in Decision decision, in Outcome outcome, in Contribution counted, in Contribution known, OutcomeParts corrected, ushort rank, float predictedQuality, bool isConditional, long latest) => EntryBytes;

    public int EncodeDecision(in Decision decision, in Request request, double unit, long plan, long latest, Booking booking) => EntryBytes;

    public int EncodePlan(in PlanEntry plan) => EntryBytes;

    public int EncodeSegment(ulong key, ReadOnlySpan<string> values) => EntryBytes;

    public int EncodeArm(int index, Arm arm, ArmStatus status) => EntryBytes;

    public int EncodeSettings(RouterSettings settings, ReadOnlySpan<string> dimensions) => EntryBytes;

    public int EncodeOpening(ulong incarnation, long after, long number) => EntryBytes;

    public int EncodeRestart(ulong key, int arm, long until) => EntryBytes;

    public int EncodeChange(in ChangeEntry change) => EntryBytes;

    public int EncodeWeight(string origin, double weight) => EntryBytes;

    public int EncodeJoined(string origin, long sequence, double weight, ReadOnlySpan<JoinedEvidence> cells, int part, out int taken)
    {
        taken = cells.Length;
        return EntryBytes;
    }
}
