using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>Laws 2 and 3: evidence is the same cell, to the last bit, however it was gathered.</summary>
public sealed class EvidenceLaws
{
    [Law]
    public void Any_order_gives_the_same_cell(Outcome[] outcomes, int seed) =>
        Assert.Equal(Given.Words(Sum(outcomes)), Given.Words(Sum(Shuffled(outcomes, seed))));

    [Law]
    public void Any_split_gives_the_same_cell(Outcome[] outcomes, byte parts)
    {
        Evidence total = default;
        foreach (Outcome[] chunk in outcomes.Chunk(parts % 7 + 1)) total.Add(Sum(chunk));
        Assert.Equal(Given.Words(Sum(outcomes)), Given.Words(total));
    }

    [Fact]
    public async Task Any_split_into_threads_gives_the_same_cell()
    {
        var traffic = new Traffic(5);
        var outcomes = Enumerable.Range(0, 20_000).Select(_ => traffic.NextOutcome(default)).ToArray();
        Evidence[] parts = await Task.WhenAll(outcomes.Chunk(2_503).Select(chunk => Task.Run(() => Sum(chunk))));
        Evidence total = default;
        foreach (Evidence part in parts.Reverse()) total.Add(part);
        Assert.Equal(Given.Words(Sum(outcomes)), Given.Words(total));
    }

    [Law]
    public void Addition_is_a_commutative_group(Evidence a, Evidence b, Evidence c)
    {
        Assert.True(Plus(a, b) == Plus(b, a));
        Assert.True(Plus(Plus(a, b), c) == Plus(a, Plus(b, c)));
        Assert.True(Plus(a, default) == a);
        Evidence back = Plus(a, b);
        back.Remove(b);
        Assert.Equal(Given.Words(a), Given.Words(back));
        back.Remove(a);
        Assert.True(back == default);
    }

    [Law]
    public void Taking_an_outcome_back_is_exact(Outcome[] kept, Outcome[] taken)
    {
        Evidence all = Sum([.. kept, .. taken]);
        foreach (Outcome outcome in taken.Reverse()) all.Remove(outcome);
        Assert.Equal(Given.Words(Sum(kept)), Given.Words(all));
    }

    [Law]
    public void Stored_words_round_trip(Evidence evidence) => Assert.Equal(Given.Words(evidence), Given.Words(Evidence.FromWords(Given.Words(evidence))));

    [Law]
    public void What_was_observed_is_plausible(Evidence evidence) => Assert.True(evidence.IsPlausible);

    [Law]
    public void Equality_is_equality_of_every_word(Evidence a, byte word, byte bit)
    {
        long[] words = Given.Words(a);
        words[word % words.Length] ^= 1L << (bit & 63);
        Assert.False(a == Evidence.FromWords(words));
        Assert.True(a != Evidence.FromWords(words));
    }

    [Law]
    public void Sums_are_what_a_naive_account_says(Outcome[] outcomes)
    {
        Evidence e = Sum(outcomes);
        double[] grades = [.. outcomes.Where(o => o.Kind is not null)
            .Select(o => o.Quality ?? (o.Kind == OutcomeKind.Success ? 1 : o.Kind == OutcomeKind.Failed ? 0 : double.NaN)).Where(q => !double.IsNaN(q))];
        double[] costs = [.. outcomes.Where(o => o.CostUsd is not null).Select(o => o.CostUsd!.Value)];
        double[] seconds = [.. outcomes.Where(o => o.Latency is not null).Select(o => o.Latency!.Value.TotalSeconds)];
        Assert.Equal(outcomes.Count(o => o.Kind is not null), e.Total);
        Assert.Equal(grades.Length, e.QualityCount);
        Near(grades.Sum(), e.QualitySum, 1e-9 * grades.Length);
        Near(grades.Sum(q => q * q), e.QualitySquareSum, 1e-9 * grades.Length);
        Assert.Equal(costs.Length, e.CostCount);
        Near(costs.Sum(), e.CostSumUsd, 1e-9 * costs.Length);
        Near(costs.Sum(c => c * c), e.CostSquareSumUsd, 1e-6 + 1e-9 * costs.Sum(c => c * c));
        Assert.Equal(seconds.Length, e.LatencyCount);
        Near(seconds.Sum(), e.LatencySumSeconds, 1e-6 * seconds.Length);
        Near(seconds.Sum(s => s * s), e.LatencySquareSumSeconds, 1e-3);
        Assert.Equal(outcomes.Count(o => o.Kind == OutcomeKind.Timeout && o.Latency is not null), e.CensoredCount);
        Assert.Equal(outcomes.Sum(o => (long)(o.InputTokens ?? 0)), e.InputTokens);
        Assert.Equal(outcomes.Sum(o => (long)(o.OutputTokens ?? 0)), e.OutputTokens);
    }

    [Theory]
    [InlineData(0, -1)] // a negative count
    [InlineData(0, long.MaxValue)] // more outcomes than a world can hold
    [InlineData(9, 1)] // quality beyond its count
    [InlineData(16, 100)] // grades without judgements
    [InlineData(16, -1)]
    [InlineData(18, -5)] // negative money
    [InlineData(18, long.MaxValue)] // more money than its count can carry
    [InlineData(17, 0)] // money without a count
    [InlineData(20, 5)] // more censored than timed
    [InlineData(23, -1)]
    [InlineData(25, -1)]
    public void An_impossible_cell_is_not_plausible(int word, long value)
    {
        Evidence evidence = Given.Evidence(6, 4, 0.5);
        evidence.Add(new Outcome { Latency = TimeSpan.FromSeconds(2) });
        long[] words = Given.Words(evidence);
        words[word] = value;
        Assert.False(Evidence.FromWords(words).IsPlausible);
    }

    [Fact]
    public void Squares_smaller_than_the_mean_allows_are_not_plausible()
    {
        long[] words = Given.Words(Given.Evidence(6, 4));
        (words[10], words[11]) = (1, 0);
        Assert.False(Evidence.FromWords(words).IsPlausible);
    }

    private static void Near(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance + 1e-12 * Math.Abs(expected), $"{actual:R} is not {expected:R} within {tolerance:R}.");

    private static Evidence Sum(IEnumerable<Outcome> outcomes)
    {
        Evidence evidence = default;
        foreach (Outcome outcome in outcomes) evidence.Add(outcome);
        return evidence;
    }

    private static Evidence Plus(Evidence a, in Evidence b)
    {
        a.Add(b);
        return a;
    }

    private static Outcome[] Shuffled(Outcome[] outcomes, int seed)
    {
        Outcome[] shuffled = [.. outcomes];
        new Random(seed).Shuffle(shuffled);
        return shuffled;
    }
}
