using System.Collections;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Bandits.Extensions;
using Bandits.Rae;
using Bandits.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bandits.Tests.Docs;

/// <summary>Tables of pages that come from the code: between <c>&lt;!-- table NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c> stands what the types say today.</summary>
/// <remarks>To write them anew, run the tests of this class with the environment variable BANDITS_WRITE_PAGES set to 1.</remarks>
public sealed partial class GeneratedPages
{
    private static readonly Dictionary<string, Func<string>> Tables = new()
    {
        ["BanditsOptions"] = () => OptionsTable<BanditsOptions>(),
        ["ArmOptions"] = () => OptionsTable<ArmOptions>(),
        ["BaselineRuleOptions"] = () => OptionsTable<BaselineRuleOptions>(),
        ["ForgettingOptions"] = () => OptionsTable<ForgettingOptions>(),
        ["DriftOptions"] = () => OptionsTable<DriftOptions>(),
        ["ArmDriftOptions"] = () => OptionsTable<ArmDriftOptions>(),
        ["BudgetOptions"] = () => OptionsTable<BudgetOptions>(),
        ["LatencyLimitOptions"] = () => OptionsTable<LatencyLimitOptions>(),
        ["SafetyGateOptions"] = () => OptionsTable<SafetyGateOptions>(),
        ["SpendCapOptions"] = () => OptionsTable<SpendCapOptions>(),
        ["RouterStoreOptions"] = () => OptionsTable<RouterStoreOptions>(),
        ["RaeOptions"] = () => OptionsTable<RaeOptions>(),
        ["instruments"] = InstrumentsTable,
        ["events"] = EventsTable,
    };

    [Theory]
    [InlineData("docs/configuration.md", 11)]
    [InlineData("docs/observability.md", 2)]
    [InlineData("docs/rae.md", 1)]
    public void Tables_say_what_the_code_says(string page, int tables)
    {
        string path = Path.Combine(Repository.Root, page), text = File.ReadAllText(path);
        Assert.Equal(tables, Marked().Count(text));
        string now = Marked().Replace(text, match => $"<!-- table {match.Groups[1].Value} -->\n{Tables[match.Groups[1].Value]()}<!-- end -->");
        if (Environment.GetEnvironmentVariable("BANDITS_WRITE_PAGES") == "1") File.WriteAllText(path, now);
        else Assert.Equal(now, text);
    }

    [Fact]
    public void Every_table_stands_on_a_page() =>
        Assert.Equal(Tables.Keys.Order(StringComparer.Ordinal), Pages.All.SelectMany(page => Marked().Matches(page.Text)).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));

    private static string OptionsTable<T>()
        where T : new()
    {
        var instance = new T();
        var table = new StringBuilder("| name | type | default | meaning |\n|---|---|---|---|\n");
        foreach (PropertyInfo property in typeof(T).GetProperties().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            object? value = property.GetValue(instance);
            string said = XmlText.Of(typeof(T), property.Name, "value"), meaning = XmlText.Of(typeof(T), property.Name, "summary");
            string byDefault = value is null or double.NaN ? (said.StartsWith("null", StringComparison.Ordinal) ? said[4..].TrimStart(':', ' ') : said) is { Length: > 0 } else_ ? else_ : "none" : ValueText(value);
            table.Append(CultureInfo.InvariantCulture, $"| {property.Name} | {TypeText(property.PropertyType)} | {byDefault.Replace("|", "\\|")} | {meaning.Replace("|", "\\|")} |\n");
        }

        return table.ToString();
    }

    private static string ValueText(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string { Length: 0 } => "none",
        IDictionary or IList => "none",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        RouterStoreOptions => "see below",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ when value.GetType().IsGenericType => "none",
        _ => value.ToString()!,
    };

    private static string TypeText(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return string.Join(", ", Enum.GetNames(type));
        if (type == typeof(byte[])) return "base64";
        if (type.IsGenericType) return type.GetGenericTypeDefinition() == typeof(IDictionary<,>) ? $"name: {TypeText(type.GetGenericArguments()[1])}" : $"list of {TypeText(type.GetGenericArguments()[0])}";
        return type.Name switch
        {
            "Int32" or "Int64" or "UInt64" => "integer",
            "Double" => "number",
            "Boolean" => "true, false",
            "String" => "text",
            "TimeSpan" => "time",
            var name => $"[{name}](#{name.ToLowerInvariant()})",
        };
    }

    private static string InstrumentsTable()
    {
        var found = new List<Instrument>();
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddBandits(options => options.Arms["a"] = new ArmOptions());
        using ServiceProvider provider = services.BuildServiceProvider();
        object scope = provider.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == BanditsTelemetry.MeterName && instrument.Meter.Scope == scope) found.Add(instrument);
            },
        };
        listener.Start();
        provider.GetRequiredService<BanditRouter>();
        var table = new StringBuilder("| instrument | kind | unit | meaning |\n|---|---|---|---|\n");
        foreach (Instrument instrument in found.OrderBy(instrument => instrument.Name, StringComparer.Ordinal))
        {
            string kind = instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal);
            table.Append(CultureInfo.InvariantCulture, $"| {instrument.Name} | {kind} | {instrument.Unit} | {instrument.Description} |\n");
        }

        return table.ToString();
    }

    private static string EventsTable()
    {
        var table = new StringBuilder("| id | event | level | message |\n|---|---|---|---|\n");
        foreach ((MethodInfo method, LoggerMessageAttribute message) in typeof(RouterLog).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Select(method => (method, method.GetCustomAttribute<LoggerMessageAttribute>()!)).Where(pair => pair.Item2 is not null).OrderBy(pair => pair.Item2.EventId))
            table.Append(CultureInfo.InvariantCulture, $"| {message.EventId} | {method.Name} | {message.Level} | {message.Message} |\n");
        return table.ToString();
    }

    [GeneratedRegex(@"<!-- table (\w+) -->\n.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
