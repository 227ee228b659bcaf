using Bandits.Journaling;
using Bandits.Statistics;

namespace Bandits.Storage.Journal;

/// <summary>Between a router and the writer of its journal: encodes entries in memory of the calling thread and appends them to the ring.</summary>
internal sealed class RouterJournal(JournalWriter writer) : IRouterJournal
{
    private const int StartBytes = 4096;

    [ThreadStatic]
    private static byte[]? t_buffer;

    [ThreadStatic]
    private static int t_count;

    public long Tail => writer.Tail;

    public long FileStart => writer.FileStart;

    public bool HasRoom => writer.HasRoom;

    public bool TryReserve(int bytes) => writer.TryReserve(bytes);

    public bool Reserve(int bytes) => writer.Reserve(bytes);

    public void Release(int bytes)
    {
        if (bytes > 0) writer.Release(bytes);
    }

    public void Drop() => writer.Drop();

    public long Append() => writer.Append(t_buffer.AsSpan(0, t_count));

    public void Confirm(long position) => writer.Confirm(position);

    public int RoomOf(in Outcome outcome)
    {
        int room = EntryEncoder.RoomOf(outcome);
        _ = Buffer(room); // made here, outside of every gate
        return Frame.SizeOf(room);
    }

    public int EncodeOutcome(
        in Decision decision, in Outcome outcome, in Contribution counted, in Contribution known, OutcomeParts corrected, ushort rank, float predictedQuality, bool isConditional, long latest)
    {
        Span<byte> buffer = Buffer(EntryEncoder.RoomOf(outcome));
        return Encoded(EntryEncoder.WriteOutcome(buffer, decision, outcome, counted, known, corrected, rank, predictedQuality, isConditional, latest, writer.NowTicks));
    }

    public int EncodeDecision(in Decision decision, in Request request, double unit, long plan, long latest, Booking booking) =>
        Encoded(EntryEncoder.WriteDecision(Buffer(EntryEncoder.RoomOf(request, booking)), decision, request, unit, plan, latest, booking, writer.NowTicks));

    public int EncodePlan(in PlanEntry plan)
    {
        int room = EntryEncoder.RoomOf(plan);
        return Encoded(EntryEncoder.WritePlan(Buffer(room)[..room], plan));
    }

    public int EncodeSegment(ulong key, ReadOnlySpan<string> values) => Encoded(EntryEncoder.WriteSegment(Buffer(EntryEncoder.RoomOfSegment(values)), key, values));

    public int EncodeArm(int index, Arm arm, ArmStatus status) => Encoded(EntryEncoder.WriteArm(Buffer(EntryEncoder.RoomOf(arm)), index, arm, status));

    public int EncodeSettings(RouterSettings settings, ReadOnlySpan<string> dimensions) =>
        Encoded(EntryEncoder.WriteSettings(Buffer(EntryEncoder.RoomOf(settings, dimensions)), settings, dimensions));

    public int EncodeOpening(ulong incarnation, long after, long number) => Encoded(EntryEncoder.WriteOpening(Buffer(StartBytes), incarnation, after, number, writer.NowTicks));

    public int EncodeRestart(ulong key, int arm, long until) => Encoded(EntryEncoder.WriteRestart(Buffer(StartBytes), key, arm, until));

    public int EncodeChange(in ChangeEntry change) => Encoded(EntryEncoder.WriteChange(Buffer(StartBytes), change));

    public int EncodeWeight(string origin, double weight) => Encoded(EntryEncoder.WriteWeight(Buffer(StartBytes), origin, weight));

    public int EncodeJoined(string origin, long sequence, double weight, ReadOnlySpan<JoinedEvidence> cells, int part, out int taken)
    {
        int most = Math.Min(Frame.MostPayload, writer.Capacity) / 4;
        int room = 64 + EntryWriter.RoomOf(origin);
        for (taken = 0; taken < cells.Length; taken++)
        {
            int cell = EntryEncoder.RoomOf(cells[taken]);
            if (taken > 0 && room + cell > most) break;
            room += cell;
        }

        return Encoded(EntryEncoder.WriteJoined(Buffer(room), origin, sequence, weight, cells[..taken], part, cells.Length - taken));
    }

    private static Span<byte> Buffer(int bytes)
    {
        byte[]? buffer = t_buffer;
        if (buffer is null || buffer.Length < bytes) t_buffer = buffer = new byte[Math.Max(StartBytes, bytes)];
        return buffer;
    }

    private static int Encoded(int count)
    {
        t_count = count;
        return Frame.SizeOf(count);
    }
}
