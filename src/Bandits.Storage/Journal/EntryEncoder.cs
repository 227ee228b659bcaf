using Bandits.Concurrency;
using Bandits.Journaling;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits.Storage.Journal;

/// <summary>Entries as MessagePack. The tables are in <c>docs/journal-format.md</c>.</summary>
internal static class EntryEncoder
{
    /// <summary>Fields of each kind of entry, the kind itself first.</summary>
    public const int OpeningFields = 5;
    public const int SettingsFields = 4;
    public const int ArmFields = 14;
    public const int SegmentFields = 3;
    public const int PlanFields = 9;
    public const int PlannedFields = 6;
    public const int DecisionFields = 27;

    /// <summary>Fields of a decision before there were spend caps.</summary>
    public const int DecisionFieldsBeforeCaps = 23;
    public const int OutcomeFields = 24;
    public const int ContributionFields = 8;
    public const int RestartFields = 4;
    public const int WeightFields = 3;
    public const int JoinedFields = 7;
    public const int JoinedCellFields = 3;
    public const int ChangeFields = 8;

    /// <summary>Most bytes of what an outcome's entry holds beside its texts.</summary>
    private const int OutcomeBytes = 288;
    private const int DecisionBytes = 257;
    private const int PlannedBytes = 40;
    private const int WhyNotBytes = 8;
    private const int SettingsBytes = 4096;
    private const int CellBytes = 16 + 9 * Evidence.WordCount;

    /// <summary>Fields after its kind that every entry of an arm has; older files end there.</summary>
    public const int LeastArmFields = 11;

    [Flags]
    private enum Given : byte
    {
        Quality = 1,
        Cost = 2,
        Tokens = 4,
        Latency = 8,
        Censored = 16,
        FirstToken = 32,
    }

    public static int RoomOf(in Outcome outcome) =>
        OutcomeBytes + EntryWriter.RoomOf(outcome.Source) + EntryWriter.RoomOf(outcome.EvaluatorVersion) + EntryWriter.RoomOf(outcome.ReturnedModel);

    public static int WriteOutcome(
        Span<byte> bytes, in Decision decision, in Outcome outcome, in Contribution counted, in Contribution known, OutcomeParts corrected, ushort rank, float predictedQuality,
        bool isConditional, long latest, long nowTicks)
    {
        var writer = new EntryWriter(bytes);
        writer.Array(OutcomeFields);
        writer.Integer((ulong)EntryKind.Outcome);
        writer.Integer(decision.Id.Incarnation);
        writer.Integer(decision.Id.Sequence);
        writer.Integer(decision.Segment.Packed);
        writer.Flag(isConditional);
        writer.Integer((ulong)decision.Arm);
        writer.Integer((ulong)decision.Attempt);
        writer.Integer((ulong)(rank == 0 ? 0 : rank - 1));
        writer.Integer((ulong)corrected);
        Write(ref writer, counted);
        if (known.Parts == OutcomeParts.None) writer.Nil();
        else Write(ref writer, known);
        writer.Integer(latest);
        writer.Number(predictedQuality);
        writer.Number(decision.Propensity);
        writer.Number(decision.PredictedCostUsd);
        writer.Integer((ulong)decision.Traits);
        writer.Integer(decision.TimeTicks);
        writer.Integer(outcome.TimeTicks);
        writer.Integer(nowTicks);
        writer.Integer((outcome.RetryAfter ?? TimeSpan.Zero).Ticks);
        writer.Integer(decision.SegmentOutcomes);
        writer.Text(outcome.Source);
        writer.Text(outcome.EvaluatorVersion);
        writer.Text(outcome.ReturnedModel);
        return writer.Count;
    }

    private static void Write(ref EntryWriter writer, in Contribution c)
    {
        Given given = 0;
        if (c.Quality >= 0) given |= Given.Quality;
        if (c.HasCost) given |= Given.Cost;
        if (c.HasTokens) given |= Given.Tokens;
        if (c.HasLatency) given |= Given.Latency;
        if (c.IsCensored) given |= Given.Censored;
        if (c.HasFirstToken) given |= Given.FirstToken;
        writer.Array(ContributionFields);
        writer.Integer((ulong)c.Parts | ((ulong)given << 8));
        writer.Integer((ulong)c.Kind);
        writer.Integer(c.Quality >= 0 ? (ulong)c.Quality : 0);
        writer.Integer(c.HasCost ? (ulong)c.CostNanoUsd : 0);
        writer.Integer(c.HasTokens ? c.InputTokens : 0UL);
        writer.Integer(c.HasTokens ? c.OutputTokens : 0UL);
        writer.Integer(c.HasLatency ? (ulong)c.LatencyMicroseconds : 0);
        writer.Integer(c.HasFirstToken ? c.FirstTokenMicroseconds : 0UL);
    }

