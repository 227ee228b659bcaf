using System.Runtime.CompilerServices;
using Bandits.Statistics;

namespace Bandits;

/// <summary>What was observed for one (segment, arm): counts and fixed-point sums, integers only, no opinion in it.</summary>
/// <remarks>
/// Integer addition is exact, so any order, any split into threads or chunks, merging and taking back give bitwise the
/// same cell; evidence under addition is a commutative group with <c>default</c> as zero. Quality is stored in 2^-32, cost in nano-USD,
/// time in microseconds, squares in <see cref="Int128"/>. Capacity per cell: 9.2e18 outcomes, 9.2e9 USD, 292,000 years.
/// A mutable struct: copy it to keep it. Not thread-safe by itself; the router guards the cells it owns.
/// </remarks>
public struct Evidence : IEquatable<Evidence>
{
    internal KindCounts Kinds;
    internal Int128 QualityUnits;
    internal Int128 QualitySquares;
    internal Int128 CostSquares;
    internal Int128 LatencySquares;
    internal long Graded;
    internal long Costed;
    internal long CostNanoUsd;
    internal long Timed;
    internal long Censored;
    internal long LatencyMicroseconds;
    internal long FirstTokenTimed;
    internal long FirstTokenMicroseconds;
    internal long Tokenized;
    internal long InputTokenSum;
    internal long OutputTokenSum;

    /// <summary>Outcomes whose quality is known.</summary>
    public readonly long QualityCount => Graded;

    /// <summary>Sum of quality over <see cref="QualityCount"/> outcomes.</summary>
    public readonly double QualitySum => FixedPoint.QualityFrom((double)QualityUnits);

    /// <summary>Sum of squared quality.</summary>
    public readonly double QualitySquareSum => (double)QualitySquares / ((double)FixedPoint.QualityOne * FixedPoint.QualityOne);

    /// <summary>Outcomes whose cost is known.</summary>
    public readonly long CostCount => Costed;

    /// <summary>Sum of cost, USD.</summary>
    public readonly double CostSumUsd => FixedPoint.UsdFrom(CostNanoUsd);

    /// <summary>Sum of squared cost, USD squared.</summary>
    public readonly double CostSquareSumUsd => (double)CostSquares / (FixedPoint.NanoUsdPerUsd * FixedPoint.NanoUsdPerUsd);

    /// <summary>Outcomes whose latency is known, censored ones included.</summary>
    public readonly long LatencyCount => Timed;

    /// <summary>Outcomes whose latency is only a lower bound (timeouts).</summary>
    public readonly long CensoredCount => Censored;

    /// <summary>Sum of latency, seconds; censored ones at their limit.</summary>
    public readonly double LatencySumSeconds => FixedPoint.SecondsFrom(LatencyMicroseconds);

    /// <summary>Sum of squared latency, seconds squared.</summary>
    public readonly double LatencySquareSumSeconds => (double)LatencySquares / (FixedPoint.MicrosecondsPerSecond * FixedPoint.MicrosecondsPerSecond);

    /// <summary>Outcomes with a known time to first token.</summary>
    public readonly long FirstTokenCount => FirstTokenTimed;

    /// <summary>Sum of time to first token, seconds.</summary>
    public readonly double FirstTokenSumSeconds => FixedPoint.SecondsFrom(FirstTokenMicroseconds);

    /// <summary>Outcomes whose tokens are known.</summary>
    public readonly long TokenCount => Tokenized;

    /// <summary>Sum of tokens in.</summary>
    public readonly long InputTokens => InputTokenSum;

    /// <summary>Sum of tokens out.</summary>
    public readonly long OutputTokens => OutputTokenSum;

    /// <summary>Outcomes of every kind.</summary>
    public readonly long Total
    {
        get
        {
            long total = 0;
            for (int kind = 0; kind < KindCounts.Length; kind++) total += Kinds[kind];
            return total;
        }
    }

    /// <summary>Outcomes of one kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is not defined.</exception>
    public readonly long CountOf(OutcomeKind kind)
    {
        if ((uint)kind >= KindCounts.Length) Throw.OutOfRange(nameof(kind), (int)kind, "a defined OutcomeKind");
        return Kinds[(int)kind];
    }

    /// <summary>Adds one outcome. Tokens without a cost are counted as tokens only: a price belongs to an arm.</summary>
    /// <exception cref="ArgumentException">The outcome is invalid; the evidence is unchanged.</exception>
    public void Add(in Outcome outcome) => Apply(Contribution.Of(outcome, double.NaN, double.NaN), 1);

    /// <summary>Takes one outcome back, the exact inverse of <see cref="Add(in Outcome)"/>.</summary>
    /// <exception cref="ArgumentException">The outcome is invalid; the evidence is unchanged.</exception>
    public void Remove(in Outcome outcome) => Apply(Contribution.Of(outcome, double.NaN, double.NaN), -1);

