namespace Bandits.Journaling;

/// <summary>What a decision has booked under spend caps; <c>default</c> is nothing.</summary>
/// <param name="reservedNanoUsd">What it reserved.</param>
/// <param name="caps">Keys of the caps.</param>
/// <param name="isOverCap">Whether a cap had no room for an arm of the request.</param>
internal readonly ref struct Booking(long reservedNanoUsd, ReadOnlySpan<ulong> caps, bool isOverCap)
{
    public long ReservedNanoUsd { get; } = reservedNanoUsd;

    public ReadOnlySpan<ulong> Caps { get; } = caps;

    public bool IsOverCap { get; } = isOverCap;
}
