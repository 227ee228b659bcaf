using System.Text.Json;
using Bandits.Storage;

namespace Bandits.Rae.Formats;

/// <summary>States of stores and a few notes in a small file, written whole. One that cannot be read is as good as none: everything in it can be found out again.</summary>
internal sealed record Bookkeeping(IReadOnlyDictionary<string, long> Notes, IReadOnlyList<EvidenceState> States)
{
    public static Bookkeeping Empty { get; } = new(new Dictionary<string, long>(), []);

    /// <summary>A note; -1 where there is none.</summary>
    public long this[string note] => Notes.TryGetValue(note, out long value) ? value : -1;

    public static Bookkeeping Read(string path)
    {
        if (!File.Exists(path)) return Empty;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            var notes = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (JsonProperty note in document.RootElement.GetProperty("notes").EnumerateObject()) notes[note.Name] = note.Value.GetInt64();
            var states = new List<EvidenceState>();
            foreach (JsonElement element in document.RootElement.GetProperty("states").EnumerateArray())
            {
                if (EvidencePartReader.Read(element, out _, int.MaxValue) is not { } part) return Empty;
                states.Add(EvidenceState.Of(part));
            }

            return new Bookkeeping(notes, states);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Empty;
        }
    }

    /// <exception cref="IOException">It cannot be written; the one before is as it was.</exception>
    public void Write(string path)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject("notes");
            foreach ((string name, long value) in Notes) json.WriteNumber(name, value);
            json.WriteEndObject();
            json.WriteStartArray("states");
            foreach (EvidenceState state in States)
            {
                EvidencePart part = state.ToPart();
                json.WriteStartObject();
                json.WriteString("schema", EvidencePart.Schema);
                EvidencePartWriter.WriteFields(json, part, part.Checksum());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        WholeFile.Write(path, bytes.GetBuffer().AsSpan(0, (int)bytes.Length), replaces: true);
    }
}
