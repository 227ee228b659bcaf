namespace Bandits.Statistics;

/// <summary>Sums over the latest outcomes of a segment, for each arm. Prefer it where arms change at once and the pace is known.</summary>
/// <remarks>
/// <code>
/// Source      Garivier and Moulines (2011), On upper-confidence bound policies for switching bandit problems, ALT, section 4 (SW-UCB)
/// Rule        N_t(a) = sum_{s = t-W+1}^{t} 1{a_s = a};   S_t(a) = sum_{s = t-W+1}^{t} x_s 1{a_s = a}
/// Update      the outcome that leaves the window is subtracted, the new one added, for x = quality, its square, cost, its square, latency
/// Symbols     W -> Forgetting.Outcomes -> 1 to 65,536;   t -> graded outcomes of the segment, in the order in which they come
/// Cost        O(1) a learned outcome, 0 B; 32 W + 8 bytes and 104 bytes an arm
/// Departures  an arm that was cleared leaves its places in the window empty until they pass
/// Guarantee   exact: the units of evidence (2^-32, nano-USD, microseconds) in limbs that stay integers below 2^53, so the sums are bitwise those
///             of the same outcomes in an <see cref="Evidence"/>. Order-dependent, so nothing can be taken back
/// </code>
/// Layout: the place of the next outcome, then four numbers a place (arm and what is known, quality, cost, latency), then the arms' limbs.
/// </remarks>
internal readonly struct WindowedSums(int outcomes)
{
    /// <summary>With so many outcomes no limb reaches 2^53: the largest is 2^36 each, the top of squared nano-USD.</summary>
    public const int MostOutcomes = 1 << 16;

    public const int ArmLength = 13;
    private const int PlaceLength = 4;
    private const int LimbBits = 32;
    private const int CostKnown = 1;
    private const int LatencyKnown = 2;
    private const int Flags = 4;
    private const ulong LimbMask = (1UL << LimbBits) - 1;

    private const int Graded = 0;
    private const int Quality = 1;
    private const int QualitySquare = 2;
    private const int Costed = 4;
    private const int Cost = 5;
    private const int CostSquare = 7;
    private const int Timed = 10;
    private const int Latency = 11;

    private static readonly double MostMicroseconds = Outcome.MaxLatency.TotalSeconds * FixedPoint.MicrosecondsPerSecond;

    public int HeaderLength => 1 + PlaceLength * outcomes;

    public void Learn(Span<double> memory, in GradedOutcome outcome)
    {
        int next = (int)memory[0];
        Span<double> place = PlaceOf(memory, next);
        Apply(memory, place, -1);
        place[0] = Flags * (outcome.Arm + 1) + (outcome.HasCost ? CostKnown : 0) + (outcome.HasLatency ? LatencyKnown : 0);
        place[1] = FixedPoint.Quality(outcome.Quality);
        place[2] = outcome.HasCost ? FixedPoint.NanoUsd(outcome.CostUsd) : 0;
        place[3] = outcome.HasLatency ? Math.Round(outcome.LatencySeconds * FixedPoint.MicrosecondsPerSecond) : 0;
        Apply(memory, place, 1);
        memory[0] = next + 1 < outcomes ? next + 1 : 0;
    }

    public OutcomeSums Read(ReadOnlySpan<double> memory, int arm)
    {
        ReadOnlySpan<double> sums = memory.Slice(HeaderLength + arm * ArmLength, ArmLength);
        const double QualitySquareOne = (double)FixedPoint.QualityOne * FixedPoint.QualityOne;
        return new OutcomeSums(
            sums[Graded],
            FixedPoint.QualityFrom(sums[Quality]),
            Joined(sums[QualitySquare], sums[QualitySquare + 1], 0) / QualitySquareOne,
            sums[Costed],
            FixedPoint.UsdFrom(Joined(sums[Cost], sums[Cost + 1], 0)),
            Joined(sums[CostSquare], sums[CostSquare + 1], sums[CostSquare + 2]) / (FixedPoint.NanoUsdPerUsd * FixedPoint.NanoUsdPerUsd),
            sums[Timed],
            FixedPoint.SecondsFrom(Joined(sums[Latency], sums[Latency + 1], 0)));
    }

    public void Clear(Span<double> memory, int arm)
    {
        memory.Slice(HeaderLength + arm * ArmLength, ArmLength).Clear();
        for (int i = 0; i < outcomes; i++)
        {
            Span<double> place = PlaceOf(memory, i);
            if (ArmOf(place) == arm) place.Clear();
        }
    }

    /// <summary>Sums the window anew; false when a place was impossible, which is then emptied, or when the sums were not those of the window.</summary>
    public bool Restore(Span<double> memory)
    {
        Span<double> sums = memory[HeaderLength..];
        int arms = sums.Length / ArmLength;
        bool sound = true;
        if (!IsInteger(memory[0], outcomes - 1)) (memory[0], sound) = (0, false);
        for (int i = 0; i < outcomes; i++)
        {
            Span<double> place = PlaceOf(memory, i);
            if (IsInteger(place[0], Flags * (arms + 1) - 1) && IsInteger(place[1], FixedPoint.QualityOne)
                && IsInteger(place[2], Outcome.MaxCostUsd * FixedPoint.NanoUsdPerUsd) && IsInteger(place[3], MostMicroseconds)) Apply(memory, place, -1);
            else
            {
                place.Clear();
                sound = false;
            }
        }

        sound &= sums.IndexOfAnyExcept(0.0) < 0;
        sums.Clear();
        for (int i = 0; i < outcomes; i++) Apply(memory, PlaceOf(memory, i), 1);
        return sound;
    }

    private static Span<double> PlaceOf(Span<double> memory, int place) => memory.Slice(1 + PlaceLength * place, PlaceLength);

    /// <summary>The arm of a place; -1 of an empty one.</summary>
    private static int ArmOf(ReadOnlySpan<double> place) => (int)place[0] / Flags - 1;

    private static bool IsInteger(double value, double most) => value >= 0 && value <= most && value == Math.Floor(value);

    private static double Joined(double low, double middle, double high) =>
        (double)(((Int128)(long)high << LimbBits << LimbBits) + ((Int128)(long)middle << LimbBits) + (long)low);

    /// <summary>Adds (<paramref name="sign"/> 1) or subtracts (-1) what stands in a place.</summary>
    private void Apply(Span<double> memory, ReadOnlySpan<double> place, double sign)
    {
        int arm = ArmOf(place), known = (int)place[0] % Flags;
        if (arm < 0) return;
        Span<double> sums = memory.Slice(HeaderLength + arm * ArmLength, ArmLength);
        ulong quality = (ulong)place[1];
        sums[Graded] += sign;
        sums[Quality] += sign * quality;
        Split((UInt128)quality * quality, sums.Slice(QualitySquare, 2), sign);
        if ((known & CostKnown) != 0)
        {
            ulong cost = (ulong)place[2];
            sums[Costed] += sign;
            Split(cost, sums.Slice(Cost, 2), sign);
            Split((UInt128)cost * cost, sums.Slice(CostSquare, 3), sign);
        }

        if ((known & LatencyKnown) == 0) return;
        sums[Timed] += sign;
        Split((ulong)place[3], sums.Slice(Latency, 2), sign);
    }

    /// <summary>Adds or subtracts a number limb by limb; the last limb takes all that is left.</summary>
    private static void Split(UInt128 value, Span<double> limbs, double sign)
    {
        for (int i = 0; i < limbs.Length - 1; i++)
        {
            limbs[i] += sign * ((ulong)value & LimbMask);
            value >>= LimbBits;
        }

        limbs[^1] += sign * (double)(ulong)value;
    }
}
