using Bandits.Numerics;
using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Statistics;

public sealed class MaturityQueueTests
{
    /// <summary>Whatever the order of decisions and outcomes, what is taken ascends, so nothing is taken twice, and it is what was filled in.</summary>
    [Law(MaxTest = 100)]
    public void Outcomes_are_taken_in_decision_order_and_once(int seed)
    {
        RandomStream random = Given.Random((ulong)seed);
        var queue = new MaturityQueue(16);
        var state = new double[queue.StateLength];
        ulong next = ulong.MaxValue / 2, last = 0;
        var open = new List<ulong>();
        for (int step = 0; step < 600; step++)
        {
            if (random.NextUnit() < 0.5)
            {
                next += (ulong)(1 + random.NextBelow(3));
                ulong sequence = next - (ulong)random.NextBelow(3);
                queue.Open(state, sequence, (int)(sequence % 5));
                open.Add(sequence);
            }
            else if (open.Count > 0)
            {
                ulong sequence = open[random.NextBelow(open.Count)]; // some twice, some never
                queue.Fill(state, sequence, OutcomeOf(sequence));
            }

            Assert.False(queue.Fill(state, next + 1, default));
            while (queue.TryTake(state, out GradedOutcome taken))
            {
                ulong sequence = ((ulong)state[2] << 32) | (ulong)state[3];
                Assert.True(sequence > last);
                Assert.Equal(OutcomeOf(sequence), taken);
                last = sequence;
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    public void A_lost_outcome_holds_others_back_for_at_most_the_capacity(int capacity)
    {
        var queue = new MaturityQueue(capacity);
        var state = new double[queue.StateLength];
        queue.Open(state, 1, 0);
        int taken = 0;
        for (int i = 1; i < capacity; i++)
        {
            queue.Open(state, (ulong)i + 1, 0);
            queue.Fill(state, (ulong)i + 1, new GradedOutcome(0, 1));
            Assert.False(queue.TryTake(state, out _));
        }

        Assert.True(queue.Open(state, (ulong)capacity + 1, 0));
        while (queue.TryTake(state, out _)) taken++;
        Assert.Equal(capacity - 1, taken);
        Assert.False(queue.Fill(state, 1, new GradedOutcome(0, 1)));
    }

    [Fact]
    public void All_outcomes_in_order_pass_at_once()
    {
        var queue = new MaturityQueue();
        var state = new double[queue.StateLength];
        for (ulong i = 0; i < 1_000; i++)
        {
            var outcome = new GradedOutcome(3, i / 1000.0) { HasCost = true, CostUsd = 0.5, HasLatency = true, LatencySeconds = 2 };
            Assert.True(queue.Open(state, i, 3));
            Assert.True(queue.Fill(state, i, outcome));
            Assert.True(queue.TryTake(state, out GradedOutcome taken));
            Assert.Equal(outcome, taken);
            Assert.False(queue.TryTake(state, out _));
        }
    }

    [Fact]
    public void A_correction_counts_until_the_outcome_is_taken()
    {
        var queue = new MaturityQueue(4);
        var state = new double[queue.StateLength];
        queue.Open(state, 1, 0);
        queue.Open(state, 2, 1);
        queue.Fill(state, 2, new GradedOutcome(1, 0));
        queue.Fill(state, 2, new GradedOutcome(1, 1));
        queue.Fill(state, 1, new GradedOutcome(0, 0));
        Assert.True(queue.TryTake(state, out _));
        Assert.True(queue.TryTake(state, out GradedOutcome second));
        Assert.Equal(1, second.Quality);
        Assert.False(queue.Fill(state, 2, new GradedOutcome(1, 0)));
        Assert.False(queue.Open(state, 2, 1));
        Assert.False(queue.TryTake(state, out _));
    }

    [Fact]
    public void A_decision_known_already_is_not_entered_again()
    {
        var queue = new MaturityQueue(4);
        var state = new double[queue.StateLength];
        Assert.True(queue.Open(state, 5, 0));
        Assert.True(queue.Open(state, 3, 0));
        Assert.False(queue.Open(state, 5, 0));
        Assert.False(queue.Open(state, 3, 0));
    }

    [Fact]
    public void A_full_queue_has_no_place_for_what_is_older_than_all_of_it()
    {
        var queue = new MaturityQueue(2);
        var state = new double[queue.StateLength];
        Assert.True(queue.Open(state, 5, 0));
        Assert.True(queue.Open(state, 8, 0));
        Assert.False(queue.Open(state, 4, 0));
        Assert.True(queue.Open(state, 6, 1)); // 5 is given up
        Assert.False(queue.Fill(state, 5, new GradedOutcome(0, 1)));
        Assert.True(queue.Fill(state, 8, new GradedOutcome(0, 1)));
        Assert.False(queue.TryTake(state, out _));
        Assert.True(queue.Fill(state, 6, new GradedOutcome(1, 0)));
        Assert.Equal(0UL, MaturityQueue.LastTaken(state));
        Assert.True(queue.TryTake(state, out GradedOutcome taken));
        Assert.Equal((1, 6UL), (taken.Arm, MaturityQueue.LastTaken(state)));
        Assert.False(queue.Open(state, 6, 1));
        Assert.True(queue.Open(state, 7, 1)); // between what was taken and what waits
        Assert.False(queue.TryTake(state, out _));
    }

    [Fact]
    public void What_is_not_known_of_an_outcome_stays_unknown()
    {
        var queue = new MaturityQueue(1);
        var state = new double[queue.StateLength];
        GradedOutcome costed = new(1, 0.5) { HasCost = true, CostUsd = 3 }, timed = new(2, 0.25) { HasLatency = true, LatencySeconds = 4 };
        foreach (GradedOutcome outcome in (GradedOutcome[])[costed, timed])
        {
            ulong sequence = (ulong.MaxValue >> 8) + (ulong)outcome.Arm;
            queue.Open(state, sequence, outcome.Arm);
            queue.Fill(state, sequence, outcome);
            Assert.True(queue.TryTake(state, out GradedOutcome taken));
            Assert.Equal((outcome, sequence), (taken, MaturityQueue.LastTaken(state)));
        }
    }

    /// <summary>
    /// A stationary arm whose successes take 60 decisions longer than its failures. In order of arrival the first values are failures only,
    /// a change that is none; in decision order the detector's own bound on false alarms holds. The limit is what a binomial law exceeds with probability 1e-6.
    /// </summary>
    [Fact]
    public void Outcomes_that_take_longer_when_good_raise_no_alarm_through_the_queue()
    {
        const int Runs = 100, Decisions = 1_000, Delay = 60;
        const double Delta = 0.01;
        var detector = new GlrDetector(Delta, spending: false);
        var queue = new MaturityQueue(64);
        int through = 0, without = 0;
        for (int run = 0; run < Runs; run++)
        {
            RandomStream random = Given.Random((ulong)(run + 50));
            var state = new double[queue.StateLength];
            double[] ordered = [], arrived = [];
            var good = new bool[Decisions];
            bool orderedAlarm = false, arrivedAlarm = false;
            for (int n = 0; n < Decisions; n++)
            {
                good[n] = random.NextUnit() < 0.5;
                queue.Open(state, (ulong)n, 0);
                if (n >= Delay && good[n - Delay]) Come(n - Delay);
                if (!good[n]) Come(n);
            }

            through += orderedAlarm ? 1 : 0;
            without += arrivedAlarm ? 1 : 0;

            void Come(int n)
            {
                arrivedAlarm |= detector.Observe(ref arrived, good[n] ? 1 : 0);
                Assert.True(queue.Fill(state, (ulong)n, new GradedOutcome(0, good[n] ? 1 : 0)));
                while (queue.TryTake(state, out GradedOutcome taken)) orderedAlarm |= detector.Observe(ref ordered, taken.Quality);
            }
        }

        Assert.InRange(through, 0, Alarms.Most(Runs, Delta));
        Assert.InRange(without, Runs / 2, Runs);
    }

    [Fact]
    public void Queueing_allocates_nothing()
    {
        var queue = new MaturityQueue(8);
        var state = new double[queue.StateLength];
        Assert.Equal(0, Allocations.Of(run =>
        {
            for (ulong i = (ulong)run * 1_000; i < (ulong)(run + 1) * 1_000; i++)
            {
                queue.Open(state, i, 0);
                queue.Fill(state, i - i % 3, new GradedOutcome(0, 1));
                queue.TryTake(state, out GradedOutcome taken);
            }
        }));
    }

    [Fact]
    public void A_damaged_queue_never_throws()
    {
        var queue = new MaturityQueue(4);
        for (int i = 0; i < queue.StateLength; i++)
        {
            foreach (double wrong in (double[])[double.NaN, double.PositiveInfinity, -1, 1e300])
            {
                var state = new double[queue.StateLength];
                for (ulong n = 1; n < 4; n++) queue.Open(state, n, 0);
                state[i] = wrong;
                for (ulong n = 1; n < 20; n++)
                {
                    queue.Open(state, n, 0);
                    queue.Fill(state, n, new GradedOutcome(0, 1));
                    queue.TryTake(state, out _);
                }
            }
        }
    }

    /// <summary>Position and number of the oldest entry, each just below and just above its range, while an outcome waits to be found.</summary>
    [Theory]
    [InlineData(0, -1)]
    [InlineData(0, 4)]
    [InlineData(1, -1)]
    [InlineData(1, 5)]
    public void A_damaged_queue_gives_nothing_and_starts_anew(int at, double wrong)
    {
        var queue = new MaturityQueue(4);
        var state = new double[queue.StateLength];
        for (ulong n = 1; n <= 4; n++) queue.Open(state, n, 0);
        queue.Fill(state, 1, new GradedOutcome(0, 1));
        state[at] = wrong;
        Assert.False(queue.Fill(state, 1, new GradedOutcome(0, 1)));
        Assert.False(queue.TryTake(state, out _));
        Assert.True(queue.Open(state, 2, 3));
        Assert.True(queue.Fill(state, 2, new GradedOutcome(3, 1)));
        Assert.True(queue.TryTake(state, out GradedOutcome taken));
        Assert.Equal(3, taken.Arm);
    }

    [Fact]
    public void The_largest_capacity_is_allowed() => Assert.Equal(5 + 7 * 65_536, new MaturityQueue(65_536).StateLength);

    [Theory]
    [InlineData(0)]
    [InlineData(48)]
    [InlineData(1 << 17)]
    public void A_capacity_outside_its_range_is_refused(int capacity) => Assert.Throws<ArgumentOutOfRangeException>(() => new MaturityQueue(capacity));

    private static GradedOutcome OutcomeOf(ulong sequence) => new((int)(sequence % 5), sequence % 11 / 11.0)
    {
        HasCost = sequence % 2 == 0,
        CostUsd = sequence % 2 == 0 ? sequence % 7 : 0,
    };
}
