using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bandits.History;

/// <summary>Between a line of the log and an <see cref="ExecutionRecord"/>.</summary>
internal static class RecordText
{
    // Names and messages are data, not HTML: only what JSON demands is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The record that was read from <paramref name="line"/>.</summary>
    public static ExecutionRecord Of(RecordParser parsed, ReadOnlySpan<byte> line) => new()
    {
        TaskId = Text(parsed, line, RecordField.TaskId)!,
        TaskArea = Text(parsed, line, RecordField.TaskArea)!,
        TaskRisk = Text(parsed, line, RecordField.TaskRisk)!,
        TaskComplexity = Text(parsed, line, RecordField.TaskComplexity),
        PlannerModel = Text(parsed, line, RecordField.PlannerModel),
        PlannerProvider = Text(parsed, line, RecordField.PlannerProvider),
        ImplementerModel = Text(parsed, line, RecordField.ImplementerModel)!,
        ImplementerProvider = Text(parsed, line, RecordField.ImplementerProvider),
        Outcome = parsed.Outcome,
        DurationSeconds = Known(parsed.DurationSeconds),
        TotalCostUsd = Known(parsed.CostUsd),
        NumSteps = parsed.Steps >= 0 ? (int)parsed.Steps : null,
        NumRetries = parsed.Retries >= 0 ? (int)parsed.Retries : null,
        QualityGatePassed = parsed.Flag(RecordField.QualityGatePassed),
        CodeReviewPassed = parsed.Flag(RecordField.CodeReviewPassed),
        PlanReviewPassed = parsed.Flag(RecordField.PlanReviewPassed),
        ErrorType = Text(parsed, line, RecordField.ErrorType),
        ErrorMessage = Text(parsed, line, RecordField.ErrorMessage),
        FailedStep = Text(parsed, line, RecordField.FailedStep),
        StartedAt = Text(parsed, line, RecordField.StartedAt),
        CompletedAt = Text(parsed, line, RecordField.CompletedAt),
        MetadataJson = parsed.Has(RecordField.Metadata) ? Encoding.UTF8.GetString(parsed.MetadataJson(line)) : null,
        Reward = Known(parsed.Reward),
    };

    /// <summary>The record as one line without its end, every field named, unknown ones null.</summary>
    /// <exception cref="ArgumentException">The metadata are not JSON, or a number is not finite.</exception>
    public static ReadOnlyMemory<byte> Line(ExecutionRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            Write(json, RecordField.TaskId, record.TaskId);
            Write(json, RecordField.TaskArea, record.TaskArea);
            Write(json, RecordField.TaskRisk, record.TaskRisk);
            Write(json, RecordField.TaskComplexity, record.TaskComplexity);
            Write(json, RecordField.PlannerModel, record.PlannerModel);
            Write(json, RecordField.PlannerProvider, record.PlannerProvider);
            Write(json, RecordField.ImplementerModel, record.ImplementerModel);
            Write(json, RecordField.ImplementerProvider, record.ImplementerProvider);
            json.WriteString(RecordFields.Name(RecordField.Outcome), TaskOutcomeText.Of(record.Outcome));
            Write(json, RecordField.DurationSeconds, record.DurationSeconds);
            Write(json, RecordField.TotalCostUsd, record.TotalCostUsd);
            Write(json, RecordField.NumSteps, record.NumSteps);
            Write(json, RecordField.NumRetries, record.NumRetries);
            Write(json, RecordField.QualityGatePassed, record.QualityGatePassed);
            Write(json, RecordField.CodeReviewPassed, record.CodeReviewPassed);
            Write(json, RecordField.PlanReviewPassed, record.PlanReviewPassed);
            Write(json, RecordField.ErrorType, record.ErrorType);
            Write(json, RecordField.ErrorMessage, record.ErrorMessage);
            Write(json, RecordField.FailedStep, record.FailedStep);
            Write(json, RecordField.StartedAt, record.StartedAt);
            Write(json, RecordField.CompletedAt, record.CompletedAt);
            json.WritePropertyName(RecordFields.Name(RecordField.Metadata));
            WriteMetadata(json, record.MetadataJson);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteMetadata(Utf8JsonWriter json, string? metadata)
    {
        if (metadata is null)
        {
            json.WriteNullValue();
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(metadata); // rewritten, so that line ends in it cannot split the record
            document.WriteTo(json);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"MetadataJson must be a JSON object: {e.Message}", nameof(metadata), e);
        }
    }

    private static string? Text(RecordParser parsed, ReadOnlySpan<byte> line, RecordField field) =>
        parsed.Has(field) ? Encoding.UTF8.GetString(parsed.Text(line, field)) : null;

    private static double? Known(double number) => double.IsNaN(number) ? null : number;

    private static void Write(Utf8JsonWriter json, RecordField field, string? text)
    {
        if (text is null) json.WriteNull(RecordFields.Name(field));
        else json.WriteString(RecordFields.Name(field), text);
    }

    private static void Write(Utf8JsonWriter json, RecordField field, double? number)
    {
        if (number is not { } known) json.WriteNull(RecordFields.Name(field));
        else if (double.IsFinite(known)) json.WriteNumber(RecordFields.Name(field), known);
        else throw new ArgumentException($"{RecordFields.NameText(field)} is {known}; it must be finite or null.", nameof(number));
    }

    private static void Write(Utf8JsonWriter json, RecordField field, int? number)
    {
        if (number is { } known) json.WriteNumber(RecordFields.Name(field), known);
        else json.WriteNull(RecordFields.Name(field));
    }

    private static void Write(Utf8JsonWriter json, RecordField field, bool? flag)
    {
        if (flag is { } known) json.WriteBoolean(RecordFields.Name(field), known);
        else json.WriteNull(RecordFields.Name(field));
    }
}
