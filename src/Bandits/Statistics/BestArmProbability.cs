using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bandits.Statistics;

/// <summary>P(arm a has the highest utility) for every arm, its laws independent: the exact pmf of posterior sampling.</summary>
/// <remarks>
/// <code>
/// Source      Russo, Van Roy, Kazerouni, Osband, Wen (2018), A tutorial on Thompson sampling, section 3 (probability matching)
/// Rule        p_a = integral of f_a(y) prod_{b != a} F_b(y) dy, one integral over y for all arms: panels of <see cref="PanelRule.Nodes"/> Gauss nodes at which
///             every density is tabulated and every F is the running integral of its density
/// Panels      from where the actions of all arms below their centres add up to the depth, less where no arm's probability is small, or from the highest
///             lower end of a support; an arm leaves where its tail is below e^-depth or nothing beside its own probability; ended at upper ends of supports;
///             each as long as the <see cref="UtilityLaw.Reach"/> of every arm and as prod F allow; stretched to y = e -+ d v^m where an end is singular
/// Symbols     depth -> -ln of what is neglected, from <see cref="UsualDepth"/> on
/// Cost        O(panels x K) nodes: 2 to 8 panels for 4 arms; 0 B in steady state. Every upper end of a low power ends a panel, so that thousands of
///             distinct arms with as many different costs take seconds: 10,000 about 4 s on one core
/// Departures  exactly equal laws are integrated once, with their number as a power; an atom below which no arm can be the best shares with its equals;
///             a sum that is off by more than rounding is scaled to 1
/// Guarantee   relative error at most 1e-4 where p is at least 1e-6 and 1e-2 where it is at least 1e-12, for pseudo-counts in [0.05, 1e9]; tested
/// </code>
/// </remarks>
internal static partial class BestArmProbability
{
    /// <summary>-ln(1.7e-15).</summary>
    public const double UsualDepth = 34;

    /// <summary>-ln(7e-66), for probabilities of which only the ratios matter.</summary>
    public const double GreatDepth = 150;

    /// <summary>Beyond it densities leave the range of numbers.</summary>
    public const double MostDepth = 600;

    /// <summary>Most that ln prod F may change over a panel.</summary>
    private const double MostProductChange = 30;

    /// <summary>Total exponent at the bottom up to which a panel starts there; beyond it the product vanishes above.</summary>
    private const double MostBottomExponent = 12;

    /// <summary>Below this F no action reaches a depth.</summary>
    private const double SurelyAlive = 0.9999;

    /// <summary>-ln(2e-6), of which a tail is a tenth: what may be neglected of an arm's own probability.</summary>
    private const double LittleDepth = 13;

    /// <summary>sqrt(2 pi): a normal tail is at least e^-D / (sqrt(2 pi) (1 + sqrt(2 D))).</summary>
    private const double RootTwoPi = 2.5066;

    private const int MostPanels = 100_000;
    private const int MostStartSteps = 60;
    private const double StartTolerance = 0.2;

    /// <summary>Most growth of the distance in a step, so that heavy tails are not overshot into infinity.</summary>
    private const double MostStartGrowth = 1e6;

    [ThreadStatic]
    private static BestArmScratch? t_scratch;

    /// <summary>Room for the laws of that many arms, to be filled and handed to <see cref="Write(Span{UtilityLaw}, Span{double}, double)"/>.</summary>
    public static Span<UtilityLaw> LawsOf(int arms)
    {
        BestArmScratch scratch = t_scratch ??= new BestArmScratch();
        scratch.Grow(arms);
        return scratch.Given.AsSpan(0, arms);
    }

    /// <summary>The pmf of Thompson sampling over the beliefs.</summary>
    public static void Write(ReadOnlySpan<Belief> beliefs, Span<double> pmf, double depth = UsualDepth)
    {
        Span<UtilityLaw> laws = LawsOf(beliefs.Length);
        for (int i = 0; i < beliefs.Length; i++) laws[i] = UtilityLaw.Of(beliefs[i]);
        Write(laws, pmf, depth);
    }

    /// <summary>Writes P(arm is the best); <paramref name="laws"/> are those of <see cref="LawsOf"/>.</summary>
    public static double Write(Span<UtilityLaw> laws, Span<double> pmf, double depth = UsualDepth)
    {
        BestArmScratch scratch = t_scratch!;
        Span<int> group = scratch.Group.AsSpan(0, laws.Length);
        Span<UtilityLaw> distinct = scratch.Distinct.AsSpan(0, Collect(laws, scratch.Order.AsSpan(0, laws.Length), group, scratch.Distinct));
        Integrate(distinct, scratch, depth);
        double sum = 0;
        foreach (ref readonly UtilityLaw law in distinct) sum += law.Count * law.Best;
        double perSum = 1 / sum;
        for (int i = 0; i < laws.Length; i++) pmf[i] = distinct[group[i]].Best * perSum;
        return sum;
    }

