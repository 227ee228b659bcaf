using System.Text;
using Bandits.Rae.Http;

namespace Bandits.Tests.Rae;

/// <summary>What a busy server's body may say.</summary>
public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Theory]
    [InlineData("""{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"x","retry_after_seconds":60}}""", 60.0)]
    [InlineData("""{"error":{"code":"429","message":{"error":"x","limit":100,"window":60,"reset_at":1700000042}}}""", 42.0)]
    [InlineData("""{"error":{"code":"429","message":{"reset_at":1600000000}}}""", 0.0)]
    [InlineData("""{"error":{"retry_after_seconds":1e300}}""", 86400.0)]
    [InlineData("""{"error":{"retry_after_seconds":-5}}""", 0.0)]
    [InlineData("""{"error":"slow down"}""", null)]
    [InlineData("""{"error":{"retry_after_seconds":"soon"}}""", null)]
    [InlineData("""[1]""", null)]
    [InlineData("""not json""", null)]
    [InlineData("", null)]
    public void Both_shapes_are_read_and_nothing_else_is_believed(string body, double? seconds) =>
        Assert.Equal(seconds, RetryAfter.InBody(Encoding.UTF8.GetBytes(body), Now)?.TotalSeconds);
}
