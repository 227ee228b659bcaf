namespace Bandits.Statistics;

/// <summary>
/// Sums of the outcomes of each arm in which every further outcome of the segment makes all earlier ones weigh less. Prefer it where arms change
/// gradually.
/// </summary>
/// <remarks>
/// <code>
/// Source      Garivier and Moulines (2011), On upper-confidence bound policies for switching bandit problems, ALT, section 3 (D-UCB)
/// Rule        N_t(a) = sum_{s &lt;= t} gamma^{t-s} 1{a_s = a};   S_t(a) = sum_{s &lt;= t} gamma^{t-s} x_s 1{a_s = a}
/// Update      all arms: N, S *= gamma;  the outcome's arm: N += 1, S += x, for x = quality, its square, cost, its square, latency
/// Symbols     gamma -> Forgetting.Gamma -> (0, 1];   t -> graded outcomes of the segment, in the order in which they come
/// Cost        O(K) a learned outcome, 0 B; 64 bytes an arm
/// Departures  sums whose count fell below 2^-40 of an outcome become exactly 0: repeated multiplication would stop at the smallest denormal number
/// Guarantee   no cancellation: only products and sums of numbers that are not negative. Order-dependent, so nothing can be taken back
/// </code>
/// </remarks>
internal readonly struct DiscountedSums(double gamma)
{
    public const int ArmLength = 8;

    /// <summary>A count below this says nothing any more.</summary>
    private const double LeastCount = 1.0 / (1L << 40);

    private const int Graded = 0;
    private const int Costed = 3;
    private const int Timed = 6;

    public void Learn(Span<double> memory, in GradedOutcome outcome)
    {
        if (gamma < 1)
        {
            for (int i = 0; i < memory.Length; i++) memory[i] *= gamma;
            for (int at = 0; at < memory.Length; at += ArmLength) DropFaded(memory.Slice(at, ArmLength));
        }

        Span<double> arm = memory.Slice(outcome.Arm * ArmLength, ArmLength);
        arm[Graded]++;
        arm[Graded + 1] += outcome.Quality;
        arm[Graded + 2] += outcome.Quality * outcome.Quality;
        if (outcome.HasCost)
        {
            arm[Costed]++;
            arm[Costed + 1] += outcome.CostUsd;
            arm[Costed + 2] += outcome.CostUsd * outcome.CostUsd;
        }

        if (!outcome.HasLatency) return;
        arm[Timed]++;
        arm[Timed + 1] += outcome.LatencySeconds;
    }

    public static OutcomeSums Read(ReadOnlySpan<double> memory, int arm)
    {
        ReadOnlySpan<double> sums = memory.Slice(arm * ArmLength, ArmLength);
        return new OutcomeSums(
            sums[Graded], sums[Graded + 1], sums[Graded + 2], sums[Costed], sums[Costed + 1], sums[Costed + 2], sums[Timed], sums[Timed + 1]);
    }

    public static void Clear(Span<double> memory, int arm) => memory.Slice(arm * ArmLength, ArmLength).Clear();

    /// <summary>Clears arms whose sums are impossible; false when there was one.</summary>
    public static bool Restore(Span<double> memory)
    {
        bool sound = true;
        for (int at = 0; at < memory.Length; at += ArmLength)
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
