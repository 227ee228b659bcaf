using System.Globalization;

namespace Bandits.Benchmarks.Rows;

/// <summary>A bound that a measured number should keep.</summary>
internal readonly record struct Goal(double Bound, bool IsLeast)
{
    public static Goal AtMost(double bound) => new(bound, false);

    public static Goal AtLeast(double bound) => new(bound, true);

    public bool IsMetBy(double measured) => IsLeast ? measured >= Bound : measured <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsLeast ? ">=" : "<=")} {Bound:0.##}");
}
