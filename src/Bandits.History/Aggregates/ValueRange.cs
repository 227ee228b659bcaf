namespace Bandits.History;

/// <summary>Smallest and largest of the numbers that are known; NaN is not.</summary>
internal struct ValueRange()
{
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;

    /// <summary>Null when nothing is known.</summary>
    public readonly double? Min => _min <= _max ? _min : null;

    /// <summary>Null when nothing is known.</summary>
    public readonly double? Max => _min <= _max ? _max : null;

    public void Add(double value)
    {
        if (value < _min) _min = value;
        if (value > _max) _max = value;
    }
}
