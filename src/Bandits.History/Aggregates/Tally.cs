namespace Bandits.History;

/// <summary>Count, sum, smallest and largest of the numbers that were known.</summary>
internal struct Tally
{
    public long Count;
    public double Sum;
    public double Min;
    public double Max;

    /// <summary>Null when nothing is known.</summary>
    public readonly double? Mean => Count > 0 ? Sum / Count : null;

    /// <summary>Null when nothing is known.</summary>
    public readonly double? Smallest => Count > 0 ? Min : null;

    /// <summary>Null when nothing is known.</summary>
    public readonly double? Largest => Count > 0 ? Max : null;

    public void Add(double value)
    {
        Sum += value;
        if (Count == 0)
        {
            Min = value;
            Max = value;
        }
        else
        {
            if (value < Min) Min = value;
            if (value > Max) Max = value;
        }

        Count++;
    }
}