    /// <summary>Brings the laws into an order of their own and counts equals; returns the number of distinct ones.</summary>
    private static int Collect(ReadOnlySpan<UtilityLaw> laws, Span<int> order, Span<int> group, Span<UtilityLaw> distinct)
    {
        for (int i = 0; i < order.Length; i++) order[i] = i;
        int gap = 1;
        while (gap < order.Length / 3) gap = 3 * gap + 1; // Shell's sort with Knuth's gaps
        for (; gap > 0; gap /= 3)
        {
            for (int i = gap; i < order.Length; i++)
            {
                int moving = order[i], at = i;
                for (; at >= gap && UtilityLaw.Compare(laws[order[at - gap]], laws[moving]) > 0; at -= gap) order[at] = order[at - gap];
                order[at] = moving;
            }
        }

        int count = 0;
        for (int i = 0; i < order.Length; i++)
        {
            ref readonly UtilityLaw law = ref laws[order[i]];
            if (count == 0 || UtilityLaw.Compare(distinct[count - 1], law) != 0)
            {
                distinct[count] = law;
                distinct[count++].Count = 0;
            }

            distinct[count - 1].Count++;
            group[order[i]] = count - 1;
        }

        return count;
    }

    private static void Integrate(Span<UtilityLaw> laws, BestArmScratch scratch, double depth)
    {
        double bottom = double.NegativeInfinity, centre = double.NegativeInfinity;
        foreach (ref readonly UtilityLaw law in laws) (bottom, centre) = (Math.Max(bottom, law.Bottom), Math.Max(centre, law.Location));
        bool hasBottom = double.IsFinite(bottom);
        double reference = hasBottom ? bottom : centre;
        foreach (ref UtilityLaw law in laws) law.Place(reference);
        double start = Start(laws, hasBottom, depth), below = 1;
        Span<int> alive = scratch.Alive;
        int living = 0, atoms = 0;
        for (int i = 0; i < laws.Length; i++)
        {
            ref UtilityLaw law = ref laws[i];
            (law.Best, law.Below) = (0, 1);
            if (hasBottom && start == 0 && law.Floor == 0) atoms += law.Count;
            if (law.Kind == LawKind.Point) below *= start >= law.Centre ? 1 : 0;
            else if (law.High > start && (start < law.Centre || law.Action(start) < depth)) alive[living++] = i;
        }

        if (start != 0 || atoms == 0) start = Raise(laws, alive[..living], start);
        foreach (int i in alive[..living])
        {
            ref UtilityLaw law = ref laws[i];
            law.Normalize();
            law.Density = law.DensityAt(start);
            law.Below = law.BelowAt(start, law.Density);
            below *= Power(law.Below, law.Count);
        }

        if (scratch.WantsMeans)
        {
            foreach (ref UtilityLaw law in laws) law.MeanBelow = law.MeanBelowAt(start);
        }

        if (atoms > 0)
        {
            foreach (ref UtilityLaw law in laws) law.Best = law.Floor == 0 ? below / atoms : 0;
            if (scratch.WantsMeans) AddAtoms(laws, scratch);
        }

        double y = start;
        for (int panel = 0; panel < MostPanels && living > 0; panel++)
        {
            if (living == 1 && !scratch.WantsMeans)
            {
                ref UtilityLaw last = ref laws[alive[0]]; // of what is left it takes all
                last.Best += (1 - Power(last.Below, last.Count)) / last.Count;
                break;
            }

            y = Advance(laws, alive[..living], scratch, y);
            int still = 0;
            for (int k = 0; k < living; k++)
            {
                if (IsAlive(laws[alive[k]], y, depth)) alive[still++] = alive[k];
                else laws[alive[k]].Below = 1;
            }

            living = still;
        }
    }

    /// <summary>Whether what an arm has left above <paramref name="y"/> can matter, to itself or to the others.</summary>
    private static bool IsAlive(in UtilityLaw law, double y, double depth) =>
        law.High > y && (y < law.Centre || law.Below < SurelyAlive || law.Action(y) < Math.Min(depth, LittleDepth - Math.Log(law.Best)));

