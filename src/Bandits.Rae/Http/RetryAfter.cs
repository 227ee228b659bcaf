using System.Text.Json;

namespace Bandits.Rae.Http;

/// <summary>How long a server asks to be left alone: <c>Retry-After</c>, or where there is none what stands in the body of a 429 in either of its shapes.</summary>
internal static class RetryAfter
{
    /// <summary>Longest wait that is believed; what asks for more is taken to ask for this.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Bytes of an error's body that are looked at.</summary>
    private const int MostBytes = 64 << 10;

    /// <summary>The wait, or null where nothing usable is said within the time that a body may take.</summary>
    public static async Task<TimeSpan?> OfAsync(HttpResponseMessage response, TimeProvider clock, TimeSpan most, CancellationToken cancellationToken)
    {
        if (response.Headers.RetryAfter is { } header)
        {
            if (header.Delta is { } delta) return Bounded(delta);
            if (header.Date is { } date) return Bounded(date - clock.GetUtcNow());
        }

        if ((int)response.StatusCode != 429) return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(most); // this is outside the time of the try
        try
        {
            await response.Content.LoadIntoBufferAsync(MostBytes, limit.Token).ConfigureAwait(false);
            return InBody(await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false), clock.GetUtcNow());
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            response.Content.Dispose(); // whoever reads it next must not wait for it again
            response.Content = new ByteArrayContent([]);
            return null; // too long, too slow, or broken off
        }
    }

    /// <summary>The wait in <c>{"error":{"retry_after_seconds":60}}</c> or <c>{"error":{"message":{"reset_at":unix seconds}}}</c>.</summary>
    public static TimeSpan? InBody(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (!Member(document.RootElement, "error", out JsonElement error)) return null;
            if (Member(error, "retry_after_seconds", out JsonElement seconds) && seconds.TryGetDouble(out double wait)) return FromSeconds(wait);
            if (!Member(error, "message", out JsonElement message)) return null;
            if (Member(message, "reset_at", out JsonElement reset) && reset.TryGetDouble(out double unix)) return FromSeconds(unix - now.ToUnixTimeMilliseconds() / 1e3);
            return Member(message, "retry_after_seconds", out seconds) && seconds.TryGetDouble(out wait) ? FromSeconds(wait) : null;
        }
        catch (JsonException)
        {
            return null;
        }

        static bool Member(JsonElement element, string name, out JsonElement value)
        {
            value = default;
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind is JsonValueKind.Object or JsonValueKind.Number;
        }
    }

    private static TimeSpan? FromSeconds(double seconds) => double.IsFinite(seconds) ? Bounded(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds))) : null;

    private static TimeSpan Bounded(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
}
