using System.Text;
using Bandits.Rae.Formats;
using Bandits.Tests.Support;

namespace Bandits.Tests.Rae;

/// <summary>What goes into a memory's content comes out of the scrubber as it went in.</summary>
public sealed class SafeTextLaws
{
    [Law]
    public void No_name_is_taken_for_a_person_or_a_number_of_one(string? first, string? second, int digits)
    {
        string number = new([.. Enumerable.Range(0, Math.Abs(digits % 40)).Select(i => (char)('0' + i % 10))]);
        foreach (string name in (string[])[first ?? "", $"{first} {second}", number, $"{first}{number}.{number}", "Claude Sonnet", "4111-1111-1111-1111", "10.0.0.127", "a.b@c.example", "+48 600 700 800"])
            Unscrubbed(text => text.Append("seg=").Name(name).Append('/').Name(number).Append(" arm=").Name(name));
    }

    [Law]
    public void No_number_is_taken_for_a_card_or_a_telephone(double number, long count)
    {
        foreach (double value in (double[])[Math.Abs(number), 0.8333333333333334, 0.123456789, 1_700_000_000, 99_999_999.5, 9.9999999, 1234.56789, 1e300])
            Unscrubbed(text => text.Append("cost_usd=").Number(value).Append(" duration_s=").Number(value).Append(" n=").Count(count & long.MaxValue));
    }

    [Law]
    public void Letters_are_exact_and_hold_no_digit(ulong number)
    {
        string letters = new StringBuilder().Letters(number).ToString();
        ulong back = letters.Aggregate(0UL, (sum, letter) => sum * 16 + (ulong)(letter - 'a'));
        Assert.Equal(number, back);
        Assert.InRange(letters.Length, 1, 16);
        Assert.DoesNotContain(letters, char.IsDigit);
    }

    [Theory]
    [InlineData(0.0123, "0.012300")]
    [InlineData(81.2, "81.20000")]
    [InlineData(0, "0.000000")]
    [InlineData(99_999_999, "99999999")]
    [InlineData(123_456_789_012, "1.235e11")]
    public void Numbers_have_at_most_eight_digits_and_six_decimals(double number, string text) => Assert.Equal(text, new StringBuilder().Number(number).ToString());

    private static void Unscrubbed(Action<StringBuilder> write)
    {
        var text = new StringBuilder("bandit ");
        write(text);
        Assert.Equal(text.ToString(), Scrubber.Scrub(text.ToString()));
    }
}