    /// <summary>Where to begin: below it the product of all F is less than e^-depth.</summary>
    private static double Start(ReadOnlySpan<UtilityLaw> laws, bool hasBottom, double depth)
    {
        double bottomExponent = 0, centre = 0, precision = 0;
        foreach (ref readonly UtilityLaw law in laws)
        {
            if (law.Kind == LawKind.Beta && law.Low == 0) bottomExponent += law.Count * law.LowCount;
            if (law.Kind != LawKind.Point) centre = Math.Max(centre, law.Centre);
        }

        bool isSmoothBelow = bottomExponent <= MostBottomExponent;
        if (hasBottom && (isSmoothBelow || bottomExponent == 0) && Total(laws, 0, isSmoothBelow, out _) < depth) return 0;
        foreach (ref readonly UtilityLaw law in laws)
        {
            if (law.Kind != LawKind.Point && law.Centre + law.Width >= centre) precision += law.Count / (law.Width * law.Width);
        }

        // In the distance from the highest centre the total grows about like a power; where that leads astray, by halves.
        double near = 0, far = hasBottom ? centre : double.PositiveInfinity, middle = depth * (1 + StartTolerance / 2);
        double distance = Math.Min(Math.Sqrt(2 * middle / precision), far / 2);
        for (int step = 0; step < MostStartSteps; step++)
        {
            double total = Total(laws, centre - distance, isSmoothBelow, out double slope);
            if (total >= depth && total <= depth * (1 + StartTolerance)) break;
            if (total < depth) near = distance;
            else far = distance;
            double next = distance * Math.Min(MostStartGrowth, Math.Pow(middle / total, total / (slope * distance)));
            if (!(next > near && next < far))
                next = double.IsPositiveInfinity(far) ? 4 * distance : near > 0 && far > 4 * near ? Math.Sqrt(near) * Math.Sqrt(far) : (near + far) / 2;
            if (!(next > near && next < far)) break;
            distance = next;
        }

        return centre - distance;
    }

    /// <summary>A higher start, where prod F is little beside the least probability, P(a > c) prod P(b &lt; c) with c the highest centre.</summary>
    private static double Raise(ReadOnlySpan<UtilityLaw> laws, ReadOnlySpan<int> alive, double start)
    {
        double centre = start, least = 0, rivals = 0, total = 0;
        foreach (int i in alive) centre = Math.Max(centre, laws[i].Centre);
        foreach (int i in alive)
        {
            ref readonly UtilityLaw law = ref laws[i];
            if (!law.IsRegular) return start;
            least = Math.Max(least, law.Centre < centre ? law.Action(centre) : 0);
            rivals += law.Count;
        }

        double depth = LittleDepth + least + Math.Log(RootTwoPi * (1 + Math.Sqrt(2 * least))) + rivals;
        double raised = centre - (centre - start) * Math.Sqrt(depth / UsualDepth);
        foreach (int i in alive)
        {
            ref readonly UtilityLaw law = ref laws[i];
            if (raised < law.Centre) total += law.Count * law.Action(raised);
        }

        return raised > start && total >= depth ? raised : start;
    }

    /// <summary>Actions of the arms whose centre lies above, added up: about -ln of the product of their F.</summary>
    private static double Total(ReadOnlySpan<UtilityLaw> laws, double y, bool isSmoothBelow, out double slope)
    {
        double total = 0;
        slope = 0;
        foreach (ref readonly UtilityLaw law in laws)
        {
            if (y >= law.Centre || (isSmoothBelow && law.Kind == LawKind.Beta && law.Low == 0)) continue;
            total += law.Count * law.Action(y);
            slope += law.Count * law.ActionSlope(y);
        }

        return total;
    }

    /// <summary>Integrates one panel from <paramref name="y"/> on; returns its end.</summary>
    private static double Advance(Span<UtilityLaw> laws, ReadOnlySpan<int> alive, BestArmScratch scratch, double y)
    {
        double end = double.PositiveInfinity, reach = end, approach = end, finish = end, steepness = 0;
        foreach (int i in alive)
            if (laws[i].HasHardEnd) end = Math.Min(end, laws[i].High);
        double endPower = 1, startPower = 1;
        foreach (int i in alive)
        {
            ref readonly UtilityLaw law = ref laws[i];
            if (law.Below > 0) steepness += law.Count * law.Density / law.Below;
            if (law.High == end)
            {
                finish = Math.Min(finish, law.ReachToEnd(y));
                approach = Math.Min(approach, law.Reach(y));
                endPower = Math.Max(endPower, StretchOf(law.HighCount));
            }
            else
            {
                reach = Math.Min(reach, law.Reach(y));
            }

            if (law.Low == y) startPower = Math.Max(startPower, StretchOf(law.LowCount));
        }

        if (steepness > 0) reach = Math.Min(reach, MostProductChange / steepness);
        double toEnd = end - y, length;
        bool isFinal = startPower == 1 && Math.Min(reach, finish) / endPower >= toEnd;
        if (isFinal)
        {
            length = toEnd;
        }
        else
        {
            length = Math.Min(reach, approach) / startPower;
            if (length > toEnd / 2) length = toEnd / 2;
        }

        double next = isFinal ? end : y + length;
        if (!(next > y)) next = Math.BitIncrement(y);
        length = next - y;
        Span<double> offsets = MemoryMarshal.Cast<Vector256<double>, double>(scratch.Offsets.AsSpan());
        Span<double> lengths = MemoryMarshal.Cast<Vector256<double>, double>(scratch.Lengths.AsSpan());
        bool fromEnd = isFinal && endPower > 1;
        if (fromEnd || startPower > 1) PanelRule.PlaceStretched(length, fromEnd ? endPower : startPower, fromEnd, offsets, lengths);
        else PanelRule.Place(length, offsets, lengths);
        Tabulate(laws, alive, scratch, fromEnd ? end : y, next);
        return next;
    }

