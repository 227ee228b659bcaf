using System.Net;
using System.Text.Json;

namespace Bandits.Rae.Http;

/// <summary>An answer that is not 200, in words: the server's errors are objects, plain strings, or FastAPI's <c>detail</c>.</summary>
internal static class ErrorAnswer
{
    private const int LongestReason = 300;

    public static RaeException Of(HttpResponseMessage response, ReadOnlyMemory<byte> body, string? secret)
    {
        int status = (int)response.StatusCode;
        if (status is >= 300 and < 400) return new RaeException(RaeFault.Misconfigured, status, $"The server redirects ({status}) to another scheme, host or port, or in a circle; that was not followed. Set {nameof(RaeOptions.Endpoint)} to the address meant.");
        string reason = $"The server answered {status}: {Reason(body, secret)}";
        if (status == (int)HttpStatusCode.Unauthorized) return new RaeException(RaeFault.Misconfigured, status, reason);
        if (status is >= 200 and < 300) return new RaeException(RaeFault.NotUnderstood, status, reason);
        return new RaeException(RaePipeline.IsTransient(response.StatusCode) ? RaeFault.Unavailable : RaeFault.Refused, status, reason);
    }

    /// <summary>The reason that a body states, one line, shortened, without the secret that a proxy may have repeated.</summary>
    private static string Reason(ReadOnlyMemory<byte> body, string? secret)
    {
        string text;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && (root.TryGetProperty("error", out JsonElement said) || root.TryGetProperty("detail", out said))) root = said;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("message", out JsonElement message)) root = message;
            text = root.ValueKind == JsonValueKind.String ? root.GetString()! : root.GetRawText();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return body.Length == 0 ? "no reason given." : "a reason that is not JSON.";
        }

        text = text.ReplaceLineEndings(" ");
        if (!string.IsNullOrEmpty(secret)) text = text.Replace(secret, "***", StringComparison.OrdinalIgnoreCase);
        return text.Length <= LongestReason ? text : text[..LongestReason] + "...";
    }
}
