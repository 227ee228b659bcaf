using System.Text;

namespace Bandits.History;

/// <summary>Names, and what each field may hold.</summary>
internal static class RecordFields
{
    public const int Count = (int)RecordField.Unknown;

    /// <summary>The field of an unescaped name; no allocation, one comparison after a jump on the length.</summary>
    public static RecordField Match(ReadOnlySpan<byte> name)
    {
        RecordField candidate;
        switch (name.Length)
        {
            case 7: candidate = name[0] == (byte)'t' ? RecordField.TaskId : RecordField.Outcome; break;
            case 8: candidate = RecordField.Metadata; break;
            case 9: candidate = name[5] == (byte)'a' ? RecordField.TaskArea : name[5] == (byte)'r' ? RecordField.TaskRisk : RecordField.NumSteps; break;
            case 10: candidate = name[0] == (byte)'e' ? RecordField.ErrorType : RecordField.StartedAt; break;
            case 11: candidate = name[0] == (byte)'n' ? RecordField.NumRetries : RecordField.FailedStep; break;
            case 12: candidate = RecordField.CompletedAt; break;
            case 13: candidate = name[0] == (byte)'p' ? RecordField.PlannerModel : RecordField.ErrorMessage; break;
            case 14: candidate = RecordField.TotalCostUsd; break;
            case 15: candidate = RecordField.TaskComplexity; break;
            case 16: candidate = name[0] == (byte)'p' ? RecordField.PlannerProvider : RecordField.DurationSeconds; break;
            case 17: candidate = RecordField.ImplementerModel; break;
            case 18: candidate = name[0] == (byte)'c' ? RecordField.CodeReviewPassed : RecordField.PlanReviewPassed; break;
            case 19: candidate = RecordField.QualityGatePassed; break;
            case 20: candidate = RecordField.ImplementerProvider; break;
            default: return RecordField.Unknown;
        }

        return name.SequenceEqual(Name(candidate)) ? candidate : RecordField.Unknown;
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
}
