namespace Bandits;

/// <summary>A segment of traffic (say role x area x risk x complexity) as one packed 64-bit number, issued by <see cref="BanditRouter.SegmentOf(ReadOnlySpan{string})"/>.</summary>
/// <remarks>Meaningful only to routers that share the schema and the order in which its values were first seen. <c>default</c> is the root: all traffic.</remarks>
public readonly record struct SegmentKey
{
    internal SegmentKey(ulong packed) => Packed = packed;

    internal ulong Packed { get; }
}
