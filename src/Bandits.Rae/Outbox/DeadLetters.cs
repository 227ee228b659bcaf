using System.Text.Json;

namespace Bandits.Rae.Outbox;

/// <summary>Requests that the server refused for good, with the reason: a line of JSON each, up to a size.</summary>
internal sealed class DeadLetters(string path, long mostBytes, TimeProvider clock)
{
    /// <summary>Keeps a request; false when there is no room for it.</summary>
    public bool TryAdd(ReadOnlyMemory<byte> request, RaeException reason)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time", clock.GetUtcNow());
            json.WriteNumber("status", reason.Status);
            json.WriteString("reason", reason.Message);
            json.WritePropertyName("request");
            json.WriteRawValue(request.Span);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        if (file.Length + line.Length > mostBytes) return false;
        line.WriteTo(file);
        return true;
    }
}
