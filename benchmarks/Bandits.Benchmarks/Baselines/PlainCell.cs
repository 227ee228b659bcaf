using System.Runtime.CompilerServices;

namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. Counts and fixed-point sums of one (segment, arm): a copy of the evidence of the first version, without any synchronisation.</summary>
internal struct PlainCell
{
    public KindCounts Kinds;
    public Int128 QualityUnits;
    public Int128 QualitySquares;
    public Int128 CostSquares;
    public Int128 LatencySquares;
    public long Graded;
    public long Costed;
    public long CostNanoUsd;
    public long Timed;
    public long Censored;
    public long LatencyMicroseconds;
    public long FirstTokenTimed;
    public long FirstTokenMicroseconds;
    public long Tokenized;
    public long InputTokenSum;
    public long OutputTokenSum;

    /// <summary>Adds (<paramref name="sign"/> 1) or takes back (-1) one outcome.</summary>
    public void Apply(in PlainAmounts amounts, int sign)
    {
        if (amounts.HasKind)
        {
            Kinds[amounts.Kind] += sign;
            if (amounts.Quality >= 0)
            {
                Graded += sign;
                QualityUnits += sign * amounts.Quality;
                Int128 square = Square(amounts.Quality);
                QualitySquares += sign > 0 ? square : -square;
            }
        }

        if (amounts.HasCost)
        {
            Costed += sign;
            CostNanoUsd += sign * amounts.CostNanoUsd;
            Int128 square = Square(amounts.CostNanoUsd);
            CostSquares += sign > 0 ? square : -square;
        }

        if (amounts.HasTokens)
        {
            Tokenized += sign;
            InputTokenSum += sign * (long)amounts.InputTokens;
            OutputTokenSum += sign * (long)amounts.OutputTokens;
        }

        if (amounts.HasLatency)
        {
            Timed += sign;
            if (amounts.IsCensored) Censored += sign;
            LatencyMicroseconds += sign * amounts.LatencyMicroseconds;
            Int128 square = Square(amounts.LatencyMicroseconds);
            LatencySquares += sign > 0 ? square : -square;
        }

        if (amounts.HasFirstToken)
        {
            FirstTokenTimed += sign;
            FirstTokenMicroseconds += sign * (long)amounts.FirstTokenMicroseconds;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Int128 Square(long value)
    {
        ulong high = Math.BigMul((ulong)value, (ulong)value, out ulong low);
        return new Int128(high, low);
    }

    [InlineArray(8)]
    internal struct KindCounts
    {
        private long _first;
    }
}
