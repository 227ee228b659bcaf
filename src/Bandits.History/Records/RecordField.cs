namespace Bandits.History;

/// <summary>The fields of a record in the fixed order of its canonical form. The order is normative: never insert, only append.</summary>
internal enum RecordField : byte
{
    TaskId,
    TaskArea,
    TaskRisk,
    TaskComplexity,
    PlannerModel,
    PlannerProvider,
    ImplementerModel,
    ImplementerProvider,
    Outcome,
    DurationSeconds,
    TotalCostUsd,
    NumSteps,
    NumRetries,
    QualityGatePassed,
    CodeReviewPassed,
    PlanReviewPassed,
    ErrorType,
    ErrorMessage,
    FailedStep,
    StartedAt,
    CompletedAt,
    Metadata,
    Unknown,
}
