using Bandits.Rae;
using Microsoft.Extensions.Configuration;

namespace Bandits.Tests.Rae;

/// <summary>Options say all that is wrong with them, and nothing that is secret.</summary>
public sealed class RaeOptionsTests
{
    [Theory]
    [InlineData("https://rae.example:8000", true)]
    [InlineData("https://rae.example/behind/a/path", true)]
    [InlineData("http://localhost:8000", true)]
    [InlineData("http://127.0.0.1:8000", true)]
    [InlineData("http://[::1]:8000", true)]
    [InlineData("http://rae.example:8000", false)]
    [InlineData("http://localhost.example", false)]
    [InlineData("ftp://rae.example", false)]
    [InlineData("rae.example", false)]
    [InlineData("https://me:secret@rae.example", false)]
    [InlineData("https://rae.example?key=secret", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_key_goes_out_in_the_clear_to_nobody_else(string? endpoint, bool isAllowed)
    {
        IReadOnlyList<string> faults = new RaeOptions { Endpoint = endpoint }.Validate();
        Assert.Equal(isAllowed, faults.Count == 0);
        Assert.DoesNotContain(faults, fault => fault.Contains("secret", StringComparison.Ordinal));
        if (endpoint?.StartsWith("http://rae", StringComparison.Ordinal) == true) Assert.Empty(new RaeOptions { Endpoint = endpoint, AllowHttp = true }.Validate());
    }

    [Fact]
    public void Every_fault_has_the_option_its_value_and_the_range()
    {
        var options = new RaeOptions
        {
            Endpoint = "https://rae.example",
            Tenant = "t",
            Project = "",
            SyncInterval = TimeSpan.FromDays(2),
            ForeignWeight = double.NaN,
            RecordsPerMinute = -1,
            CreatesPerMinute = 0,
            InfoClass = "secret",
            OutboxBytes = 1,
            DeadLetterBytes = -1,
            RequestTimeout = TimeSpan.Zero,
            Retries = 0,
            LongestRetryWait = TimeSpan.Zero,
            MaxMemories = 0,
            MaxResponseBytes = 0,
            MaxForeignCells = 0,
            MaxInstances = 0,
            ApiKey = "two words",
        };
        IReadOnlyList<string> faults = options.Validate();
        Assert.Equal(17, faults.Count);
        Assert.Contains("SyncInterval is 2.00:00:00; the allowed range is [00:00:01, 1.00:00:00].", faults);
        Assert.Contains("CreatesPerMinute is 0; the allowed range is [1, 60000].", faults);
        Assert.Contains("ForeignWeight is NaN; the allowed range is [0, 1].", faults);
        Assert.DoesNotContain(faults, fault => fault.Contains("two words", StringComparison.Ordinal));
        Assert.DoesNotContain("two words", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_set_wins_over_the_environment()
    {
        IConfiguration environment = new ConfigurationBuilder().AddInMemoryCollection([new("RAE_ENDPOINT", "https://there"), new("RAE_API_KEY", "k"), new("RAE_TENANT", "default-tenant")]).Build();
        var options = new RaeOptions { Endpoint = "https://here" };
        options.FillFrom(environment);
        Assert.Equal(("https://here", "k", "default-tenant"), (options.Endpoint, options.ApiKey, options.Tenant));
    }
}
