namespace Bandits.Numerics;

/// <summary>A probability as ln(x / (1-x)): neither x nor 1 - x rounds away. Orders as the probability does.</summary>
internal readonly struct LogOdds
{
    public LogOdds(double value)
    {
        Value = value;
        double small = Math.Exp(-Math.Abs(value)), large = 1 / (1 + small);
        (Probability, Complement) = value < 0 ? (small * large, large) : (large, small * large);
    }

    /// <summary>ln(x / (1-x)).</summary>
    public double Value { get; }

    /// <summary>x; 0 only where it lies below the least number.</summary>
    public double Probability { get; }

    /// <summary>1 - x; 0 only where it lies below the least number.</summary>
    public double Complement { get; }

    /// <summary>ln x, finite.</summary>
    public double LogProbability => Value < 0 ? Value - NearOne.Log1p(Math.Exp(Value)) : -NearOne.Log1p(Math.Exp(-Value));

    /// <summary>ln(1-x), finite.</summary>
    public double LogComplement => Value > 0 ? -Value - NearOne.Log1p(Math.Exp(-Value)) : -NearOne.Log1p(Math.Exp(Value));
}
