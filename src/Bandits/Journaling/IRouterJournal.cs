using Bandits.Statistics;

namespace Bandits.Journaling;

/// <summary>Where a router writes down what it decides and learns. Encoding and appending are two steps, so that the gate of a segment is held only for the second, unless the order of things decides what is encoded.</summary>
/// <remarks>
/// <para>A thread encodes an entry into memory of its own, takes room for it and appends it; appending never waits. Room for an outcome is taken before any
/// gate, where one may wait. Positions only grow.</para>
/// <para>A snapshot holds every entry below the position noted when it began, and each segment the position up to which it has taken entries in; so replaying
/// from that position, each segment from its own, loses nothing and counts nothing twice, while nobody had to stop.</para>
/// </remarks>
internal interface IRouterJournal
{
    /// <summary>Position after the last entry appended.</summary>
    long Tail { get; }

    /// <summary>Position at which the file being written begins. What an entry refers to is written again when it stands before.</summary>
    long FileStart { get; }

    /// <summary>Whether an entry would find room now.</summary>
    bool HasRoom { get; }

    /// <summary>Takes room without waiting; where there is none the entry is dropped and counted.</summary>
    bool TryReserve(int bytes);

    /// <summary>Takes room, waiting for it where the options say so; false when they say to drop, which is counted.</summary>
    bool Reserve(int bytes);

    /// <summary>Gives back room that was not used.</summary>
    void Release(int bytes);

    /// <summary>Counts an entry that cannot be written because what it refers to is not.</summary>
    void Drop();

    /// <summary>Appends what this thread encoded last, for which room was taken; returns the position after it. Never waits.</summary>
    long Append();

    /// <summary>Returns when everything before a position is as durable as was promised.</summary>
    void Confirm(long position);

    /// <summary>Most bytes that an outcome can take, whatever was known of its decision before.</summary>
    int RoomOf(in Outcome outcome);

    /// <summary>Encodes an outcome: what of it counts, what was known before, and which parts of that are taken back. Returns the bytes it takes, as all of these do.</summary>
    int EncodeOutcome(
        in Decision decision, in Outcome outcome, in Contribution counted, in Contribution known, OutcomeParts corrected, ushort rank, float predictedQuality, bool isConditional, long latest);

    /// <summary>Encodes a decision drawn with <paramref name="unit"/> from the plan at a position, with what it booked under spend caps.</summary>
    int EncodeDecision(in Decision decision, in Request request, double unit, long plan, long latest, Booking booking);

    /// <summary>Encodes the probabilities and estimates that decisions are drawn from.</summary>
    int EncodePlan(in PlanEntry plan);

    /// <summary>Encodes the names behind a segment's key.</summary>
    int EncodeSegment(ulong key, ReadOnlySpan<string> values);

    /// <summary>Encodes an arm with its place and status.</summary>
    int EncodeArm(int index, Arm arm, ArmStatus status);

    /// <summary>Encodes the settings in force.</summary>
    int EncodeSettings(RouterSettings settings, ReadOnlySpan<string> dimensions);

    /// <summary>Encodes that a router began: ids of this incarnation come after this sequence; it is the state's so many-th opening.</summary>
    int EncodeOpening(ulong incarnation, long after, long number);

    /// <summary>Encodes that the epoch of a cell was closed by hand.</summary>
    int EncodeRestart(ulong key, int arm, long until);

    /// <summary>Encodes that an arm was found changed in all segments.</summary>
    int EncodeChange(in ChangeEntry change);

    /// <summary>Encodes the weight of an origin.</summary>
    int EncodeWeight(string origin, double weight);

    /// <summary>Encodes cells of a joined contribution, as many of <paramref name="cells"/> as one entry holds; returns the bytes and says how many.</summary>
    int EncodeJoined(string origin, long sequence, double weight, ReadOnlySpan<JoinedEvidence> cells, int part, out int taken);
}
