using System.Text;
using Bandits.History;
using FsCheck.Xunit;

namespace Bandits.Tests.History;

/// <summary>What makes two lines the same record, and that the quick reader and the general one never disagree.</summary>
public sealed class RecordIdentityLaws
{
    [Property(MaxTest = 300)]
    public bool Key_order_spacing_escapes_number_spelling_nulls_and_unknown_fields_do_not_matter(int record, int style) =>
        Identity(RecordLines.Numbered(record)) == Identity(RecordLines.Spelled(record, style));

    [Property(MaxTest = 100)]
    public bool Distinct_records_differ(int x, int y) => x == y || Identity(RecordLines.Numbered(x)) != Identity(RecordLines.Numbered(y));

    [Theory]
    [InlineData(",\"num_steps\":1", ",\"num_steps\":2")]
    [InlineData(",\"num_steps\":1", ",\"num_retries\":1")]
    [InlineData(",\"num_steps\":0", "")]
    [InlineData(",\"total_cost_usd\":0", "")]
    [InlineData(",\"total_cost_usd\":0.1", ",\"total_cost_usd\":0.10000000000000002")]
    [InlineData(",\"quality_gate_passed\":true", ",\"quality_gate_passed\":false")]
    [InlineData(",\"planner_model\":\"a\"", ",\"planner_provider\":\"a\"")]
    [InlineData(",\"planner_model\":\"ab\",\"planner_provider\":\"c\"", ",\"planner_model\":\"a\",\"planner_provider\":\"bc\"")]
    [InlineData(",\"planner_model\":\"\"", "")]
    [InlineData(",\"started_at\":\"2026-01-05T00:00:00\"", ",\"started_at\":\"2026-01-05T00:00:00Z\"")]
    [InlineData(",\"metadata\":{\"a\":1}", "")]
    [InlineData(",\"metadata\":{\"a\":1}", ",\"metadata\":{\"a\":\"1\"}")]
    [InlineData(",\"metadata\":{\"a\":1}", ",\"metadata\":{\"a\":10}")]
    [InlineData(",\"metadata\":{\"a\":[1,2]}", ",\"metadata\":{\"a\":[2,1]}")]
    [InlineData(",\"metadata\":{\"a\":[]}", ",\"metadata\":{\"a\":{}}")]
    [InlineData(",\"metadata\":{\"a\":null}", ",\"metadata\":{}")]
    [InlineData(",\"metadata\":{\"a\":9007199254740993}", ",\"metadata\":{\"a\":9007199254740992}")]
    [InlineData(",\"metadata\":{\"a\":{\"b\":1}}", ",\"metadata\":{\"b\":{\"a\":1}}")]
    public void Any_difference_in_a_known_field_matters(string x, string y) =>
        Assert.NotEqual(Identity(RecordLines.Simple(extra: x)), Identity(RecordLines.Simple(extra: y)));

    [Theory]
    [InlineData(",\"metadata\":{}", "")]
    [InlineData(",\"metadata\":{\"a\":1.50e1,\"b\":0.0}", ",\"metadata\":{\"b\":-0,\"a\":15}")]
    [InlineData(",\"metadata\":{\"a\":1,\"a\":2}", ",\"metadata\":{\"a\":2}")]
    [InlineData(",\"num_steps\":1,\"num_steps\":2", ",\"num_steps\":2")]
    [InlineData(",\"total_cost_usd\":-0.0", ",\"total_cost_usd\":0e9")]
    [InlineData(",\"error_type\":\"\\u00e9\"", ",\"error_type\":\"é\"")]
    public void What_means_the_same_is_the_same(string x, string y) =>
        Assert.Equal(Identity(RecordLines.Simple(extra: x)), Identity(RecordLines.Simple(extra: y)));

    /// <summary>Golden: stores recognise records by it for ever. The value is pinned, not derived.</summary>
    [Fact]
    public void The_identity_of_a_known_record_does_not_change() =>
        Assert.Equal("2f462056bdb94ff1965471be00f5257f", Identity(RecordLines.Numbered(1)).ToString("x32"));

    [Property(MaxTest = 30)]
    public bool Import_twice_counts_nothing_twice(int seed)
    {
        var random = new Random(seed);
        var history = new ExecutionHistory();
        ImportAccount first = history.Import(RecordLines.Log(40));
        HistoryStatistics before = history.Analytics.Statistics();
        var again = new StringBuilder();
        for (int i = 0; i < 45; i++) again.Append(RecordLines.Spelled(i, random.Next())).Append('\n'); // 40 known in other words, 5 appended since
        ImportAccount second = history.Import(Encoding.UTF8.GetBytes(again.ToString()));
        return first.Imported == 40 && (second.Read, second.AlreadyKnown, second.Imported) == (45, 40, 5)
            && history.Analytics.Statistics().TotalTasks == before.TotalTasks + 5;
    }

