using Bandits.Testing;

namespace Bandits.Tests.Extensions;

/// <summary>The router for users' tests chooses what it is told and is a real one in everything else.</summary>
public sealed class TestRouterTests
{
    [Fact]
    public void It_chooses_what_it_is_told_and_the_first_arm_otherwise()
    {
        TestRouter test = new TestRouter("small", "large").Choose("large", "small", "large");
        Assert.Equal(["large", "small", "large", "small", "small"], Enumerable.Range(0, 5).Select(_ => Next(test)));
        Assert.Equal(0, test.Waiting);
        Assert.Contains("nobody", Assert.Throws<ArgumentException>(() => test.Choose("small", "nobody")).Message, StringComparison.Ordinal);
        Assert.Equal(0, test.Waiting);
    }

    [Fact]
    public void Constraints_hold_and_a_scripted_arm_waits_until_it_is_eligible()
    {
        TestRouter test = new TestRouter("a", "b").Choose("b");
        Assert.True(test.Router.TryDecide(new Request { ExcludedArms = new[] { 1 } }, out Decision d));
        Assert.Equal((0, 1.0, 1), (d.Arm, d.Propensity, test.Waiting));
        Assert.Equal("b", Next(test));
    }

    [Fact]
    public void It_remembers_what_was_recorded_and_tokens_work()
    {
        var test = new TestRouter(options =>
        {
            options.Dimensions = ["team"];
            options.Arms.Add(new Arm { Id = "only" });
        });
        Assert.True(test.Router.TryDecide(new Request(test.Router.SegmentOf("core")), out Decision d));
        Decision back = test.Router.ParseToken(test.Router.TokenOf(d));
        test.Router.Record(back, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.5 });
        Assert.Throws<ArgumentException>(() => test.Router.Record(back, new Outcome()));
        Assert.Equal([Recorded.Applied, null], test.Outcomes.Select(o => o.Result));
        Assert.Equal((d.Id, 0.5), (test.Outcomes[0].Decision.Id, test.Outcomes[0].Outcome.CostUsd));
    }

    [Fact]
    public void Two_of_them_do_the_same()
    {
        var one = new TestRouter("a", "b");
        var two = new TestRouter("a", "b");
        for (int i = 0; i < 50; i++)
        {
            if (i % 7 == 0) (one, two) = (one.Choose("b"), two.Choose("b"));
            Assert.True(one.Router.TryDecide(default, out Decision x) & two.Router.TryDecide(default, out Decision y));
            Assert.Equal(x, y);
        }
    }

    private static string Next(TestRouter test)
    {
        Assert.True(test.Router.TryDecide(default, out Decision d));
        return test.Router.ArmAt(d.Arm).Id;
    }
}
