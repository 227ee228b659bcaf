namespace Bandits.Statistics;

/// <summary>
/// Sums of the outcomes of each arm in which every further outcome of the segment makes all earlier ones weigh less. Prefer it where arms change
/// gradually.
/// </summary>
/// <remarks>
/// <code>
/// Source      Garivier and Moulines (2011), On upper-confidence bound policies for switching bandit problems, ALT, section 3 (D-UCB)
/// Rule        N_t(a) = sum_{s &lt;= t} gamma^{t-s} 1{a_s = a};   S_t(a) = sum_{s &lt;= t} gamma^{t-s} x_s 1{a_s = a}
/// Update      all arms: N, S *= gamma;  the outcome's arm: N += w, S += w x, w = gamma^age, for x = quality, its square, cost, its square, latency
/// Symbols     gamma -> Forgetting.Gamma -> (0, 1];   t -> graded outcomes of the segment learnt;   age -> those learnt since the outcome's decision -> 0 or more
///             s -> t at the outcome's decision, plus 1: what an outcome weighs depends on when it was decided, not on when it came
/// Cost        O(K) a learned outcome, 0 B; 8 bytes and 64 bytes an arm
/// Departures  t counts outcomes learnt, as decisions may wait. Sums whose count fell below 2^-40 of an outcome become exactly 0: repeated multiplication
///             would stop at the smallest denormal number. An outcome that would weigh less than that changes nothing, t neither
/// Guarantee   no cancellation: only products and sums of numbers that are not negative. Order-dependent, so nothing can be taken back
/// </code>
/// Layout: the outcomes learnt, then the arms' sums.
/// </remarks>
internal readonly struct DiscountedSums(double gamma)
{
    public const int HeaderLength = 1;
    public const int ArmLength = 8;

    /// <summary>A count below this says nothing any more.</summary>
    private const double LeastCount = 1.0 / (1L << 40);

    private const int Graded = 0;
    private const int Costed = 3;
    private const int Timed = 6;

    public void Learn(Span<double> memory, in GradedOutcome outcome, double age)
    {
        double weight = age > 0 ? Math.Pow(gamma, age) : 1;
        if (weight < LeastCount) return;
        memory[0]++;
        Span<double> sums = memory[HeaderLength..];
        if (gamma < 1)
        {
            for (int i = 0; i < sums.Length; i++) sums[i] *= gamma;
            for (int at = 0; at < sums.Length; at += ArmLength) DropFaded(sums.Slice(at, ArmLength));
        }

        Span<double> arm = sums.Slice(outcome.Arm * ArmLength, ArmLength);
        arm[Graded] += weight;
        arm[Graded + 1] += weight * outcome.Quality;
        arm[Graded + 2] += weight * (outcome.Quality * outcome.Quality);
        if (outcome.HasCost)
        {
            arm[Costed] += weight;
            arm[Costed + 1] += weight * outcome.CostUsd;
            arm[Costed + 2] += weight * (outcome.CostUsd * outcome.CostUsd);
        }

        if (!outcome.HasLatency) return;
        arm[Timed] += weight;
        arm[Timed + 1] += weight * outcome.LatencySeconds;
    }

    public static double Learnt(ReadOnlySpan<double> memory) => memory[0];

    public static OutcomeSums Read(ReadOnlySpan<double> memory, int arm)
    {
        ReadOnlySpan<double> sums = memory.Slice(HeaderLength + arm * ArmLength, ArmLength);
        return new OutcomeSums(
            sums[Graded], sums[Graded + 1], sums[Graded + 2], sums[Costed], sums[Costed + 1], sums[Costed + 2], sums[Timed], sums[Timed + 1]);
    }

    public static void Clear(Span<double> memory, int arm) => memory.Slice(HeaderLength + arm * ArmLength, ArmLength).Clear();

    /// <summary>Clears arms whose sums are impossible, and an impossible count of outcomes; false when there was one.</summary>
    public static bool Restore(Span<double> memory)
    {
        bool sound = FixedPoint.IsWhole(memory[0], FixedPoint.MostWhole);
        if (!sound) memory[0] = 0;
        for (int at = HeaderLength; at < memory.Length; at += ArmLength)
        {
            Span<double> arm = memory.Slice(at, ArmLength);
            if (IsPossible(arm)) continue;
            arm.Clear();
            sound = false;
        }

        return sound;
    }

    private static bool IsPossible(ReadOnlySpan<double> arm)
    {
        const double Rounding = 1 + 1e-9;
        foreach (double sum in arm)
            if (!(sum >= 0 && double.IsFinite(sum))) return false;
        return arm[Graded + 1] <= arm[Graded] * Rounding && arm[Graded + 2] <= arm[Graded + 1] * Rounding
            && (arm[Costed] > 0 || (arm[Costed + 1] == 0 && arm[Costed + 2] == 0)) && (arm[Timed] > 0 || arm[Timed + 1] == 0);
    }

    private static void DropFaded(Span<double> arm)
    {
        if (arm[Graded] < LeastCount) arm[Graded..Costed].Clear();
        if (arm[Costed] < LeastCount) arm[Costed..Timed].Clear();
        if (arm[Timed] < LeastCount) arm[Timed..].Clear();
    }
}
