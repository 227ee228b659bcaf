using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Bandits.History;

/// <summary>
/// Reads one line into reusable slots: no object per record, no string per name. What was read is valid until the next line.
/// A key that comes twice counts as its last value, as in most JSON readers; validation looks at the last value only.
/// Plain lines are read without the general reader, which a test can switch off.
/// </summary>
internal sealed partial class RecordParser(bool readerOnly = false)
{
    private readonly Slot[] _slots = new Slot[RecordFields.Count];
    private readonly MetadataDigest _metadata = new();
    private byte[] _unescaped = new byte[256];
    private int _unescapedLength;
    private byte[] _digits = new byte[64];
    private double _durationSeconds;
    private double _costUsd;
    private long _steps;
    private long _retries;
    private uint _present, _texts;
    private RecordFault _fault;

    public TaskOutcome Outcome { get; private set; }

    /// <summary>NaN when unknown.</summary>
    public double DurationSeconds => _durationSeconds;

    /// <summary>NaN when unknown.</summary>
    public double CostUsd => _costUsd;

    /// <summary>-1 when unknown.</summary>
    public long Steps => _steps;

    /// <summary>-1 when unknown.</summary>
    public long Retries => _retries;

    /// <summary>NaN when the metadata hold no reward.</summary>
    public double Reward { get; private set; }

    /// <summary>True when the metadata are an object with at least one member.</summary>
    public bool HasMetadata { get; private set; }

    /// <summary>The metadata's digest, when there are any.</summary>
    public UInt128 MetadataHash => _metadata.Hash;

    /// <summary>True when the field is given and not null.</summary>
    public bool Has(RecordField field) => (_present >> (int)field & 1) != 0;

    /// <summary>The fields that make up the record's identity, a bit each: those that are given, empty metadata aside.</summary>
    public uint Identifying => HasMetadata ? _present : _present & ~(1u << (int)RecordField.Metadata);

    /// <summary>The unescaped text of a string field of <paramref name="line"/>; empty when it is unknown.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> line, RecordField field)
    {
        if (!Has(field)) return default;
        ref Slot slot = ref _slots[(int)field];
        return slot.Kind == SlotKind.UnescapedText ? _unescaped.AsSpan(slot.Start, slot.Length) : line.Slice(slot.Start + 1, slot.Length);
    }

    /// <summary>Where a given text field stands in the line; false when it had escapes and stands elsewhere.</summary>
    public bool TryTextInLine(RecordField field, out int start, out int length)
    {
        ref Slot slot = ref _slots[(int)field];
        (start, length) = (slot.Start + 1, slot.Length);
        return slot.Kind == SlotKind.Text;
    }

    /// <summary>A gate's verdict, null when unknown.</summary>
    public bool? Flag(RecordField field) => Has(field) ? _slots[(int)field].Kind == SlotKind.True : null;

    /// <summary>The JSON text of the metadata; empty when they are unknown.</summary>
    public ReadOnlySpan<byte> MetadataJson(ReadOnlySpan<byte> line) =>
        Has(RecordField.Metadata) ? line.Slice(_slots[(int)RecordField.Metadata].Start, _slots[(int)RecordField.Metadata].Length) : default;

    /// <summary>Reads one line without its line end.</summary>
    public bool TryParse(ReadOnlySpan<byte> line, out RecordFault fault)
    {
        _fault = default;
        bool accepted = ((!readerOnly && ScanPlain(line)) || ScanGuarded(line)) && Validate(line);
        fault = _fault;
        return accepted;
    }

