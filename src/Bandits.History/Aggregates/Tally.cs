namespace Bandits.History;

/// <summary>Count and sum of the numbers that are known; NaN is not.</summary>
internal struct Tally
{
    public long Count;
    public double Sum;

    /// <summary>Null when nothing is known.</summary>
    public readonly double? Mean => Count > 0 ? Sum / Count : null;

    public void Add(double value)
    {
        if (double.IsNaN(value)) return;
        Sum += value;
        Count++;
    }
}
