namespace Bandits.Segments;

/// <summary>What evidence says of quality and cost, own and borrowed, before a law is made of it.</summary>
internal struct ArmMoments
{
    /// <summary>Pseudo-counts of quality, prior included.</summary>
    public double Successes, Failures;

    /// <summary>Graded outcomes, own plus borrowed, and their sum and sum of squares (NaN: not kept).</summary>
    public double Count, Sum, Squares;

    /// <summary>Outcomes of known cost, own plus borrowed; their sum and sum of squares in USD.</summary>
    public double CostCount, CostSum, CostSquares;

    /// <summary>Posterior mean of cost, USD.</summary>
    public double CostMean;
}

/// <summary>From moments to a belief, under one of the laws of <see cref="BeliefLaw"/>.</summary>
/// <remarks>
/// <code>
/// Source      Beta: conjugate for Bernoulli, fractional counts for grades. Matched: method of moments. Student: Murphy (2007), Conjugate Bayesian analysis
///             of the Gaussian distribution, equations 85 to 89 (normal-inverse-gamma)
/// Rule        Beta:     q ~ Beta(w m, w (1-m))
///             Matched:  f = (n p(1-p) + k g) / (D + k g),  g = m(1-m),  D = SS - S^2/n;  w' = w + (f - 1) n;  then w'' so that
///                       V^2 g / (w'' + 1) = V^2 g / (w' + 1) + r c^2 Var[cost]
///             Student:  q ~ m + s t(2 a),  a = a0 + n/2,  b = b0 + D/2 + w0 n (p - m0)^2 / (2 w),  s^2 = b / (a w) + r c^2 Var[cost] / V^2
///             Var[cost] = (D_c + x^2) / (n_c + 1)^2
/// Symbols     m, w -> posterior mean and mass;  n, S, SS -> count, sum, squares;  p = S / n;  V -> Scale;  c -> Objective.CostMultiplier;  x -> mean cost
///             r = 1/4: how much of the uncertainty of cost is explored, from the regret laboratory: mean cost is learnt from every call, lucky or not,
///             and under heavy tails the whole of it (r = 1) costs a third more regret, none of it (r = 0) locks in now and then
///             k = 4: outcomes of Bernoulli variance that tame f in small samples;  a0 = 1, b0 = a0 m0 (1-m0): one outcome's worth of Bernoulli variance
/// Cost        O(1), 0 B
/// Departures  the mean stays that of the pseudo-counts; a cost seen x once is given the spread of its own size
/// Guarantee   Matched is Beta bit for bit where every outcome is 0 or 1 and cost does not count
/// </code>
/// </remarks>
internal static class QualityPosterior
{
    private const double BernoulliWeight = 4;
    private const double ShapePrior = 1;
    private const double LeastMass = 0.1;
    private const double ExploredCost = 0.25;

    /// <summary>The belief of one arm.</summary>
    public static Belief Of(BeliefLaw law, in ArmMoments moments, double scale, double shift, double costMultiplier)
    {
        Belief belief = default;
        Write(ref belief, law, moments, scale, shift, costMultiplier, pending: 0);
        return belief;
    }

    /// <summary>The same in its place: a belief is large, and is not copied on the way.</summary>
    public static void Write(ref Belief belief, BeliefLaw law, in ArmMoments moments, double scale, double shift, double costMultiplier, int pending)
    {
        double count = moments.Count, mass = moments.Successes + moments.Failures, mean = moments.Successes / mass;
        double sampleMean = count > 0 ? Math.Clamp(moments.Sum / count, 0, 1) : mean;
        double bernoulli = count * sampleMean * (1 - sampleMean);
        double deviations = double.IsNaN(moments.Squares) ? bernoulli : Math.Max(0, moments.Squares - moments.Sum * sampleMean);
        double sampleVariance = count > 0 ? Math.Min(deviations, bernoulli) / count : mean * (1 - mean);
        if (law == BeliefLaw.Beta)
        {
            belief = new Belief(moments.Successes, moments.Failures, scale, shift, count) { SampleMean = sampleMean, SampleVariance = sampleVariance, Pending = pending };
            return;
        }

        double costVariance = costMultiplier > 0 ? ExploredCost * costMultiplier * costMultiplier * VarianceOfMeanCost(moments) : 0;
        if (law == BeliefLaw.Student && scale > 0)
        {
            double spread = SpreadOf(moments, mass, scale, deviations, sampleMean, costVariance, out double degrees);
            Belief.WriteStudent(ref belief, Math.Clamp(mean, 1e-12, 1 - 1e-12), spread, degrees, scale, shift, count, sampleMean, sampleVariance, pending);
            return;
        }

        double granted = BernoulliWeight * mean * (1 - mean);
        double gain = count > 0 && bernoulli - deviations > 1e-9 * count ? (bernoulli + granted) / (deviations + granted) : 1;
        double matched = mass + (gain - 1) * count;
        if (costVariance > 0 && scale > 0)
        {
            double variance = scale * scale * mean * (1 - mean);
            matched = Math.Max(LeastMass, variance / (variance / (matched + 1) + costVariance) - 1);
        }

        double times = matched / mass;
        belief = new Belief(times * moments.Successes, times * moments.Failures, scale, shift, times * count) { SampleMean = sampleMean, SampleVariance = sampleVariance, Pending = pending };
    }

    private static double SpreadOf(in ArmMoments moments, double mass, double scale, double deviations, double sampleMean, double costVariance, out double degrees)
    {
        double count = moments.Count, priorMass = Math.Max(LeastMass, mass - count);
        double priorMean = Math.Clamp((moments.Successes - moments.Sum) / priorMass, 0.01, 0.99);
        double shape = ShapePrior + count / 2;
        double gap = sampleMean - priorMean;
        double rate = ShapePrior * priorMean * (1 - priorMean) + deviations / 2 + priorMass * count * gap * gap / (2 * (priorMass + count));
        degrees = 2 * shape;
        return Math.Sqrt(rate / (shape * mass) + costVariance / (scale * scale));
    }

    private static double VarianceOfMeanCost(in ArmMoments moments)
    {
        double count = moments.CostCount;
        double deviations = count > 0 ? Math.Max(0, moments.CostSquares - moments.CostSum * moments.CostSum / count) : 0;
        return (deviations + moments.CostMean * moments.CostMean) / ((count + 1) * (count + 1));
    }
}
