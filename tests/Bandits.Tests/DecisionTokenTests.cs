using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class DecisionTokenTests
{
    [Law]
    public void Tokens_round_trip(ulong incarnation, ulong sequence, ulong segment, int arm, double propensity, long ticks, ushort attempt, float quality, double cost, byte traits)
    {
        var decision = new Decision
        {
            Id = new DecisionId(incarnation, sequence),
            Segment = new SegmentKey(segment),
            Arm = arm,
            Propensity = propensity,
            TimeTicks = ticks,
            Attempt = attempt,
            PredictedQuality = quality,
            PredictedCostUsd = cost,
            Traits = (DecisionTraits)traits,
        };
        Assert.Equal(decision, Decision.ParseToken(decision.ToToken()));
        Assert.All(decision.ToToken(), c => Assert.True(char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
    }

    [Fact]
    public void Any_change_of_one_character_is_refused()
    {
        BanditRouter router = Given.Router();
        string token = router.Force(router.SegmentOf("planner", "core"), 2, Given.Ticks).ToToken();
        for (int at = 0; at < token.Length; at++)
        {
            foreach (char other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_ =\n%+/")
            {
                if (other == token[at]) continue;
                string changed = token[..at] + other + token[(at + 1)..];
                Assert.Throws<FormatException>(() => Decision.ParseToken(changed));
            }

            Assert.Throws<FormatException>(() => Decision.ParseToken(token.AsSpan(0, at)));
            Assert.Throws<FormatException>(() => Decision.ParseToken(token.Remove(at, 1)));
            Assert.Throws<FormatException>(() => Decision.ParseToken(token + token[at]));
        }

        Assert.Throws<FormatException>(() => Decision.ParseToken(new string('A', 5_000)));
    }
}
