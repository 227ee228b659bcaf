namespace Bandits.Statistics;

/// <summary>Turns probabilities of single choices into inclusion probabilities of k different choices, and draws such a sample with one uniform
/// number.</summary>
/// <remarks>
/// <code>
/// Source      Madow (1949), On the theory of systematic sampling II, Annals of Mathematical Statistics 20;
///             inclusion proportional to size, capped: Saerndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, section 3.6
/// Rule        pi_i = min(1, c p_i),  sum pi = k;   i is drawn when some u + m (m = 0, 1, ...) falls between the sums of pi before and after i
/// Symbols     p -> weights, 0 or more;  k -> size, 1 to K;  u -> unit, [0, 1)
/// Cost        O(K) for each round of capping, at most k rounds; O(K) to draw; 0 B
/// Departures  with fewer than k positive weights these are certain, and the others share what is left evenly; certain positions are taken out before
///             the draw, so that rounding can neither miss one nor take it twice
/// Guarantee   position i is in the sample with probability pi_i exactly, and never twice; pairs are not independent, and some may never meet
/// </code>
/// </remarks>
internal static class InclusionProbabilities
{
    /// <summary>Replaces weights by inclusion probabilities.</summary>
    /// <param name="weights">Not negative and finite; replaced by numbers in [0, 1] that sum to <paramref name="size"/>.</param>
    /// <param name="size">Choices to make, 0 to the number of weights.</param>
    public static void Of(Span<double> weights, int size)
    {
        int positive = 0;
        foreach (double weight in weights)
            if (weight > 0) positive++;
        if (positive <= size)
        {
            double rest = positive < weights.Length ? (double)(size - positive) / (weights.Length - positive) : 0;
            foreach (ref double weight in weights) weight = weight > 0 ? 1 : rest;
            return;
        }

        // Each round caps those above 1 under the present c; a cap raises c for the others, so it never has to be taken back.
        // Infinity marks the capped until c is known.
        int left = size;
        while (true)
        {
            double sum = 0;
            foreach (double weight in weights)
                if (weight != double.PositiveInfinity) sum += weight;
            int capped = 0;
            foreach (ref double weight in weights)
            {
                if (weight == double.PositiveInfinity || left * (weight / sum) < 1) continue;
                weight = double.PositiveInfinity;
                capped++;
            }

            // Where the capped take all that is left, what the others have is below rounding, and stays.
            if (capped > 0 && capped < left)
            {
                left -= capped;
                continue;
            }

            foreach (ref double weight in weights) weight = weight == double.PositiveInfinity ? 1 : left * (weight / sum);
            return;
        }
    }

    /// <summary>Draws a sample: writes the positions drawn, ascending, and returns their number.</summary>
    /// <param name="probabilities">Inclusion probabilities from <see cref="Of"/>.</param>
    /// <param name="unit">A uniform number in [0, 1).</param>
    /// <param name="drawn">Receives the positions; as long as the probabilities' sum.</param>
    public static int Draw(ReadOnlySpan<double> probabilities, double unit, Span<int> drawn)
    {
        int certain = 0;
        foreach (double probability in probabilities)
            if (probability >= 1) certain++;
        int open = drawn.Length - certain, count = 0, last = -1;
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double probability = probabilities[i];
            if (probability >= 1)
            {
                drawn[count++] = i;
                continue;
            }

            sum += probability;
            if (!(probability > 0) || open == 0) continue;
            if (sum > unit)
            {
                drawn[count++] = i;
                unit++;
                open--;
            }
            else
            {
                last = i;
            }
        }

        // The sum may end an ulp short of the last point; the last position passed over then takes what rounding left.
        if (open > 0 && last >= 0)
        {
            int at = count;
            for (; at > 0 && drawn[at - 1] > last; at--) drawn[at] = drawn[at - 1];
            drawn[at] = last;
            count++;
        }

        return count;
    }
}