    [Property(MaxTest = 1500)]
    public bool The_quick_reader_and_the_general_one_agree_on_any_line(int record, int style, int damage) =>
        ReadersAgree(style % 3 == 0 ? RecordLines.Spelled(record, style) : RecordLines.Numbered(record), damage);

    /// <summary>Without escapes and with flat metadata, so that only the damage keeps the quick reader from reading it all.</summary>
    [Property(MaxTest = 3000)]
    public bool The_quick_reader_and_the_general_one_agree_on_plain_lines(int record, int style, int damage)
    {
        string space = style % 2 == 0 ? " " : "", reward = (style & 7) < 4 ? "0.25" : "null";
        string metadata = (record & 3) == 0 ? "{}" : $$"""{"a":{{space}}{{record}}.50,"reward":{{space}}{{reward}},{{space}}"b": "é{{style}}","t":true ,"f":false,"n":null,"a":-1e3}""";
        string extra = $",\"num_steps\":{space}{(uint)record % 1000},{space}\"total_cost_usd\":{space}0.{(uint)style}{space},\"plan_review_passed\":false,\"planner_model\":null,\"unknown\":-1.5e+3,{space}\"metadata\":{space}{metadata}";
        return ReadersAgree(RecordLines.Simple($"t{record}", extra + (damage % 2 == 0 ? ",\"error_type\":\"x\"" : "")), damage / 5);
    }

    [Fact]
    public void No_two_field_names_share_a_slot()
    {
        var slots = new HashSet<int>();
        for (int field = 0; field < RecordFields.Count; field++)
        {
            ReadOnlySpan<byte> name = RecordFields.Name((RecordField)field);
            Assert.True(slots.Add(RecordFields.Slot(name)));
            Assert.Equal((RecordField)field, RecordFields.Match(name));
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("0.1", 0.1)]
    [InlineData("123456.789e-3", 123.456789)]
    [InlineData("9007199254740993", 9007199254740992)]
    [InlineData("1e22", 1e22)]
    [InlineData("1e23", 1e23)]
    [InlineData("5e-324", 5e-324)]
    [InlineData("0.000000000000000000000000000001", 1e-30)]
    [InlineData("1e99999999999999999999", double.PositiveInfinity)]
    public void Numbers_are_the_nearest_double(string text, double expected) => Assert.Equal(expected, JsonDecimal.ToDouble(Encoding.UTF8.GetBytes(text)));

    [Property(MaxTest = 500)]
    public bool Numbers_read_back_bit_for_bit(double number) =>
        !double.IsFinite(number) || JsonDecimal.ToDouble(Encoding.UTF8.GetBytes(number.ToString("R", System.Globalization.CultureInfo.InvariantCulture))) == number;

    [Theory]
    [InlineData("2026-01-05T08:00:00.346000", "2026-01-05T08:00:00.3460000Z")]
    [InlineData("2026-01-05T08:00:00Z", "2026-01-05T08:00:00.0000000Z")]
    [InlineData("2026-01-05 08:00:00+02:00", "2026-01-05T06:00:00.0000000Z")]
    [InlineData("2026-01-05T08:00-0130", "2026-01-05T09:30:00.0000000Z")]
    [InlineData("2026-01-05", "2026-01-05T00:00:00.0000000Z")]
    [InlineData("2026-02-29", null)]
    [InlineData("2026-01-05T24:00:00", null)]
    [InlineData("2026-01-05T08", null)]
    [InlineData("0001-01-01T00:00:00+01:00", null)]
    [InlineData("now", null)]
    public void Times_without_a_zone_are_utc(string text, string? expected)
    {
        bool isTime = LogTime.TryParse(Encoding.UTF8.GetBytes(text), out long ticks);
        Assert.Equal(expected, isTime ? new DateTime(ticks, DateTimeKind.Utc).ToString("O") : null);
    }

    private static bool ReadersAgree(string text, int damage)
    {
        byte[] line = Encoding.UTF8.GetBytes(text);
        var random = new Random(damage);
        for (int i = random.Next(3); i > 0; i--)
        {
            int at = random.Next(line.Length);
            line = random.Next(3) switch
            {
                0 => [.. line[..at], .. line[(at + 1)..]],
                1 => [.. line[..at], (byte)"{}[]\",:\\ 0-+.eEntf\u0001"[random.Next(19)], .. line[at..]],
                _ => line[..at],
            };
        }

        RecordParser quick = new(), general = new(readerOnly: true);
        bool accepted = quick.TryParse(line, out RecordFault fault);
        bool expected = general.TryParse(line, out RecordFault expectedFault);
        return accepted == expected && fault == expectedFault
            && (!accepted || (new RecordIdentity().Of(quick, line) == new RecordIdentity().Of(general, line) && quick.Reward.Equals(general.Reward)));
    }

    private static UInt128 Identity(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        var parser = new RecordParser();
        Assert.True(parser.TryParse(bytes, out RecordFault fault), $"{fault} {line}");
        return new RecordIdentity().Of(parser, bytes);
    }
}
