using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>A policy whose state depends on the order of outcomes says so when one is to be taken back; holds of every stateful policy in <c>Suites.cs</c>.</summary>
public sealed class RetractionLaws
{
    private static readonly Objective[] Objectives = [Objective.Quality, new(1, 0.5, 0.01), new(2, 1, 0)];

    private static IStatefulPolicy[] Policies { get; } = [.. typeof(RetractionLaws).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(PolicyLaws)) && !type.IsAbstract)
        .Select(type => ((PolicyLaws)Activator.CreateInstance(type)!).Policy)
        .OfType<IStatefulPolicy>()];

    /// <summary>Outcomes may have come between; none of them lets an arm in.</summary>
    [Law]
    public void What_is_taken_back_leaves_the_state_as_without_it_within_1e_9_and_what_is_not_changes_nothing(ulong seed, byte before, byte between)
    {
        foreach (IStatefulPolicy policy in Policies)
        {
            RandomStream random = Given.Random(seed);
            int arms = 1 + random.NextBelow(5);
            var with = new Played(policy, arms, Objectives[0]);
            var without = new Played(policy, arms, Objectives[0]);
            for (int i = before % 40; i > 0; i--) LearnBoth();
            Feedback wrong = Next(with, ref random);
            policy.Learn(with.State, wrong);
            for (int i = between % 10; i > 0; i--) LearnBoth();

            double[] learnt = [.. with.State];
            if (!policy.TryRetract(with.State, wrong)) Assert.Equal(learnt, with.State);
            else for (int i = 0; i < learnt.Length; i++) Assert.Equal(without.State[i], with.State[i], 1e-9 * Math.Max(1, Math.Abs(without.State[i])));

            void LearnBoth()
            {
                Feedback feedback = Next(with, ref random);
                policy.Learn(with.State, feedback);
                policy.Learn(without.State, feedback);
            }
        }
    }

    [Fact]
    public void The_page_says_which_policies_take_outcomes_back()
    {
        string[] page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "outcomes.md"));
        Assert.NotEmpty(Policies);
        foreach (IStatefulPolicy policy in Policies)
        {
            var played = new Played(policy, 3, Objective.Quality);
            played.Learn(1, 0.5, 0.5);
            string row = Assert.Single(page, line => line.StartsWith($"| `{policy.GetType().Name}` |", StringComparison.Ordinal));
            Assert.Equal(policy.TryRetract(played.State, played.FeedbackOf(1, 0.5, 0.5)), row.Contains("| taken back", StringComparison.Ordinal));
        }
    }

    /// <summary>Now and then the objective has changed, or the propensity is not known.</summary>
    private static Feedback Next(Played played, ref RandomStream random)
    {
        if (random.NextBelow(30) == 0) played.Objective = Objectives[random.NextBelow(Objectives.Length)];
        double propensity = random.NextBelow(10) == 0 ? double.NaN : 0.01 + 0.99 * random.NextUnit();
        return played.FeedbackOf(random.NextBelow(played.Arms), random.NextUnit(), propensity, random.NextUnit() * 1.5, random.NextUnit() * 90);
    }
}
