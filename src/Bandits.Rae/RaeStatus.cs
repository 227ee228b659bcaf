using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bandits.Rae;

/// <summary>How the exchange of one store with its server stands; counts go on over restarts.</summary>
public sealed record RaeStatus
{
    /// <summary>Requests that the server has taken, duplicates included.</summary>
    public long Pushed { get; init; }

    /// <summary>Of these, those that it had already: sent again after a failure or a restart.</summary>
    public long Deduplicated { get; init; }

    /// <summary>Tries after the first ones.</summary>
    public long Retried { get; init; }

    /// <summary>Requests that it refused for good; those there was room for are in <c>dead.jsonl</c>.</summary>
    public long Dead { get; init; }

    /// <summary>Windows of evidence that were put into the outbox.</summary>
    public long Windows { get; init; }

    /// <summary>Requests of evidence that were taken out again unsent, because a newer chain stands for them: nothing of them is lost.</summary>
    public long Superseded { get; init; }

    /// <summary>Windows for which the outbox had no room; what they held comes with the next.</summary>
    public long Postponed { get; init; }

    /// <summary>Outcomes that were left out of the records: beyond <see cref="RaeOptions.RecordsPerMinute"/>, or without room.</summary>
    public long RecordsLeftOut { get; init; }

    /// <summary>Memories of other instances that could not be used.</summary>
    public long BadMemories { get; init; }

    /// <summary>Requests that wait in the outbox.</summary>
    public int Waiting { get; init; }

    /// <summary>Bytes that they take on disk.</summary>
    public long WaitingBytes { get; init; }

    /// <summary>Whether requests go out.</summary>
    public RaeCircuit Circuit { get; init; }

    /// <summary>Why the latest exchange did not do all it should; null when it did. Holds nothing secret.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>When the server last took a request or answered a pull.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    internal static RaeStatus Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), RaeStatusJson.Default.RaeStatus) ?? new RaeStatus() : new RaeStatus();
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return new RaeStatus(); // counts begin anew
        }
    }

    /// <summary>Written without waiting for the device: it is for people.</summary>
    internal void Write(string path)
    {
        string aside = path + ".new";
        File.WriteAllBytes(aside, JsonSerializer.SerializeToUtf8Bytes(this, RaeStatusJson.Default.RaeStatus));
        File.Move(aside, path, overwrite: true);
    }
}

/// <summary>Generated, so that nothing is looked up at run time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(RaeStatus))]
internal sealed partial class RaeStatusJson : JsonSerializerContext;
