namespace Bandits.Journaling;

/// <summary>What a decision has booked under spend caps; <c>default</c> is nothing.</summary>
/// <param name="reservedNanoUsd">What it reserved.</param>
/// <param name="caps">Keys of the caps.</param>
internal readonly ref struct Booking(long reservedNanoUsd, ReadOnlySpan<ulong> caps)
{
    public long ReservedNanoUsd { get; } = reservedNanoUsd;

    public ReadOnlySpan<ulong> Caps { get; } = caps;

    /// <summary>Whether no cap holds for the decision's arm.</summary>
    public bool IsNone => Caps.IsEmpty;
}