    /// <exception cref="InvalidDataException">No outcome can have made it.</exception>
    public static Contribution ReadContribution(ref PayloadReader reader)
    {
        int more = reader.FieldsOrMore(ContributionFields, "a contribution");
        int flags = reader.Int32();
        var given = (Given)(flags >> 8);
        var c = new Contribution { Parts = (OutcomeParts)(flags & 0xff), Kind = (OutcomeKind)reader.Byte() };
        long quality = reader.Bounded(FixedPoint.QualityOne, "quality");
        long cost = reader.Bounded((long)(Outcome.MaxCostUsd * FixedPoint.NanoUsdPerUsd), "cost");
        uint input = (uint)reader.Bounded(int.MaxValue, "tokens"), output = (uint)reader.Bounded(int.MaxValue, "tokens");
        long latency = reader.Bounded(FixedPoint.Microseconds(Outcome.MaxLatency), "latency");
        long first = reader.Bounded(3_600_000_000, "time to first token");
        reader.Skip(more);
        bool isSound = flags >> 14 == 0 && (c.Parts & ~OutcomeParts.All) == 0 && c.Parts != OutcomeParts.None && (int)c.Kind <= (int)OutcomeKind.Expired
            && ((given & Given.Quality) == 0 || (c.Parts & OutcomeParts.Judgement) != 0)
            && ((given & (Given.Cost | Given.Tokens)) == 0 || (c.Parts & OutcomeParts.Cost) != 0)
            && ((given & (Given.Latency | Given.Censored | Given.FirstToken)) == 0 || (c.Parts & OutcomeParts.Latency) != 0)
            && ((given & Given.Quality) == 0 || c.Kind <= OutcomeKind.HumanReview) && ((given & Given.Censored) == 0 || (given & Given.Latency) != 0);
        if (!isSound) throw new InvalidDataException($"the flags of a contribution are {flags:x} with kind {(int)c.Kind}; no outcome has these");
        c.Quality = (given & Given.Quality) != 0 ? quality : Contribution.NoQuality;
        (c.HasCost, c.CostNanoUsd) = ((given & Given.Cost) != 0, cost);
        (c.HasTokens, c.InputTokens, c.OutputTokens) = ((given & Given.Tokens) != 0, input, output);
        (c.HasLatency, c.LatencyMicroseconds, c.IsCensored) = ((given & Given.Latency) != 0, latency, (given & Given.Censored) != 0);
        (c.HasFirstToken, c.FirstTokenMicroseconds) = ((given & Given.FirstToken) != 0, (uint)first);
        return c;
    }

    public static int RoomOf(in Request request, Booking booking) => DecisionBytes + sizeof(float) * request.Features.Length + (1 + sizeof(ulong)) * booking.Caps.Length;

    public static int WriteDecision(Span<byte> bytes, in Decision decision, in Request request, double unit, long plan, long latest, Booking booking, long nowTicks)
    {
        var writer = new EntryWriter(bytes);
        writer.Array(DecisionFields);
        writer.Integer((ulong)EntryKind.Decision);
        writer.Integer(decision.Id.Incarnation);
        writer.Integer(decision.Id.Sequence);
        writer.Integer(plan);
        writer.Integer(decision.Segment.Packed);
        writer.Integer(decision.Arm);
        writer.Number(decision.Propensity);
        writer.Number(unit);
        writer.Integer((ulong)decision.Traits);
        writer.Integer((ulong)decision.WhyNone);
        writer.Integer(decision.TimeTicks);
        writer.Integer(nowTicks);
        writer.Integer((ulong)decision.Attempt);
        writer.Integer(request.Root.Incarnation);
        writer.Integer(request.Root.Sequence);
        writer.Integer(request.Session);
        writer.Number(decision.PredictedQuality);
        writer.Number(decision.PredictedCostUsd);
        writer.Integer(latest);
        writer.Number(request.MaxCostUsd);
        writer.Integer((ulong)Math.Max(0, request.MinContextWindow));
        writer.Integer(decision.SegmentOutcomes);
        writer.Floats(request.Features.Span);
        writer.Integer(request.Tenant);
        writer.Integer(booking.ReservedNanoUsd);
        writer.Array(booking.Caps.Length);
        foreach (ulong cap in booking.Caps) writer.Integer(cap);
        writer.Flag(request.IsForAllArms && !booking.IsOverCap);
        return writer.Count;
    }

