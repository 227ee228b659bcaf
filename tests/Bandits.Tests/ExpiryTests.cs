using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>Decisions whose outcome never came expire, provisionally.</summary>
public sealed class ExpiryTests
{
    private const long Minute = TimeSpan.TicksPerMinute;
    private readonly BanditRouter _router = Given.Router(o => o.LedgerCapacity = 64);
    private readonly SegmentKey _segment;

    public ExpiryTests() => _segment = _router.SegmentOf("planner");

    [Fact]
    public void What_waited_long_enough_expires_once_and_a_real_outcome_takes_its_place()
    {
        Decision early = _router.Force(_segment, 1), settled = _router.Force(_segment, 1), partly = _router.Force(_segment, 1);
        _router.Record(settled, new Outcome { Kind = OutcomeKind.Success });
        _router.Record(partly, new Outcome { CostUsd = 0.5 });
        Assert.Equal(0, _router.Expire(Given.Ticks, TimeSpan.FromMinutes(5)));
        Decision late = _router.Force(_segment, 1);
        Assert.Equal(0, _router.Expire(Given.Ticks + 4 * Minute, TimeSpan.FromMinutes(5)));
        Assert.Equal(2, _router.Expire(Given.Ticks + 5 * Minute, TimeSpan.FromMinutes(5)));
        Assert.Equal(0, _router.Expire(Given.Ticks + 6 * Minute, TimeSpan.FromMinutes(5)));
        Evidence evidence = _router.EvidenceOf(_segment, 1);
        Assert.Equal((2L, 1L, 0.5), (evidence.CountOf(OutcomeKind.Expired), evidence.QualityCount, evidence.CostSumUsd));
        Assert.Equal(1, _router.Expire(Given.Ticks + 9 * Minute, TimeSpan.FromMinutes(5)));
        Assert.Equal(Recorded.Corrected, _router.Record(early, new Outcome { Kind = OutcomeKind.Failed }));
        Assert.Equal(Recorded.Corrected, _router.Record(late, new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal((1L, 3L), (_router.EvidenceOf(_segment, 1).CountOf(OutcomeKind.Expired), _router.EvidenceOf(_segment, 1).QualityCount));
    }

    [Fact]
    public void Supplied_ids_and_evicted_decisions_are_no_trouble()
    {
        for (ulong i = 1; i <= 200; i++) Assert.True(_router.TryDecide(new Request(_segment) { Id = new DecisionId(77, i) }, out _));
        Assert.Equal(0, _router.Expire(Given.Ticks, TimeSpan.FromMinutes(1)));
        Assert.Equal(64, _router.Expire(Given.Ticks + Minute, TimeSpan.FromMinutes(1)));
        Assert.Equal(64, Enumerable.Range(0, 4).Sum(arm => _router.EvidenceOf(_segment, arm).CountOf(OutcomeKind.Expired)));
    }

    [Fact]
    public void Nothing_expires_too_early_however_often_it_is_looked_at()
    {
        for (int i = 0; i < 5000; i++)
        {
            Assert.True(_router.TryDecide(new Request(_segment), out Decision decision));
            if (i % 2 == 0) _router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
            Assert.Equal(0, _router.Expire(Given.Ticks + i, TimeSpan.FromHours(1)));
        }

        Assert.Equal(32, _router.Expire(Given.Ticks + 2 * TimeSpan.TicksPerHour, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Times_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _router.Expire(0, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => _router.Expire(1, TimeSpan.FromTicks(-1)));
    }
}
