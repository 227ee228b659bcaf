namespace Bandits.Statistics;

/// <summary>Sums over the latest outcomes of a segment, for each arm. Prefer it where arms change at once and the pace is known.</summary>
/// <remarks>
/// <code>
/// Source      Garivier and Moulines (2011), On upper-confidence bound policies for switching bandit problems, ALT, section 4 (SW-UCB)
/// Rule        N_t(a) = sum_{s = t-W+1}^{t} 1{a_s = a};   S_t(a) = sum_{s = t-W+1}^{t} x_s 1{a_s = a}
/// Update      t += 1; outcomes that leave the window are subtracted, the new one added, for x = quality, its square, cost, its square, latency.
///             It leaves when t reaches s + W = t + W - age; of age W or more it changes nothing, t neither
/// Symbols     W -> Forgetting.Outcomes -> 1 to 65,536;   t -> graded outcomes of the segment learnt;   age -> those learnt since the outcome's decision
///             s -> t at the outcome's decision, plus 1: how long an outcome stays depends on when it was decided, not on when it came
/// Cost        O(1) a learned outcome, and for a late one a move of each place that leaves after it; 0 B; 40 W + 32 bytes and 104 bytes an arm
/// Departures  t counts outcomes learnt, as decisions may wait: several decisions may share s, so after late outcomes fewer than W are in the window.
///             An arm that was cleared leaves its places in the window empty until they pass
/// Guarantee   exact: the units of evidence (2^-32, nano-USD, microseconds) in limbs that stay integers below 2^53, so the sums are bitwise those
///             of the same outcomes in an <see cref="Evidence"/>. Order-dependent, so nothing can be taken back
/// </code>
/// Layout: W, the outcomes learnt, the oldest place, the number of places taken; then five numbers a place (the t at which it leaves, arm and what is
/// known, quality, cost, latency), a ring in the order of leaving; then the arms' limbs.
/// </remarks>
internal readonly struct WindowedSums(int outcomes)
{
    /// <summary>With so many outcomes no limb reaches 2^53: the largest is 2^36 each, the top of squared nano-USD.</summary>
    public const int MostOutcomes = 1 << 16;

    public const int ArmLength = 13;
    private const int Length = 0;
    private const int Outcomes = 1;
    private const int Oldest = 2;
    private const int Taken = 3;
    private const int FirstPlace = 4;
    private const int PlaceLength = 5;
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

    public int HeaderLength => FirstPlace + PlaceLength * outcomes;

    public void Learn(Span<double> memory, in GradedOutcome outcome, double age)
    {
        if (age >= outcomes) return;
        double now = memory[Outcomes] + 1;
        (memory[Length], memory[Outcomes]) = (outcomes, now);
        DropLeaving(memory, now);
        Span<double> place = Insert(memory, now + outcomes - age);
        place[1] = Flags * (outcome.Arm + 1) + (outcome.HasCost ? CostKnown : 0) + (outcome.HasLatency ? LatencyKnown : 0);
        place[2] = FixedPoint.Quality(outcome.Quality);
        place[3] = outcome.HasCost ? FixedPoint.NanoUsd(outcome.CostUsd) : 0;
        place[4] = outcome.HasLatency ? Math.Round(outcome.LatencySeconds * FixedPoint.MicrosecondsPerSecond) : 0;
        Apply(memory, place, 1);
    }

    public static double Learnt(ReadOnlySpan<double> memory) => memory[Outcomes];

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
        for (int i = 0; i < (int)memory[Taken]; i++)
        {
            Span<double> place = PlaceOf(memory, i);
            if (ArmOf(place) == arm) place[1..].Clear();
        }
    }

    /// <summary>
    /// Sums the window anew; false when a place was impossible, which is then emptied, when the sums were not those of the window, or when it was a window
    /// of another length or none, of which nothing is taken.
    /// </summary>
    public bool Restore(Span<double> memory)
    {
        if (memory.IndexOfAnyExcept(0.0) < 0) return true;
        bool sound = IsInOrder(memory);
        if (!sound) memory.Clear();
        Span<double> sums = memory[HeaderLength..];
        int arms = sums.Length / ArmLength;
        for (int i = 0; i < outcomes; i++)
        {
            Span<double> place = PlaceOf(memory, i);
            if (i < memory[Taken] ? IsPossible(place, arms) : place.IndexOfAnyExcept(0.0) < 0) Apply(memory, place, -1);
            else
            {
                place[(i < memory[Taken] ? 1 : 0)..].Clear();
                sound = false;
            }
        }

        sound &= sums.IndexOfAnyExcept(0.0) < 0;
        sums.Clear();
        for (int i = 0; i < (int)memory[Taken]; i++) Apply(memory, PlaceOf(memory, i), 1);
        return sound;
    }

    /// <summary>The arm of a place; -1 of an empty one.</summary>
    private static int ArmOf(ReadOnlySpan<double> place) => (int)place[1] / Flags - 1;

    private static bool IsPossible(ReadOnlySpan<double> place, int arms) =>
        FixedPoint.IsWhole(place[1], Flags * (arms + 1) - 1) && FixedPoint.IsWhole(place[2], FixedPoint.QualityOne)
        && FixedPoint.IsWhole(place[3], Outcome.MaxCostUsd * FixedPoint.NanoUsdPerUsd) && FixedPoint.IsWhole(place[4], MostMicroseconds);

    /// <summary>A place by its rank, 0 being that which leaves first.</summary>
    private Span<double> PlaceOf(Span<double> memory, int rank)
    {
        int place = (int)memory[Oldest] + rank;
        return memory.Slice(FirstPlace + PlaceLength * (place < outcomes ? place : place - outcomes), PlaceLength);
    }

    private void DropLeaving(Span<double> memory, double now)
    {
        while (memory[Taken] > 0)
        {
            Span<double> place = PlaceOf(memory, 0);
            if (place[0] > now) return;
            Apply(memory, place, -1);
            place.Clear();
            memory[Taken]--;
            memory[Oldest] = memory[Oldest] + 1 < outcomes ? memory[Oldest] + 1 : 0;
        }
    }

    /// <summary>Takes a place in the order of leaving. There is one: of W outcomes in the window, one leaves at every outcome learnt.</summary>
    private Span<double> Insert(Span<double> memory, double leaves)
    {
        var rank = (int)memory[Taken]++;
        for (; rank > 0 && PlaceOf(memory, rank - 1)[0] > leaves; rank--) PlaceOf(memory, rank - 1).CopyTo(PlaceOf(memory, rank));
        Span<double> place = PlaceOf(memory, rank);
        place[0] = leaves;
        return place;
    }

    /// <summary>Whether it is a window of this length whose places leave in their order, and early enough that there is always one for the next outcome.</summary>
    private bool IsInOrder(Span<double> memory)
    {
        if (memory[Length] != outcomes || !FixedPoint.IsWhole(memory[Outcomes], FixedPoint.MostWhole) || !FixedPoint.IsWhole(memory[Oldest], outcomes - 1)
            || !FixedPoint.IsWhole(memory[Taken], outcomes)) return false;
        double last = memory[Outcomes] + 1;
        for (int rank = 0; rank < (int)memory[Taken]; rank++)
        {
            double leaves = PlaceOf(memory, rank)[0];
            if (!(leaves >= last && leaves == Math.Floor(leaves)) || leaves > memory[Outcomes] + 1 + outcomes - memory[Taken] + rank) return false;
            last = leaves;
        }

        return true;
    }

    private static double Joined(double low, double middle, double high) =>
        (double)(((Int128)(long)high << LimbBits << LimbBits) + ((Int128)(long)middle << LimbBits) + (long)low);

    /// <summary>Adds (<paramref name="sign"/> 1) or subtracts (-1) what stands in a place.</summary>
    private void Apply(Span<double> memory, ReadOnlySpan<double> place, double sign)
    {
        int arm = ArmOf(place), known = (int)place[1] % Flags;
        if (arm < 0) return;
        Span<double> sums = memory.Slice(HeaderLength + arm * ArmLength, ArmLength);
        ulong quality = (ulong)place[2];
        sums[Graded] += sign;
        sums[Quality] += sign * quality;
        Split((UInt128)quality * quality, sums.Slice(QualitySquare, 2), sign);
        if ((known & CostKnown) != 0)
        {
            ulong cost = (ulong)place[3];
            sums[Costed] += sign;
            Split(cost, sums.Slice(Cost, 2), sign);
            Split((UInt128)cost * cost, sums.Slice(CostSquare, 3), sign);
        }

        if ((known & LatencyKnown) == 0) return;
        sums[Timed] += sign;
        Split((ulong)place[4], sums.Slice(Latency, 2), sign);
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
