using System.Globalization;
using System.Text;
using System.Text.Json;
using Bandits.Storage.Journal;

namespace Bandits.Rae.Formats;

/// <summary>One outcome of a decision, as a memory. Normative in <c>docs/rae-format.md</c>.</summary>
internal static class DecisionRecord
{
    public const string Schema = "bandits.decision/1";

    private const double Importance = 0.5;
    private const string Layer = "episodic";

    /// <summary>Parts and givens in the flags of a contribution; <c>docs/journal-format.md</c>.</summary>
    private const int GivenShift = 8;
    private const int QualityGiven = 1 << GivenShift, CostGiven = 2 << GivenShift, TokensGiven = 4 << GivenShift, LatencyGiven = 8 << GivenShift, FirstTokenGiven = 32 << GivenShift;
    private const double QualityOne = 4294967296, NanoUsd = 1e9, Microseconds = 1e6;

    /// <summary>The request that creates the memory; null for an outcome that nobody reported.</summary>
    /// <param name="outcome">The outcome's entry as <see cref="EntryText"/> writes it.</param>
    /// <param name="context">What stands around it.</param>
    /// <param name="options">Options.</param>
    public static byte[]? ToRequest(JsonElement outcome, in Context context, RaeOptions options)
    {
        JsonElement counted = outcome.GetProperty("counted");
        int flags = counted.GetProperty("flags").GetInt32(), kind = counted.GetProperty("kind").GetInt32();
        if (kind is < 0 or >= (int)OutcomeKind.Expired) return null;
        ulong incarnation = ulong.Parse(outcome.GetProperty("incarnation").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        long sequence = outcome.GetProperty("sequence").GetInt64(), position = outcome.GetProperty("position").GetInt64();
        string word = WordOf((OutcomeKind)kind);
        double? quality = Part(QualityGiven, "quality", QualityOne), cost = Part(CostGiven, "cost_nano_usd", NanoUsd);
        double? latency = Part(LatencyGiven, "latency_microseconds", Microseconds), firstToken = Part(FirstTokenGiven, "first_token_microseconds", Microseconds);
        var text = new StringBuilder("bandit_decision d=");
        text.Letters(incarnation).Append('_').Letters((ulong)sequence).Append(" key=").Letters((ulong)position);
        text.Append(" seg=").Segment(context.Segment).Append(" arm=").Name(context.Arm).Append(" outcome=").Append(word);
        if (quality is { } q) text.Append(" quality=").Number(q);
        if (cost is { } c) text.Append(" cost_usd=").Number(c);
        if (latency is { } l) text.Append(" duration_s=").Number(l);
        double predicted = outcome.GetProperty("predicted_quality").GetDouble();
        Context around = context;
        return MemoryText.Create(options, text.ToString(), Layer, Importance, "bandit_decision", Schema, json =>
        {
            json.WriteString("decision_id", new DecisionId(incarnation, (ulong)sequence).ToString());
            json.WriteString("store", around.Store);
            json.WriteString("position", position.ToString(CultureInfo.InvariantCulture));
            json.WriteStartObject("segment");
            for (int d = 0; d < Math.Min(around.Dimensions.Length, around.Segment.Length); d++) json.WriteString(around.Dimensions[d], around.Segment[d]);
            json.WriteEndObject();
            json.WriteString("arm", around.Arm);
            json.WriteString("policy", around.Policy);
            Copy("propensity");
            Copy("predicted_quality");
            Copy("attempt");
            Copy("revision");
            Copy("is_conditional");
            json.WriteString("outcome", word);
            json.WriteStartObject("reward");
            Write("quality", quality);
            Write("cost_usd", cost);
            Write("duration_s", latency);
            Write("first_token_s", firstToken);
            Write("input_tokens", Part(TokensGiven, "input_tokens", 1));
            Write("output_tokens", Part(TokensGiven, "output_tokens", 1));
            json.WriteEndObject();
            Copy("decided");
            Copy("written");
            json.WriteNumber("of_outcomes", around.OfOutcomes);
            json.WriteNumber("sampled", around.Sampled);

            void Copy(string name)
            {
                json.WritePropertyName(name);
                outcome.GetProperty(name).WriteTo(json);
            }

            void Write(string name, double? value)
            {
                if (value is { } known) json.WriteNumber(name, known);
            }
        }, predicted);

        double? Part(int given, string name, double unit) => (flags & given) != 0 ? counted.GetProperty(name).GetInt64() / unit : null;
    }

    private static string WordOf(OutcomeKind kind) => kind == OutcomeKind.HumanReview ? "human_review" : kind.ToString().ToLowerInvariant();

    /// <summary>What an outcome's entry refers to.</summary>
    /// <param name="Store">Name of the store.</param>
    /// <param name="Dimensions">Names of the segment's dimensions.</param>
    /// <param name="Segment">Values of the segment.</param>
    /// <param name="Arm">Id of the arm.</param>
    /// <param name="Policy">The policy's name.</param>
    /// <param name="OfOutcomes">Outcomes among which the record was sampled.</param>
    /// <param name="Sampled">Of these, how many were sampled.</param>
    public readonly record struct Context(string Store, string[] Dimensions, string[] Segment, string Arm, string Policy, long OfOutcomes, long Sampled);
}
