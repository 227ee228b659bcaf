namespace Bandits;

/// <summary>What was spent under caps, as plain values: what a snapshot stores.</summary>
public sealed class CapState
{
    /// <summary>Keys of caps; their places here are the bits of bookings.</summary>
    public long[] Keys { get; init; } = [];

    /// <summary>Five words for each account: key of the cap, tenant, beginning of the window in UTC ticks, spent, and of this reserved, nano-USD.</summary>
    public long[] Accounts { get; init; } = [];

    /// <summary>Seven words for each booking: incarnation and sequence of the decision, tenant, time in UTC ticks, reserved nano-USD, nano-USD charged in its place or -1, and the caps as bits.</summary>
    public long[] Bookings { get; init; } = [];
}