    /// <summary>m of <see cref="PanelRule"/> for a density that goes like the distance from its end to the power <paramref name="count"/> - 1.</summary>
    private static double StretchOf(double count) => count >= 2 || count == 1 ? 1 : 2 / count;

    private static void Tabulate(Span<UtilityLaw> laws, ReadOnlySpan<int> alive, BestArmScratch scratch, double anchor, double next)
    {
        const int Vectors = PanelRule.Vectors;
        ReadOnlySpan<Vector256<double>> offsets = scratch.Offsets, lengths = scratch.Lengths, weights = PanelRule.Weights;
        Vector256<double> zero = Vector256<double>.Zero, one = Vector256<double>.One;
        Vector256<double> b0 = one, b1 = one, b2 = one, b3 = one;
        for (int k = 0; k < alive.Length; k++)
        {
            ref UtilityLaw law = ref laws[alive[k]];
            Span<Vector256<double>> density = scratch.Density.AsSpan(k * Vectors, Vectors), running = scratch.Running.AsSpan(k * Vectors, Vectors);
            Span<Vector256<double>> before = scratch.Before.AsSpan(k * Vectors, Vectors);
            law.Fill(anchor, offsets, lengths, density);
            double whole = PanelRule.Run(law.Below, density, running);
            if (scratch.WantsMeans) RunMean(ref law, anchor, scratch, k);
            law.Below = law.High <= next ? 1 : Math.Min(1, whole);
            law.Density = density[Vectors - 1][3] / lengths[Vectors - 1][3];
            for (int v = 0; v < Vectors; v++) running[v] = Vector256.Min(one, Vector256.Max(zero, running[v]));
            (before[0], before[1], before[2], before[3]) = (b0, b1, b2, b3);
            b0 *= Power(running[0], law.Count);
            b1 *= Power(running[1], law.Count);
            b2 *= Power(running[2], law.Count);
            b3 *= Power(running[3], law.Count);
        }

        Vector256<double> a0 = weights[0], a1 = weights[1], a2 = weights[2], a3 = weights[3];
        for (int k = alive.Length - 1; k >= 0; k--)
        {
            ref UtilityLaw law = ref laws[alive[k]];
            Span<Vector256<double>> density = scratch.Density.AsSpan(k * Vectors, Vectors), running = scratch.Running.AsSpan(k * Vectors, Vectors);
            Span<Vector256<double>> before = scratch.Before.AsSpan(k * Vectors, Vectors);
            a0 *= Power(running[0], law.Count - 1);
            a1 *= Power(running[1], law.Count - 1);
            a2 *= Power(running[2], law.Count - 1);
            a3 *= Power(running[3], law.Count - 1);
            Vector256<double> sum = density[0] * before[0] * a0 + density[1] * before[1] * a1 + (density[2] * before[2] * a2 + density[3] * before[3] * a3);
            law.Best += Across(sum);
            if (scratch.WantsMeans)
            {
                (before[0], before[1], before[2], before[3]) =
                    (density[0] * before[0] * a0, density[1] * before[1] * a1, density[2] * before[2] * a2, density[3] * before[3] * a3);
                AddMeans(laws, alive, k, anchor, scratch, before);
            }

            a0 *= running[0];
            a1 *= running[1];
            a2 *= running[2];
            a3 *= running[3];
        }
    }

    private static Vector256<double> Power(Vector256<double> x, int exponent)
    {
        if (exponent == 1) return x;
        Vector256<double> power = Vector256<double>.One;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0) power *= x;
            x *= x;
        }

        return power;
    }

    private static double Power(double x, int exponent)
    {
        double power = 1;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0) power *= x;
            x *= x;
        }

        return power;
    }
}