    /// <summary>Adds all of <paramref name="other"/>.</summary>
    public void Add(in Evidence other)
    {
        for (int kind = 0; kind < KindCounts.Length; kind++) Kinds[kind] += other.Kinds[kind];
        QualityUnits += other.QualityUnits;
        QualitySquares += other.QualitySquares;
        CostSquares += other.CostSquares;
        LatencySquares += other.LatencySquares;
        Graded += other.Graded;
        Costed += other.Costed;
        CostNanoUsd += other.CostNanoUsd;
        Timed += other.Timed;
        Censored += other.Censored;
        LatencyMicroseconds += other.LatencyMicroseconds;
        FirstTokenTimed += other.FirstTokenTimed;
        FirstTokenMicroseconds += other.FirstTokenMicroseconds;
        Tokenized += other.Tokenized;
        InputTokenSum += other.InputTokenSum;
        OutputTokenSum += other.OutputTokenSum;
    }

    /// <summary>Takes all of <paramref name="other"/> back.</summary>
    public void Remove(in Evidence other)
    {
        for (int kind = 0; kind < KindCounts.Length; kind++) Kinds[kind] -= other.Kinds[kind];
        QualityUnits -= other.QualityUnits;
        QualitySquares -= other.QualitySquares;
        CostSquares -= other.CostSquares;
        LatencySquares -= other.LatencySquares;
        Graded -= other.Graded;
        Costed -= other.Costed;
        CostNanoUsd -= other.CostNanoUsd;
        Timed -= other.Timed;
        Censored -= other.Censored;
        LatencyMicroseconds -= other.LatencyMicroseconds;
        FirstTokenTimed -= other.FirstTokenTimed;
        FirstTokenMicroseconds -= other.FirstTokenMicroseconds;
        Tokenized -= other.Tokenized;
        InputTokenSum -= other.InputTokenSum;
        OutputTokenSum -= other.OutputTokenSum;
    }

    /// <summary>Adds (<paramref name="sign"/> 1) or takes back (-1) one quantised outcome.</summary>
    internal void Apply(in Contribution c, int sign)
    {
        if ((c.Parts & OutcomeParts.Judgement) != 0)
        {
            Kinds[(int)c.Kind] += sign;
            if (c.Quality >= 0)
            {
                Graded += sign;
                QualityUnits += sign * c.Quality;
                Int128 square = Square(c.Quality);
                QualitySquares += sign > 0 ? square : -square;
            }
        }

        if (c.HasCost)
        {
            Costed += sign;
            CostNanoUsd += sign * c.CostNanoUsd;
            Int128 square = Square(c.CostNanoUsd);
            CostSquares += sign > 0 ? square : -square;
        }

        if (c.HasTokens)
        {
            Tokenized += sign;
            InputTokenSum += sign * (long)c.InputTokens;
            OutputTokenSum += sign * (long)c.OutputTokens;
        }

        if (c.HasLatency)
        {
            Timed += sign;
            if (c.IsCensored) Censored += sign;
            LatencyMicroseconds += sign * c.LatencyMicroseconds;
            Int128 square = Square(c.LatencyMicroseconds);
            LatencySquares += sign > 0 ? square : -square;
        }

        if (c.HasFirstToken)
        {
            FirstTokenTimed += sign;
            FirstTokenMicroseconds += sign * (long)c.FirstTokenMicroseconds;
        }
    }

    /// <summary>
    /// True when some multiset of valid outcomes could have produced this cell: counts are not negative, sums fit their counts and squares
    /// obey Cauchy-Schwarz. A cell that fails this when loaded is dropped, so that nothing persisted can break a later decision.
    /// </summary>
    public readonly bool IsPlausible
    {
        get
        {
            long judged = 0, total = 0;
            for (int kind = 0; kind < KindCounts.Length; kind++)
            {
                if (Kinds[kind] is < 0 or > MostPlausible) return false;
                total += Kinds[kind];
                if (kind <= (int)OutcomeKind.HumanReview) judged += Kinds[kind];
            }

            return Graded >= 0 && Graded <= judged
                && Censored >= 0 && Censored <= Timed
                && total is >= 0 and <= MostPlausible
                && Fits(Graded, (double)QualityUnits, (double)QualitySquares, FixedPoint.QualityOne)
                && Fits(Costed, CostNanoUsd, (double)CostSquares, Outcome.MaxCostUsd * FixedPoint.NanoUsdPerUsd)
                && Fits(Timed, LatencyMicroseconds, (double)LatencySquares, FixedPoint.Microseconds(Outcome.MaxLatency))
                && FirstTokenTimed is >= 0 and <= MostPlausible && FirstTokenMicroseconds >= 0 && FirstTokenMicroseconds <= FirstTokenTimed * 3.6e9
                && Tokenized is >= 0 and <= MostPlausible && InputTokenSum >= 0 && InputTokenSum <= Tokenized * (double)int.MaxValue
                && OutputTokenSum >= 0 && OutputTokenSum <= Tokenized * (double)int.MaxValue;

            // Relative slack 1e-9 covers the rounding of Int128 to double.
            static bool Fits(long count, double sum, double squares, double largest) =>
                count is >= 0 and <= MostPlausible && sum >= 0 && squares >= 0
                && sum <= count * largest
                && squares <= sum * largest * (1 + 1e-9)
                && sum * sum <= squares * count * (1 + 1e-9);
        }
    }