    public static int RoomOf(in PlanEntry plan) => Math.Min(Frame.MostPayload, 96 + PlannedBytes * plan.Planned.Length + WhyNotBytes * plan.WhyNot.Length);

    /// <summary>Arms that do not fit into one entry are left out, the least eligible first, and counted.</summary>
    public static int WritePlan(Span<byte> bytes, in PlanEntry plan)
    {
        int most = (bytes.Length - 96) / PlannedBytes, planned = Math.Min(plan.Planned.Length, most), whyNot = 0;
        int room = (bytes.Length - 96 - planned * PlannedBytes) / WhyNotBytes;
        foreach (Ineligibility why in plan.WhyNot)
            if (why != Ineligibility.None) whyNot++;
        int leftOut = plan.Planned.Length - planned + Math.Max(0, whyNot - room);
        whyNot = Math.Min(whyNot, room);

        var writer = new EntryWriter(bytes);
        writer.Array(PlanFields);
        writer.Integer((ulong)EntryKind.Plan);
        writer.Integer(plan.Segment);
        writer.Integer((ulong)plan.SettingsVersion);
        writer.Number(plan.Round);
        writer.Number(plan.ExplorationRate);
        writer.Integer((ulong)plan.Traits);
        writer.Array(planned);
        foreach (ref readonly PlannedArm arm in plan.Planned[..planned])
        {
            ref readonly ArmEstimate estimate = ref plan.Estimates[arm.Arm];
            writer.Array(PlannedFields);
            writer.Integer((ulong)arm.Arm);
            writer.Number(arm.Probability);
            writer.Number(arm.PredictedQuality);
            writer.Number(estimate.CostUsd);
            writer.Number((float)estimate.LatencySeconds);
            writer.Flag(arm.IsExploited);
        }

        writer.Array(2 * whyNot);
        for (int arm = 0; whyNot > 0; arm++)
        {
            if (plan.WhyNot[arm] == Ineligibility.None) continue;
            writer.Integer((ulong)arm);
            writer.Integer((ulong)plan.WhyNot[arm]);
            whyNot--;
        }

        writer.Integer((ulong)leftOut);
        return writer.Count;
    }

    public static int RoomOfSegment(ReadOnlySpan<string> values)
    {
        int room = 32;
        foreach (string value in values) room += EntryWriter.RoomOf(value);
        return room;
    }

    public static int WriteSegment(Span<byte> bytes, ulong key, ReadOnlySpan<string> values)
    {
        var writer = new EntryWriter(bytes);
        writer.Array(SegmentFields);
        writer.Integer((ulong)EntryKind.Segment);
        writer.Integer(key);
        writer.Array(values.Length);
        foreach (string value in values) writer.Text(value);
        return writer.Count;
    }

    public static int RoomOf(Arm arm)
    {
        int room = 144 + EntryWriter.RoomOf(arm.Id) + EntryWriter.RoomOf(arm.Provider) + EntryWriter.RoomOf(StoredArm.LikenessOf(arm));
        foreach (string capability in arm.Capabilities) room += EntryWriter.RoomOf(capability);
        return room;
    }

    public static int WriteArm(Span<byte> bytes, int index, Arm arm, ArmStatus status)
    {
        var writer = new EntryWriter(bytes);
        writer.Array(ArmFields);
        writer.Integer((ulong)EntryKind.Arm);
        writer.Integer((ulong)index);
        writer.Text(arm.Id);
        writer.Text(arm.Provider);
        writer.Integer((ulong)arm.Tier);
        writer.Texts(arm.Capabilities);
        writer.Number(arm.InputUsdPerMillionTokens);
        writer.Number(arm.OutputUsdPerMillionTokens);
        if (arm.ContextWindow is { } window) writer.Integer((ulong)window);
        else writer.Nil();
        writer.Number(arm.PriorQuality);
        writer.Number(arm.PriorSamples);
        writer.Integer((ulong)status);
        writer.Text(StoredArm.LikenessOf(arm));
        writer.Number(arm.ExplorationUsd);
        return writer.Count;
    }

