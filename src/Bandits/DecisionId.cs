using System.Globalization;

namespace Bandits;

/// <summary>Names one decision for ever: the incarnation of the router that made it and a sequence number within it.</summary>
/// <param name="Incarnation">A number that is new at every opening of a store, so ids are unique across nodes, restarts and restored copies. Not 0.</param>
/// <param name="Sequence">Counts decisions; not 0. The random stream of a decision and its ledger slot are keyed by it.</param>
/// <remarks>Ordering is (incarnation, sequence). <c>default</c> is <see cref="None"/>. Text form: two lower-case hexadecimal numbers joined by a dash.</remarks>
public readonly record struct DecisionId(ulong Incarnation, ulong Sequence) : IComparable<DecisionId>
{
    /// <summary>No decision.</summary>
    public static DecisionId None => default;

    /// <summary>True for <see cref="None"/>.</summary>
    public bool IsNone => Incarnation == 0 && Sequence == 0;

    /// <inheritdoc/>
    public int CompareTo(DecisionId other) =>
        Incarnation != other.Incarnation ? Incarnation.CompareTo(other.Incarnation) : Sequence.CompareTo(other.Sequence);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Incarnation:x}-{Sequence:x}");
}
