namespace Bandits.Storage.Journal;

/// <summary>How the value of a field is to be read.</summary>
internal enum FieldForm
{
    /// <summary>As it stands.</summary>
    Plain,

    /// <summary>A 64-bit number that names something: sixteen hexadecimal digits.</summary>
    Name,

    /// <summary>An array of such numbers.</summary>
    Names,

    /// <summary>UTC ticks, 0 for none.</summary>
    Time,

    /// <summary>The kind of an entry.</summary>
    Entry,

    /// <summary>An <see cref="ArmTier"/>.</summary>
    Tier,

    /// <summary>An <see cref="ArmStatus"/>.</summary>
    Status,

    /// <summary><see cref="DecisionTraits"/>.</summary>
    Traits,

    /// <summary><see cref="Bandits.Ineligibility"/>.</summary>
    Ineligibility,

    /// <summary><see cref="OutcomeComponents"/>.</summary>
    Component,

    /// <summary>Single-precision numbers as bytes, little-endian.</summary>
    Floats,

    /// <summary>Names and values in turn.</summary>
    Settings,

    /// <summary>Arms and why they were not eligible in turn.</summary>
    WhyNot,

    /// <summary>A contribution, or nil.</summary>
    Contribution,

    /// <summary>An array of planned arms.</summary>
    Planned,

    /// <summary>An array of joined cells.</summary>
    Cells,
}

/// <summary>One field of an entry.</summary>
/// <param name="Name">Its name, as in <c>docs/journal-format.md</c>.</param>
/// <param name="Form">How its value is to be read.</param>
internal readonly record struct EntryField(string Name, FieldForm Form = FieldForm.Plain)
{
    public static implicit operator EntryField(string name) => new(name);

    public static implicit operator EntryField((string Name, FieldForm Form) field) => new(field.Name, field.Form);
}

/// <summary>The fields of every entry in the order in which <see cref="EntryEncoder"/> writes them.</summary>
internal static class EntryFields
{
    private static readonly EntryField Kind = ("kind", FieldForm.Entry);

    public static EntryField[] Contribution { get; } =
        ["flags", "kind", "quality", "cost_nano_usd", "input_tokens", "output_tokens", "latency_microseconds", "first_token_microseconds"];

    public static EntryField[] Planned { get; } = ["arm", "probability", "predicted_quality", "cost_usd", "latency_seconds", "is_exploited"];

    public static EntryField[] JoinedCell { get; } = ["values", "arm", "evidence"];

    private static readonly EntryField[] Opening = [Kind, ("incarnation", FieldForm.Name), "after", "number", ("written", FieldForm.Time)];

    private static readonly EntryField[] Settings = [Kind, "version", "dimensions", ("settings", FieldForm.Settings)];

    private static readonly EntryField[] Arm =
    [
        Kind, "arm", "id", "provider", ("tier", FieldForm.Tier), "capabilities", "input_usd_per_million_tokens", "output_usd_per_million_tokens", "context_window", "prior_quality",
        "prior_samples", ("status", FieldForm.Status), "similar_to", "exploration_usd",
    ];

    private static readonly EntryField[] Segment = [Kind, ("segment", FieldForm.Name), "values"];

    private static readonly EntryField[] Plan =
    [
        Kind, ("segment", FieldForm.Name), "settings_version", "round", "exploration_rate", ("traits", FieldForm.Traits), ("arms", FieldForm.Planned), ("why_not", FieldForm.WhyNot), "left_out",
    ];

    private static readonly EntryField[] Decision =
    [
        Kind, ("incarnation", FieldForm.Name), "sequence", "plan", ("segment", FieldForm.Name), "arm", "propensity", "draw", ("traits", FieldForm.Traits), ("why_none", FieldForm.Ineligibility),
        ("time", FieldForm.Time), ("written", FieldForm.Time), "attempt", ("root_incarnation", FieldForm.Name), "root_sequence", ("session", FieldForm.Name), "predicted_quality",
        "predicted_cost_usd", "latest", "max_cost_usd", "min_context_window", "segment_outcomes", ("features", FieldForm.Floats), ("tenant", FieldForm.Name), "reserved_nano_usd", ("caps", FieldForm.Names), "is_for_all_arms",
    ];

    private static readonly EntryField[] Outcome =
    [
        Kind, ("incarnation", FieldForm.Name), "sequence", ("segment", FieldForm.Name), "is_conditional", "arm", "attempt", "revision", "corrected", ("counted", FieldForm.Contribution),
        ("known", FieldForm.Contribution), "latest", "predicted_quality", "propensity", "predicted_cost_usd", ("traits", FieldForm.Traits), ("decided", FieldForm.Time),
        ("time", FieldForm.Time), ("written", FieldForm.Time), "retry_after_ticks", "segment_outcomes", "source", "evaluator_version", "returned_model",
    ];

    private static readonly EntryField[] Restart = [Kind, ("segment", FieldForm.Name), "arm", "until"];

    private static readonly EntryField[] Weight = [Kind, "origin", "weight"];

    private static readonly EntryField[] Joined = [Kind, "origin", "sequence", "weight", "part", "rest", ("cells", FieldForm.Cells)];

    private static readonly EntryField[] Change =
        [Kind, "arm", ("component", FieldForm.Component), "is_higher", "factor", ("incarnation", FieldForm.Name), "sequence", "until"];

    /// <summary>The fields of a kind of entry; empty for a kind that is not known.</summary>
    public static EntryField[] Of(EntryKind kind) => kind switch
    {
        EntryKind.Opening => Opening,
        EntryKind.Settings => Settings,
        EntryKind.Arm => Arm,
        EntryKind.Segment => Segment,
        EntryKind.Plan => Plan,
        EntryKind.Decision => Decision,
        EntryKind.Outcome => Outcome,
        EntryKind.Restart => Restart,
        EntryKind.Weight => Weight,
        EntryKind.Joined => Joined,
        EntryKind.Change => Change,
        _ => [],
    };

    /// <summary>What a kind of entry is called.</summary>
    public static string NameOf(EntryKind kind) => kind.ToString().ToLowerInvariant();
}
