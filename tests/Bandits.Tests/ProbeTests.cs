using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>An adapter sees the decisions that it asked to time, and what became of every record.</summary>
public sealed class ProbeTests
{
    [Fact]
    public void One_decision_of_so_many_is_timed_and_every_record_traced_with_its_result_or_exception()
    {
        BanditRouter router = Given.Router();
        var probe = new Noting();
        router.Attach(probe);
        SegmentKey segment = router.SegmentOf("planner");
        for (int i = 0; i < 64; i++)
        {
            Assert.True(router.TryDecide(new Request(segment), out Decision d));
            router.Record(d, new Outcome { Kind = OutcomeKind.Success });
            if (i == 0) Assert.Throws<ArgumentException>(() => router.Record(d with { }, new Outcome()));
        }

        Assert.Equal((4, 4), (probe.Began, probe.Ended));
        Assert.Equal(65, probe.Records.Count);
        Assert.Equal("Applied", probe.Records[0]);
        Assert.Equal(nameof(ArgumentException), probe.Records[1]);
        probe.IsTracing = false;
        probe.Moment = 0; // nobody listens
        for (int i = 0; i < 32; i++) router.TryDecide(new Request(segment), out _);
        Assert.Equal((6, 4, 65), (probe.Began, probe.Ended, probe.Records.Count));
        router.Reconfigure(Given.Options());
        for (int i = 0; i < 16; i++) router.TryDecide(new Request(segment), out _);
        Assert.Equal(7, probe.Began); // it stays while settings change
    }

    private sealed class Noting : IRouterProbe
    {
        public int Began { get; private set; }

        public int Ended { get; private set; }

        public long Moment { get; set; } = 5;

        public List<string> Records { get; } = [];

        public ulong TimedMask => 15;

        public bool IsTracing { get; set; } = true;

        public long Begin()
        {
            Began++;
            return Moment;
        }

        public void Decided(long began)
        {
            Assert.Equal(5, began);
            Ended++;
        }

        public object? BeginRecord(in Decision decision, in Outcome outcome) => this;

        public void EndRecord(object? began, Recorded result, Exception? exception)
        {
            Assert.Same(this, began);
            Records.Add(exception?.GetType().Name ?? result.ToString());
        }
    }
}
