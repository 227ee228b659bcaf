using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Bandits.History;

/// <summary>Names, and what each field may hold.</summary>
internal static class RecordFields
{
    public const int Count = (int)RecordField.Unknown;

    /// <summary>The fields without which a line is no record.</summary>
    public const uint Required = 1u << (int)RecordField.TaskId | 1u << (int)RecordField.TaskArea | 1u << (int)RecordField.TaskRisk
        | 1u << (int)RecordField.ImplementerModel | 1u << (int)RecordField.Outcome;

    /// <summary>The fields that hold text.</summary>
    public const uint Texts = (1u << (int)RecordField.DurationSeconds) - 1 | 1u << (int)RecordField.ErrorType | 1u << (int)RecordField.ErrorMessage
        | 1u << (int)RecordField.FailedStep | 1u << (int)RecordField.StartedAt | 1u << (int)RecordField.CompletedAt;

    private const int ShortestName = 7, LongestName = 20;

    // Found by search: with it the 22 names fall into different slots of 64, so that a name is compared with one candidate and no branch depends
    // on the order of keys. A test fails when two names share a slot.
    private const uint SlotMultiplier = 0x3143_6C9B;
    private const int SlotShift = 26;

    private static readonly byte[][] Names = NamesByField();
    private static readonly Vector256<byte>[] PaddedNames = PadNames();
    private static readonly byte[] FieldsBySlot = SlotsOfNames();

    /// <summary>The field of an unescaped name.</summary>
    public static RecordField Match(ReadOnlySpan<byte> name)
    {
        if (name.Length is < ShortestName or > LongestName) return RecordField.Unknown;
        byte field = FieldsBySlot[Slot(name)];
        return name.SequenceEqual(Names[field]) ? (RecordField)field : RecordField.Unknown;
    }

    /// <summary>The field whose unescaped name stands in <paramref name="line"/>; one vector comparison, whatever the name.</summary>
    public static RecordField Match(ReadOnlySpan<byte> line, int start, int length)
    {
        if (length is < ShortestName or > LongestName || start + Vector256<byte>.Count > line.Length) return Match(line.Slice(start, length));
        byte field = FieldsBySlot[Slot(line.Slice(start, length))];
        Vector256<byte> name = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(line), (nuint)start)
            & Vector256.LessThan(Vector256<byte>.Indices, Vector256.Create((byte)length));
        return name == PaddedNames[field] ? (RecordField)field : RecordField.Unknown;
    }

    internal static int Slot(ReadOnlySpan<byte> name)
    {
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(name), last = BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]);
        return (int)((first * 3 + last + (uint)name.Length) * SlotMultiplier >> SlotShift);
    }

    public static ReadOnlySpan<byte> Name(RecordField field) => field switch
    {
        RecordField.TaskId => "task_id"u8,
        RecordField.TaskArea => "task_area"u8,
        RecordField.TaskRisk => "task_risk"u8,
        RecordField.TaskComplexity => "task_complexity"u8,
        RecordField.PlannerModel => "planner_model"u8,
        RecordField.PlannerProvider => "planner_provider"u8,
        RecordField.ImplementerModel => "implementer_model"u8,
        RecordField.ImplementerProvider => "implementer_provider"u8,
        RecordField.Outcome => "outcome"u8,
        RecordField.DurationSeconds => "duration_seconds"u8,
        RecordField.TotalCostUsd => "total_cost_usd"u8,
        RecordField.NumSteps => "num_steps"u8,
        RecordField.NumRetries => "num_retries"u8,
        RecordField.QualityGatePassed => "quality_gate_passed"u8,
        RecordField.CodeReviewPassed => "code_review_passed"u8,
        RecordField.PlanReviewPassed => "plan_review_passed"u8,
        RecordField.ErrorType => "error_type"u8,
        RecordField.ErrorMessage => "error_message"u8,
        RecordField.FailedStep => "failed_step"u8,
        RecordField.StartedAt => "started_at"u8,
        RecordField.CompletedAt => "completed_at"u8,
        RecordField.Metadata => "metadata"u8,
        _ => default,
    };

    public static string NameText(RecordField field) => Encoding.UTF8.GetString(Name(field));

    private static byte[][] NamesByField()
    {
        var names = new byte[Count][];
        for (int field = 0; field < Count; field++) names[field] = Name((RecordField)field).ToArray();
        return names;
    }

    private static Vector256<byte>[] PadNames()
    {
        var padded = new Vector256<byte>[Count];
        Span<byte> name = stackalloc byte[Vector256<byte>.Count];
        for (int field = 0; field < Count; field++)
        {
            name.Clear();
            Names[field].CopyTo(name);
            padded[field] = Vector256.Create<byte>(name);
        }

        return padded;
    }

    private static byte[] SlotsOfNames()
    {
        var slots = new byte[1 << (32 - SlotShift)];
        for (int field = 0; field < Count; field++) slots[Slot(Names[field])] = (byte)field;
        return slots;
    }
}