    public static int RoomOf(RouterSettings settings, ReadOnlySpan<string> dimensions) =>
        SettingsBytes + RoomOfSegment(dimensions) + EntryWriter.RoomOf(NameOf(settings.Policy.GetType())) + EntryWriter.RoomOf(settings.SafetyGate?.BaselineArmId) + EntryWriter.RoomOf(settings.SafetyGate?.Scope)
        + EntryWriter.RoomOf(settings.Caps?.ToString()) + EntryWriter.RoomOf(settings.Caps is { LastResort: >= 0 } caps ? settings.Catalog.Arms[caps.LastResort].Id : null);

    /// <summary>The settings by name. What decisions were made with is for whoever evaluates them; replaying needs the dimensions only.</summary>
    public static int WriteSettings(Span<byte> bytes, RouterSettings settings, ReadOnlySpan<string> dimensions)
    {
        (string Name, object? Value)[] values =
        [
            ("strategy", settings.Strategy.ToString()),
            ("policy", NameOf(settings.Policy.GetType())),
            ("law", settings.Law.ToString()),
            ("value_usd", settings.Objective.ValueUsd),
            ("cost_multiplier", settings.Objective.CostMultiplier),
            ("latency_usd_per_second", settings.Objective.LatencyUsdPerSecond),
            ("reference_cost_usd", settings.ReferenceCostUsd),
            ("exploration_rate", settings.ExplorationRate),
            ("exploration_floor", settings.ExplorationFloor),
            ("adapts_exploration", settings.AdaptExploration ? 1.0 : 0.0),
            ("min_samples", settings.MinSamples),
            ("min_confidence", settings.MinConfidence),
            ("falls_back", settings.FallbackToBaseline ? 1.0 : 0.0),
            ("quality_floor", settings.QualityFloor),
            ("switch_cost_usd", settings.SwitchCostUsd),
            ("discount", settings.Forgetting.Gamma),
            ("window", (double)settings.Forgetting.Outcomes),
            ("watches_for_changes", settings.Drift is null ? 0.0 : 1.0),
            ("safety_baseline", settings.SafetyGate?.BaselineArmId),
            ("seed", settings.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("quality_floor_confidence", settings.QualityFloorConfidence),
            ("prior_latency_seconds", settings.PriorLatencySeconds),
            ("typical_input_tokens", (double)settings.TypicalInputTokens),
            ("typical_output_tokens", (double)settings.TypicalOutputTokens),
            ("pooling", settings.Pooling ? 1.0 : 0.0),
            ("immediate_roll_up", settings.ImmediateRollUp ? 1.0 : 0.0),
            ("propensities", settings.Propensities ? 1.0 : 0.0),
            ("session_capacity", (double)settings.SessionCapacity),
            ("safety_fraction", settings.SafetyGate?.Fraction),
            ("safety_delta", settings.SafetyGate?.Delta),
            ("safety_scope", settings.SafetyGate?.Scope),
            ("drift_detector", settings.Drift?.Detector.ToString()),
            ("drift_scope", settings.Drift?.Scope.ToString()),
            ("drift_components", settings.Drift?.Components.ToString()),
            ("drift_false_alarm", settings.Drift?.FalseAlarm),
            ("drift_spends", settings.Drift is { } drift ? drift.Spends ? 1.0 : 0.0 : null),
            ("drift_stride", (double?)settings.Drift?.Stride),
            ("drift_candidates", (double?)settings.Drift?.Candidates),
            ("drift_smallest_change", settings.Drift?.SmallestChange),
            ("drift_maturity", (double?)settings.Drift?.Maturity),
            ("budget_usd_per_decision", settings.Budget?.UsdPerDecision),
            ("budget_horizon", (double?)settings.Budget?.Horizon),
            ("arm_drift_components", settings.ArmDrift?.Components.ToString()),
            ("arm_drift_outcomes_per_false_alarm", settings.ArmDrift?.OutcomesPerFalseAlarm),
            ("model", settings.Models?.Model.GetType().Name),
            ("model_use", settings.Models?.Use.ToString()),
            ("model_depth", (double?)settings.Models?.Depth),
            ("spend_caps", settings.Caps?.ToString()),
            ("last_resort_arm", settings.Caps is { LastResort: >= 0 } caps ? settings.Catalog.Arms[caps.LastResort].Id : null),
            ("latency_limit_seconds", settings.LatencyLimit?.Seconds),
            ("latency_most_exceeding", settings.LatencyLimit?.MostExceeding),
            ("latency_confidence", settings.LatencyLimit?.Confidence),
        ];
        var writer = new EntryWriter(bytes);
        writer.Array(SettingsFields);
        writer.Integer((ulong)EntryKind.Settings);
        writer.Integer((ulong)settings.Version);
        writer.Array(dimensions.Length);
        foreach (string dimension in dimensions) writer.Text(dimension);
        writer.Array(2 * values.Length);
        foreach ((string name, object? value) in values)
        {
            writer.Text(name);
            if (value is double number) writer.Number(number);
            else writer.Text((string?)value);
        }

        return writer.Count;
    }

    /// <summary>The name of a type as it is written in C#, without its namespace.</summary>
    private static string NameOf(Type type) =>
        type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : type.Name;

    public static int WriteOpening(Span<byte> bytes, ulong incarnation, long after, long number, long nowTicks)
    {
        var writer = new EntryWriter(bytes);
        writer.Array(OpeningFields);
        writer.Integer((ulong)EntryKind.Opening);
        writer.Integer(incarnation);
        writer.Integer(after);
        writer.Integer(number);
        writer.Integer(nowTicks);
        return writer.Count;
    }

    public static int WriteRestart(Span<byte> bytes, ulong key, int arm, long until)
    {
        var writer = new EntryWriter(bytes);
        writer.Array(RestartFields);
        writer.Integer((ulong)EntryKind.Restart);
        writer.Integer(key);
        writer.Integer((ulong)arm);
        writer.Integer(until);
        return writer.Count;
    }

    public static int WriteWeight(Span<byte> bytes, string origin, double weight)
    {
        var writer = new EntryWriter(bytes);
        writer.Array(WeightFields);
        writer.Integer((ulong)EntryKind.Weight);
        writer.Text(origin);
        writer.Number(weight);
        return writer.Count;
    }

    public static int WriteChange(Span<byte> bytes, in ChangeEntry change)
    {
        var writer = new EntryWriter(bytes);
        writer.Array(ChangeFields);
        writer.Integer((ulong)EntryKind.Change);
        writer.Integer((ulong)change.Arm);
        writer.Integer((ulong)change.Component);
        writer.Flag(change.IsHigher);
        writer.Number(change.Factor);
        writer.Integer(change.DetectedBy.Incarnation);
        writer.Integer(change.DetectedBy.Sequence);
        writer.Integer(change.Until);
        return writer.Count;
    }

    public static int RoomOf(in JoinedEvidence cell)
    {
        int room = CellBytes + EntryWriter.RoomOf(cell.ArmId);
        foreach (string? value in cell.Segment.Span) room += EntryWriter.RoomOf(value);
        return room;
    }

    public static int WriteJoined(Span<byte> bytes, string origin, long sequence, double weight, ReadOnlySpan<JoinedEvidence> cells, int part, int rest)
    {
        Span<long> words = stackalloc long[Evidence.WordCount];
        var writer = new EntryWriter(bytes);
        writer.Array(JoinedFields);
        writer.Integer((ulong)EntryKind.Joined);
        writer.Text(origin);
        writer.Integer(sequence);
        writer.Number(weight);
        writer.Integer((ulong)part);
        writer.Integer((ulong)rest);
        writer.Array(cells.Length);
        foreach (ref readonly JoinedEvidence cell in cells)
        {
            writer.Array(JoinedCellFields);
            writer.Array(cell.Segment.Length);
            foreach (string? value in cell.Segment.Span) writer.Text(value ?? "");
            writer.Text(cell.ArmId);
            cell.Evidence.CopyTo(words);
            writer.Array(words.Length);
            foreach (long word in words) writer.Integer(word);
        }

        return writer.Count;
    }
}
