using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Bandits.Tests.Docs;

/// <summary>A range that an option's documentation states is the one that validation enforces, to its ends.</summary>
public sealed partial class StatedRanges
{
    public static TheoryData<string> Properties =>
        [.. typeof(RouterOptions).GetProperties().Where(property => Range().IsMatch(XmlText.Of(typeof(RouterOptions), property.Name, "summary"))).Select(property => property.Name)];

    [Fact]
    public void Most_options_state_a_range() => Assert.InRange(Properties.Count, 20, 40);

    [Theory]
    [MemberData(nameof(Properties))]
    public void What_is_stated_is_enforced(string name)
    {
        Match range = Range().Match(XmlText.Of(typeof(RouterOptions), name, "summary"));
        double low = Number(range.Groups[2].Value), high = Number(range.Groups[3].Value);
        PropertyInfo property = typeof(RouterOptions).GetProperty(name)!;
        bool isWhole = (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(int);
        double step = isWhole ? 1 : Math.Max(1e-12, Math.Abs(high) * 1e-9), stepDown = isWhole ? 1 : low == 0 ? 1e-12 : low * 1e-9;
        Assert.Equal(range.Groups[1].Value == "(", IsFault(low));
        Assert.Equal(range.Groups[4].Value == ")", IsFault(high));
        Assert.True(IsFault(low - stepDown), $"{name} takes {low - stepDown}");
        if (high < int.MaxValue) Assert.True(IsFault(high + step), $"{name} takes {high + step}");

        bool IsFault(double value)
        {
            var options = new RouterOptions();
            object given = isWhole ? (object)(int)value : value;
            property.SetValue(options, given);
            return options.Validate().Any(fault => fault.StartsWith(name, StringComparison.Ordinal));
        }
    }

    private static double Number(string text) => text.Split('^') is [var radix, var power]
        ? Math.Pow(double.Parse(radix, CultureInfo.InvariantCulture), double.Parse(power, CultureInfo.InvariantCulture))
        : double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"in ([\[(])([-\d.e^]+), ([-\d.e^]+)([\])])")]
    private static partial Regex Range();
}
