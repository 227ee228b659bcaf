using System.Buffers.Text;
using System.Security.Cryptography;
using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class DecisionTokenTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>The key 0, 1, ..., 31.</summary>
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static readonly Decision Sample = new()
    {
        Id = new DecisionId(0x0123456789abcdef, 42),
        Segment = new SegmentKey(0x0004000300020001),
        Arm = 2,
        Propensity = 0.375,
        TimeTicks = Given.Ticks,
        Attempt = 3,
        PredictedQuality = 0.75f,
        PredictedCostUsd = 0.0125,
        Traits = DecisionTraits.Explored | DecisionTraits.Sticky,
        SegmentOutcomes = 17,
    };

    /// <summary>Both computed by another program from the page of the format.</summary>
    [Fact]
    public void Tokens_are_those_of_the_format()
    {
        Assert.Equal("AgkDAO_Nq4lnRSMBKgAAAAAAAAABAAIAAwAEAAIAAAAAAAAAAADYP_Fvza5k390IAABAP5qZmZmZmYk_EQAAAAAAAAA28eat-nxZYhBuSw7ieOlD", Keyed(Key).TokenOf(Sample));
        Assert.Equal("AgkDAO_Nq4lnRSMBKgAAAAAAAAABAAIAAwAEAAIAAAAAAAAAAADYP_Fvza5k390IAABAP5qZmZmZmYk_EQAAAAAAAAAEGVZWUzjrJvaHl0CfMNxk", Given.Router(o => o.Seed = 7).TokenOf(Sample));
    }

    [Law]
    public void Tokens_bring_back_every_part_of_a_decision(Decision decision)
    {
        BanditRouter router = Keyed(Key);
        string token = router.TokenOf(decision);
        Assert.Equal(BanditRouter.TokenLength, token.Length);
        Assert.All(token, c => Assert.Contains(c, Alphabet));
        Assert.Equal(decision, router.ParseToken(token));
        Assert.True(router.TryParseToken(token, out Decision parsed));
        Assert.Equal(decision, parsed);

        var room = new char[BanditRouter.TokenLength + 1];
        Assert.True(router.TryFormatToken(decision, room, out int written));
        Assert.Equal((BanditRouter.TokenLength, token, '\0'), (written, new string(room, 0, written), room[written]));
    }

    [Fact]
    public void A_destination_that_is_too_short_is_left_as_it_is()
    {
        var room = new char[BanditRouter.TokenLength - 1];
        Assert.False(Keyed(Key).TryFormatToken(Sample, room, out int written));
        Assert.Equal(0, written);
        Assert.All(room, c => Assert.Equal('\0', c));
    }

    [Fact]
    public void A_decision_without_an_arm_keeps_its_reasons()
    {
        BanditRouter router = Given.Router();
        Assert.False(router.TryDecide(new Request(router.SegmentOf("planner")) { ExcludedArms = new[] { 0, 1, 2, 3 } }, out Decision none));
        Decision parsed = router.ParseToken(router.TokenOf(none));
        Assert.Equal((-1, Ineligibility.ExcludedArm), (parsed.Arm, parsed.WhyNone));
        Assert.Equal(none, parsed);
    }

    [Fact]
    public void Any_change_of_one_character_is_refused()
    {
        BanditRouter router = Given.Router();
        string token = router.TokenOf(router.Force(router.SegmentOf("planner", "core"), 2, Given.Ticks));
        for (int at = 0; at < token.Length; at++)
        {
            foreach (char other in Alphabet + " =\n%+/\0\u0141\ud800")
                if (other != token[at]) IsRefused(router, token[..at] + other + token[(at + 1)..]);
            IsRefused(router, token[..at]);
            IsRefused(router, token.Remove(at, 1));
            IsRefused(router, token.Insert(at, "A"));
            IsRefused(router, token.Insert(at, " "));
        }

        IsRefused(router, token + "=");
        Assert.Equal(2, router.ParseToken(token).Arm);
    }

    [Fact]
    public void Changing_what_a_token_says_takes_the_key()
    {
        byte[] bytes = Base64Url.DecodeFromChars(Keyed(Key).TokenOf(Sample));
        for (int at = 1; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            IsRefused(Keyed(Key), Base64Url.EncodeToString(bytes), "digest");
            bytes[at] ^= 0x10;
        }
    }

    [Fact]
    public void A_token_of_another_key_is_refused()
    {
        string token = Keyed(Key).TokenOf(Sample);
        IsRefused(Keyed([.. Key[..31], 32]), token, "another store");
        IsRefused(Keyed(Key[..16]), token, "another store");
        IsRefused(Given.Router(), token, "another store");
        IsRefused(Given.Router(o => o.Seed = 8), Given.Router(o => o.Seed = 7).TokenOf(Sample), "another store");
        Assert.Equal(Sample, Given.Router(o => o.Seed = 8).ParseToken(Given.Router(o => o.Seed = 8).TokenOf(Sample)));
    }

    [Fact]
    public void A_restored_router_takes_its_tokens_and_the_key_is_copied()
    {
        byte[] key = [.. Key];
        RouterOptions options = Given.Options(o => o.TokenKey = key);
        var router = new BanditRouter(options);
        Decision decision = router.Force(router.SegmentOf("planner"), 1);
        string token = router.TokenOf(decision);
        key[0]++;
        Assert.Equal(token, router.TokenOf(decision));
        key[0]--;
        BanditRouter restored = BanditRouter.Restore(options, router.CaptureState(), out _);
        Assert.Equal(Recorded.Applied, restored.Record(restored.ParseToken(token), new Outcome { Kind = OutcomeKind.Success }));
    }

    [Fact]
    public void A_token_of_another_version_is_refused_by_its_version()
    {
        const string Former = "AQkDAO_Nq4lnRSMBKgAAAAAAAAABAAIAAwAEAAIAAAAAAAAAAADYP_Fvza5k390IAABAP5qZmZmZmYk_Uyj57rgZEW4"; // as version 1 wrote it
        IsRefused(Keyed(Key), Former, "its version is 1, this program reads version 2");
        byte[] bytes = Base64Url.DecodeFromChars(Keyed(Key).TokenOf(Sample));
        bytes[0] = 3;
        IsRefused(Keyed(Key), Base64Url.EncodeToString(bytes), "its version is 3");
        IsRefused(Keyed(Key), Keyed(Key).TokenOf(Sample)[..Former.Length], "91 characters");
    }

    [Fact]
    public void What_is_no_token_is_refused_with_the_reason()
    {
        BanditRouter router = Keyed(Key);
        IsRefused(router, "", "0 characters");
        IsRefused(router, "good morning", "12 characters, a token has 112");
        IsRefused(router, new string('=', BanditRouter.TokenLength), "not a decision token");
        IsRefused(router, new string(' ', BanditRouter.TokenLength), "not a decision token");
        IsRefused(router, new string('\uffff', BanditRouter.TokenLength), "not a decision token");
        IsRefused(router, new string('A', 1_000_000), "1000000 characters");
    }

    [Fact]
    public void Numbers_that_no_router_writes_are_refused_though_the_key_is_right()
    {
        foreach (Decision impossible in (Decision[])[
            Sample with { Propensity = 1.5 }, Sample with { Propensity = -0.5 }, Sample with { Propensity = double.PositiveInfinity }, Sample with { TimeTicks = -1 },
            Sample with { TimeTicks = long.MaxValue }, Sample with { PredictedQuality = float.NaN }, Sample with { PredictedQuality = 1.1f },
            Sample with { PredictedCostUsd = -1 }, Sample with { PredictedCostUsd = double.NaN }, Sample with { PredictedCostUsd = double.PositiveInfinity },
            Sample with { SegmentOutcomes = -1 }])
            IsRefused(Keyed(Key), Keyed(Key).TokenOf(impossible), "out of its range");
    }

    [Fact]
    public void Fifty_thousand_mutated_tokens_are_refused_and_cost_little()
    {
        const long MostBytes = 16_384; // the exception, its message and its trace
        BanditRouter router = Keyed(Key);
        string token = router.TokenOf(Sample);
        var random = new Random(20260901);
        long most = 0;
        for (int i = 0; i < 50_000; i++)
        {
            string mutated = Mutate(token, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool isRefused = false;
            try
            {
                router.ParseToken(mutated);
            }
            catch (FormatException)
            {
                isRefused = true;
            }

            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(mutated != token, isRefused);
            Assert.Equal(!isRefused, router.TryParseToken(mutated, out Decision decision));
            Assert.Equal(isRefused ? default : Sample, decision);
        }

        Assert.InRange(most, 0, MostBytes);
    }

    [Fact]
    public void Formatting_and_parsing_allocate_nothing()
    {
        BanditRouter router = Keyed(Key);
        var room = new char[BanditRouter.TokenLength];
        string[] others = [Keyed(Key[..16]).TokenOf(Sample), "no token", new string('A', 100_000), new string('=', BanditRouter.TokenLength)];
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 2_000; i++) Work();
        }));

        void Work()
        {
            if (!router.TryFormatToken(Sample, room, out _) || !router.TryParseToken(room, out _)) throw new InvalidOperationException("The token did not come back.");
            foreach (string other in others) router.TryParseToken(other, out _);
        }
    }

    private static BanditRouter Keyed(byte[] key) => Given.Router(o => o.TokenKey = key);

    /// <summary>Asserts that a text is refused both ways, for a reason, and that each refusal is counted.</summary>
    private static void IsRefused(BanditRouter router, string text, string why = "decision token cannot be read")
    {
        long refused = router.RefusedCount;
        Assert.Contains(why, Assert.Throws<FormatException>(() => router.ParseToken(text)).Message, StringComparison.Ordinal);
        Assert.False(router.TryParseToken(text, out Decision decision));
        Assert.Equal((default, refused + 2), (decision, router.RefusedCount));
    }

    /// <summary>One to four changes: a character, any character, a piece out, a piece twice, noise behind, or noise altogether.</summary>
    private static string Mutate(string token, Random random)
    {
        string text = token;
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = random.Next(text.Length + 1), count = Math.Min(random.Next(5), text.Length - at);
            text = random.Next(6) switch
            {
                0 when at < text.Length => text[..at] + Alphabet[random.Next(64)] + text[(at + 1)..],
                1 when at < text.Length => text[..at] + (char)random.Next(0x10000) + text[(at + 1)..],
                2 => text.Remove(at, count),
                3 => text.Insert(at, text.Substring(at, count)),
                4 => text + new string((char)random.Next(128), random.Next(300)),
                _ => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(random.Next(120))),
            };
        }

        return text;
    }
}
