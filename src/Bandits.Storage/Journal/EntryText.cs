using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using MessagePack;

namespace Bandits.Storage.Journal;

/// <summary>An entry as a JSON object with a name for every field.</summary>
internal static class EntryText
{
    /// <summary>Writes the entry at a position. One that cannot be read has a field <c>fault</c> after what could.</summary>
    public static void Write(Utf8JsonWriter json, long position, ReadOnlyMemory<byte> payload)
    {
        json.WriteStartObject();
        json.WriteNumber("position", position);
        var aside = new ArrayBufferWriter<byte>(256);
        int fields = 0;
        string? fault = null;
        try
        {
            var reader = new MessagePackReader(payload);
            int count = reader.ReadArrayHeader();
            MessagePackReader ahead = reader.CreatePeekReader();
            EntryField[] known = EntryFields.Of((EntryKind)ahead.ReadByte());
            if (known.Length == 0) fault = "its kind is not known";
            for (; fields < Math.Min(count, known.Length); fields++) Write(json, ref reader, known[fields], aside);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException or InvalidOperationException or JsonException)
        {
            fault = (e.InnerException ?? e).Message;
        }

        if (fault is not null) json.WriteString("fault", fault);
        json.WriteEndObject();
    }

    /// <summary>Writes name and value; the value is put together aside, so that one which cannot be read leaves nothing half written.</summary>
    private static void Write(Utf8JsonWriter json, ref MessagePackReader reader, EntryField field, ArrayBufferWriter<byte> aside)
    {
        aside.Clear();
        using (var value = new Utf8JsonWriter(aside, json.Options)) WriteValue(value, ref reader, field.Form);
        json.WritePropertyName(field.Name);
        json.WriteRawValue(aside.WrittenSpan, skipInputValidation: true);
    }

    private static void WriteValue(Utf8JsonWriter json, ref MessagePackReader reader, FieldForm form)
    {
        switch (form)
        {
            case FieldForm.Name: json.WriteStringValue(reader.ReadUInt64().ToString("x16", CultureInfo.InvariantCulture)); break;
            case FieldForm.Names: WriteNames(json, ref reader); break;
            case FieldForm.Time: WriteTime(json, reader.ReadInt64()); break;
            case FieldForm.Entry: json.WriteStringValue(EntryFields.NameOf((EntryKind)reader.ReadByte())); break;
            case FieldForm.Tier: json.WriteStringValue(((ArmTier)reader.ReadByte()).ToString().ToLowerInvariant()); break;
            case FieldForm.Component: json.WriteStringValue(((OutcomeComponents)reader.ReadByte()).ToString().ToLowerInvariant()); break;
            case FieldForm.Status: json.WriteStringValue(((ArmStatus)reader.ReadByte()).ToString().ToLowerInvariant()); break;
            case FieldForm.Traits: json.WriteStringValue(((DecisionTraits)reader.ReadByte()).ToString()); break;
            case FieldForm.Ineligibility: json.WriteStringValue(((Ineligibility)reader.ReadUInt16()).ToString()); break;
            case FieldForm.Floats: WriteFloats(json, ref reader); break;
            case FieldForm.Settings: WriteSettings(json, ref reader); break;
            case FieldForm.WhyNot: WriteWhyNot(json, ref reader); break;
            case FieldForm.Contribution: WriteRecord(json, ref reader, EntryFields.Contribution); break;
            case FieldForm.Planned: WriteRecords(json, ref reader, EntryFields.Planned); break;
            case FieldForm.Cells: WriteRecords(json, ref reader, EntryFields.JoinedCell); break;
            default: WritePlain(json, ref reader); break;
        }
    }

    private static void WriteNames(Utf8JsonWriter json, ref MessagePackReader reader)
    {
        json.WriteStartArray();
        for (int count = reader.ReadArrayHeader(); count > 0; count--) json.WriteStringValue(reader.ReadUInt64().ToString("x16", CultureInfo.InvariantCulture));
        json.WriteEndArray();
    }

    private static void WritePlain(Utf8JsonWriter json, ref MessagePackReader reader)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Integer:
                if (reader.NextCode is MessagePackCode.UInt64) json.WriteNumberValue(reader.ReadUInt64());
                else json.WriteNumberValue(reader.ReadInt64());
                break;
            case MessagePackType.Float when reader.NextCode == MessagePackCode.Float32:
                float single = reader.ReadSingle();
                if (float.IsFinite(single)) json.WriteNumberValue(single);
                else json.WriteNullValue();
                break;
            case MessagePackType.Float:
                double number = reader.ReadDouble();
                if (double.IsFinite(number)) json.WriteNumberValue(number);
                else json.WriteNullValue();
                break;
            case MessagePackType.Boolean: json.WriteBooleanValue(reader.ReadBoolean()); break;
            case MessagePackType.String: json.WriteStringValue(reader.ReadString()); break;
            case MessagePackType.Array:
                json.WriteStartArray();
                for (int count = reader.ReadArrayHeader(); count > 0; count--) WritePlain(json, ref reader);
                json.WriteEndArray();
                break;
            default:
                reader.Skip();
                json.WriteNullValue();
                break;
        }
    }

    private static void WriteTime(Utf8JsonWriter json, long ticks)
    {
        if (ticks <= 0 || ticks > DateTime.MaxValue.Ticks) json.WriteNullValue();
        else json.WriteStringValue(new DateTime(ticks, DateTimeKind.Utc));
    }

    private static void WriteFloats(Utf8JsonWriter json, ref MessagePackReader reader)
    {
        byte[] bytes = reader.ReadBytes()?.ToArray() ?? [];
        json.WriteStartArray();
        for (int at = 0; at + sizeof(float) <= bytes.Length; at += sizeof(float)) json.WriteNumberValue(BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at)));
        json.WriteEndArray();
    }

    private static void WriteSettings(Utf8JsonWriter json, ref MessagePackReader reader)
    {
        json.WriteStartObject();
        for (int pairs = reader.ReadArrayHeader() / 2; pairs > 0; pairs--)
        {
            json.WritePropertyName(reader.ReadString() ?? "");
            WritePlain(json, ref reader);
        }

        json.WriteEndObject();
    }

    private static void WriteWhyNot(Utf8JsonWriter json, ref MessagePackReader reader)
    {
        json.WriteStartArray();
        for (int pairs = reader.ReadArrayHeader() / 2; pairs > 0; pairs--)
        {
            json.WriteStartObject();
            json.WriteNumber("arm", reader.ReadInt64());
            json.WriteString("why", ((Ineligibility)reader.ReadUInt16()).ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRecords(Utf8JsonWriter json, ref MessagePackReader reader, EntryField[] fields)
    {
        json.WriteStartArray();
        for (int count = reader.ReadArrayHeader(); count > 0; count--) WriteRecord(json, ref reader, fields);
        json.WriteEndArray();
    }

    private static void WriteRecord(Utf8JsonWriter json, ref MessagePackReader reader, EntryField[] fields)
    {
        if (reader.TryReadNil())
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        int count = reader.ReadArrayHeader();
        for (int i = 0; i < count; i++)
        {
            if (i >= fields.Length)
            {
                reader.Skip();
                continue;
            }

            json.WritePropertyName(fields[i].Name);
            WriteValue(json, ref reader, fields[i].Form);
        }

        json.WriteEndObject();
    }
}