    /// <summary>More outcomes than a cell can honestly hold; far enough below 2^63 that sums of loaded cells do not wrap.</summary>
    private const long MostPlausible = 1L << 48;

    /// <summary>Number of 64-bit words in the stored form.</summary>
    public const int WordCount = 27;

    /// <summary>
    /// Writes the stored form: 8 counts by kind, then quality sum, quality squares, cost squares, latency squares (two words each, low first), then
    /// graded, costed, nano-USD, timed, censored, microseconds, first-token count and microseconds, token count, tokens in, tokens out.
    /// </summary>
    /// <exception cref="ArgumentException">The span is shorter than <see cref="WordCount"/>.</exception>
    public readonly void CopyTo(Span<long> words)
    {
        if (words.Length < WordCount) Throw.Argument($"The span has {words.Length} words; evidence needs {WordCount}.");
        words = words[..WordCount];
        for (int kind = 0; kind < KindCounts.Length; kind++) words[kind] = Kinds[kind];
        (words[8], words[9]) = ((long)QualityUnits, (long)(QualityUnits >> 64));
        (words[10], words[11]) = ((long)QualitySquares, (long)(QualitySquares >> 64));
        (words[12], words[13]) = ((long)CostSquares, (long)(CostSquares >> 64));
        (words[14], words[15]) = ((long)LatencySquares, (long)(LatencySquares >> 64));
        (words[16], words[17], words[18]) = (Graded, Costed, CostNanoUsd);
        (words[19], words[20], words[21]) = (Timed, Censored, LatencyMicroseconds);
        (words[22], words[23]) = (FirstTokenTimed, FirstTokenMicroseconds);
        (words[24], words[25], words[26]) = (Tokenized, InputTokenSum, OutputTokenSum);
    }

    /// <summary>Reads the stored form. Nothing is judged: ask <see cref="IsPlausible"/> before trusting a cell from outside.</summary>
    /// <exception cref="ArgumentException">The span is shorter than <see cref="WordCount"/>.</exception>
    public static Evidence FromWords(ReadOnlySpan<long> words)
    {
        if (words.Length < WordCount) Throw.Argument($"The span has {words.Length} words; evidence needs {WordCount}.");
        Evidence e = default;
        for (int kind = 0; kind < KindCounts.Length; kind++) e.Kinds[kind] = words[kind];
        e.QualityUnits = Wide(words[8..]);
        e.QualitySquares = Wide(words[10..]);
        e.CostSquares = Wide(words[12..]);
        e.LatencySquares = Wide(words[14..]);
        (e.Graded, e.Costed, e.CostNanoUsd) = (words[16], words[17], words[18]);
        (e.Timed, e.Censored, e.LatencyMicroseconds) = (words[19], words[20], words[21]);
        (e.FirstTokenTimed, e.FirstTokenMicroseconds) = (words[22], words[23]);
        (e.Tokenized, e.InputTokenSum, e.OutputTokenSum) = (words[24], words[25], words[26]);
        return e;

        static Int128 Wide(ReadOnlySpan<long> pair) => new((ulong)pair[1], (ulong)pair[0]);
    }

    /// <inheritdoc/>
    public readonly bool Equals(Evidence other)
    {
        other.Remove(this);
        return other.IsZero;
    }

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Evidence other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Total, QualityUnits, CostNanoUsd, LatencyMicroseconds);

    /// <summary>Equal in every integer.</summary>
    public static bool operator ==(Evidence left, Evidence right) => left.Equals(right);

    /// <summary>Different in some integer.</summary>
    public static bool operator !=(Evidence left, Evidence right) => !left.Equals(right);

    internal readonly bool IsZero
    {
        get
        {
            long any = Graded | Costed | CostNanoUsd | Timed | Censored | LatencyMicroseconds | FirstTokenTimed | FirstTokenMicroseconds
                | Tokenized | InputTokenSum | OutputTokenSum;
            for (int kind = 0; kind < KindCounts.Length; kind++) any |= Kinds[kind];
            return any == 0 && (QualityUnits | QualitySquares | CostSquares | LatencySquares) == Int128.Zero;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Int128 Square(long value)
    {
        ulong high = Math.BigMul((ulong)value, (ulong)value, out ulong low);
        return new Int128(high, low);
    }

    [InlineArray(Length)]
    internal struct KindCounts
    {
        public const int Length = 8;
        private long _first;
    }
}