    private bool ScanGuarded(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line)) return Refuse(RejectionReason.BrokenUtf8, RecordField.Unknown, "the line is not UTF-8");
        try
        {
            return Scan(line);
        }
        catch (JsonException e)
        {
            return RefuseJson(line, e);
        }
    }

    private bool Scan(ReadOnlySpan<byte> line)
    {
        uint present = 0, texts = 0;
        _unescapedLength = 0;
        if (line.IsEmpty || line[0] != (byte)'{')
        {
            int first = line.IndexOfAnyExcept(" \t\r"u8);
            if (first < 0 || line[first] != (byte)'{') return RefuseNonObject(line, first);
        }

        var reader = new Utf8JsonReader(line, isFinalBlock: true, state: default);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            RecordField field = reader.ValueIsEscaped ? MatchEscaped(ref reader) : RecordFields.Match(reader.ValueSpan);
            reader.Read();
            if (field == RecordField.Unknown)
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
                continue;
            }

            JsonTokenType type = reader.TokenType;
            uint bit = 1u << (int)field;
            present = type == JsonTokenType.Null ? present & ~bit : present | bit;
            texts = type == JsonTokenType.String ? texts | bit : texts & ~bit;
            ref Slot slot = ref _slots[(int)field];
            slot.Kind = (SlotKind)type;
            slot.Start = (int)reader.TokenStartIndex;
            slot.Length = reader.ValueSpan.Length;
            if (type < JsonTokenType.String) SkipNested(ref reader, field, ref slot);
            else if (reader.ValueIsEscaped && !Unescape(ref reader, ref slot)) texts &= ~bit;
        }

        _present = present;
        _texts = texts;
        return reader.BytesConsumed == line.Length || line[(int)reader.BytesConsumed..].IndexOfAnyExcept(" \t\r"u8) < 0
            || Refuse(RejectionReason.NotOneObject, RecordField.Unknown, "something follows the JSON object");
    }

    private bool Validate(ReadOnlySpan<byte> line)
    {
        // One comparison says that all is well with presence and texts; only when it is not, the field at fault is looked for.
        bool textsFit = (_present & RecordFields.Required) == RecordFields.Required && (_present & RecordFields.Texts & ~_texts) == 0;
        return (textsFit || NamesAndTexts())
            && NotEmpty(RecordField.TaskId) && NotEmpty(RecordField.TaskArea) && NotEmpty(RecordField.TaskRisk) && NotEmpty(RecordField.ImplementerModel)
            && RequireOutcome(line)
            && Amount(line, RecordField.DurationSeconds, HistoryLimits.MaxDurationSeconds, out _durationSeconds)
            && Amount(line, RecordField.TotalCostUsd, HistoryLimits.MaxCostUsd, out _costUsd)
            && Count(line, RecordField.NumSteps, out _steps)
            && Count(line, RecordField.NumRetries, out _retries)
            && Gate(RecordField.QualityGatePassed) && Gate(RecordField.CodeReviewPassed) && Gate(RecordField.PlanReviewPassed)
            && MetadataAndReward();
    }

    private bool NamesAndTexts()
    {
        for (int i = 0; i < RecordFields.Count; i++)
        {
            var field = (RecordField)i;
            uint bit = 1u << i;
            if ((RecordFields.Required & bit) != 0 && !Has(field)) return Refuse(RejectionReason.MissingField, field, "required, but missing or null");
            if ((RecordFields.Texts & bit) != 0 && Has(field) && (_texts & bit) == 0) return RefuseText(field);
        }

        return true;
    }

    private bool NotEmpty(RecordField field) => _slots[(int)field].Length > 0 || Refuse(RejectionReason.EmptyField, field, "required, but empty");

    private bool RefuseText(RecordField field) => _slots[(int)field].Kind == SlotKind.BrokenText
        ? Refuse(RejectionReason.BrokenUtf8, field, "holds an escape that is half of a surrogate pair")
        : RefuseType(field, "a string");

    private bool RequireOutcome(ReadOnlySpan<byte> line)
    {
        bool known = TaskOutcomeText.TryParse(Text(line, RecordField.Outcome), out TaskOutcome outcome);
        Outcome = outcome;
        return known || Refuse(RejectionReason.UnknownOutcome, RecordField.Outcome, "must be success, failed, partial, human_review or cancelled");
    }

    private bool Amount(ReadOnlySpan<byte> line, RecordField field, double largest, out double amount)
    {
        amount = double.NaN;
        if (!Has(field)) return true;
        ref Slot slot = ref _slots[(int)field];
        if (slot.Kind != SlotKind.Number) return RefuseType(field, "a number");
        amount = JsonDecimal.ToDouble(line.Slice(slot.Start, slot.Length)) + 0.0; // -0 becomes 0
        if (amount >= 0 && amount <= largest) return true;
        if (!double.IsFinite(amount)) return Refuse(RejectionReason.NonFiniteNumber, field, "exceeds the range of a double");
        return amount < 0
            ? Refuse(RejectionReason.NegativeNumber, field, $"is {amount:R}, must be in [0, {largest:R}]")
            : Refuse(RejectionReason.NumberOutOfRange, field, $"is {amount:R}, must be in [0, {largest:R}]");
    }

    private bool Count(ReadOnlySpan<byte> line, RecordField field, out long count)
    {
        count = -1;
        if (!Has(field)) return true;
        ref Slot slot = ref _slots[(int)field];
        if (slot.Kind != SlotKind.Number) return RefuseType(field, "a number");
        if (_digits.Length < slot.Length) Array.Resize(ref _digits, slot.Length);
        return JsonDecimal.TryToCount(line.Slice(slot.Start, slot.Length), _digits, out count, out RejectionReason reason)
            || Refuse(reason, field, $"must be a whole number in [0, {int.MaxValue}]");
    }

    private bool Gate(RecordField field) =>
        !Has(field) || _slots[(int)field].Kind is SlotKind.True or SlotKind.False || RefuseType(field, "true or false");

    private bool MetadataAndReward()
    {
        Reward = double.NaN;
        HasMetadata = false;
        if (!Has(RecordField.Metadata)) return true;
        if (_slots[(int)RecordField.Metadata].Kind != SlotKind.Object) return RefuseType(RecordField.Metadata, "an object");
        if (_metadata.IsBrokenText) return Refuse(RejectionReason.BrokenUtf8, RecordField.Metadata, "holds an escape that is half of a surrogate pair");
        HasMetadata = !_metadata.IsEmpty;
        if (_metadata.RewardType == JsonTokenType.None) return true;
        if (_metadata.RewardType != JsonTokenType.Number) return Refuse(RejectionReason.WrongType, RecordField.Metadata, "reward must be a number or null");
        Reward = _metadata.Reward + 0.0;
        return (Reward >= 0 && Reward <= 1)
            || Refuse(RejectionReason.RewardOutOfRange, RecordField.Metadata, $"reward is {Reward:R}, must be in [0, 1]");
    }

    private bool Refuse(RejectionReason reason, RecordField field, string message)
    {
        _fault = new RecordFault(reason, field, message);
        return false;
    }

    private bool RefuseType(RecordField field, string expected)
    {
        string found = _slots[(int)field].Kind switch
        {
            SlotKind.Text or SlotKind.UnescapedText or SlotKind.BrokenText => "a string",
            SlotKind.Number => "a number",
            SlotKind.True => "true",
            SlotKind.False => "false",
            SlotKind.Object => "an object",
            _ => "an array",
        };
        return Refuse(RejectionReason.WrongType, field, $"must be {expected} or null, found {found}");
    }

    /// <summary>A well-formed value that is no object is told from broken JSON, without an exception for lines of plain text.</summary>
    private bool RefuseNonObject(ReadOnlySpan<byte> line, int first)
    {
        bool mayBeJson = first >= 0 && "[\"-0123456789tfn"u8.Contains(line[first]);
        if (mayBeJson)
        {
            var reader = new Utf8JsonReader(line);
            while (reader.Read())
            {
            }
        }

        return mayBeJson
            ? Refuse(RejectionReason.NotOneObject, RecordField.Unknown, "the line is JSON, but not an object")
            : Refuse(RejectionReason.BrokenJson, RecordField.Unknown, "the line does not start with '{'");
    }

    private bool RefuseJson(ReadOnlySpan<byte> line, JsonException e)
    {
        int at = (int)Math.Clamp(e.BytePositionInLine ?? 0, 0, line.Length);
        ReadOnlySpan<byte> rest = line[at..];
        if (rest.StartsWith("-"u8)) rest = rest[1..];
        return rest.StartsWith("NaN"u8) || rest.StartsWith("Infinity"u8)
            ? Refuse(RejectionReason.NonFiniteNumber, RecordField.Unknown, $"byte {at + 1}: NaN and Infinity are not JSON")
            : Refuse(RejectionReason.BrokenJson, RecordField.Unknown, $"broken JSON at byte {at + 1}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RecordField MatchEscaped(ref Utf8JsonReader reader)
    {
        // An escape is at least as long as what it stands for, and at most six times.
        const int LongestName = 20;
        if (reader.ValueSpan.Length > 6 * LongestName) return RecordField.Unknown;
        Span<byte> name = stackalloc byte[6 * LongestName];
        try
        {
            return RecordFields.Match(name[..reader.CopyString(name)]);
        }
        catch (InvalidOperationException)
        {
            return RecordField.Unknown; // half of a surrogate pair: none of our names
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SkipNested(ref Utf8JsonReader reader, RecordField field, ref Slot slot)
    {
        if (field == RecordField.Metadata && slot.Kind == SlotKind.Object) _metadata.Read(ref reader);
        else reader.Skip();
        slot.Length = (int)reader.BytesConsumed - slot.Start;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Unescape(ref Utf8JsonReader reader, ref Slot slot)
    {
        if (_unescaped.Length < _unescapedLength + slot.Length) Array.Resize(ref _unescaped, Math.Max(2 * _unescaped.Length, _unescapedLength + slot.Length));
        try
        {
            slot.Length = reader.CopyString(_unescaped.AsSpan(_unescapedLength));
            slot.Start = _unescapedLength;
            slot.Kind = SlotKind.UnescapedText;
            _unescapedLength += slot.Length;
            return true;
        }
        catch (InvalidOperationException)
        {
            slot.Kind = SlotKind.BrokenText;
            return false;
        }
    }

    /// <summary>JSON token types of values, and what became of texts with escapes.</summary>
    private enum SlotKind : byte
    {
        Object = JsonTokenType.StartObject,
        Array = JsonTokenType.StartArray,
        Text = JsonTokenType.String,
        Number = JsonTokenType.Number,
        True = JsonTokenType.True,
        False = JsonTokenType.False,
        Null = JsonTokenType.Null,
        UnescapedText = 64,
        BrokenText = 65,
    }

    private struct Slot
    {
        /// <summary>Where the token starts in the line, its quotation mark included; for unescaped text, where it starts in the buffer.</summary>
        public int Start;

        /// <summary>Bytes of the value, quotation marks not included.</summary>
        public int Length;

        public SlotKind Kind;
    }
}
