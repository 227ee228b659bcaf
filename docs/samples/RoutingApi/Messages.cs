using System.Text.Json.Serialization;
using Bandits;

namespace RoutingApi;

/// <summary>A task.</summary>
/// <param name="Role">Who wants it done.</param>
/// <param name="Area">What it is about.</param>
/// <param name="Difficulty">From 1 to 10; the router is not told.</param>
public sealed record TaskRequest(string Role, string Area, int Difficulty);

/// <summary>An answer and what to hand back once it is known how good it was.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Arm">Who gave it.</param>
/// <param name="Propensity">Probability with which that one was chosen.</param>
/// <param name="Token">Stands for the decision.</param>
public sealed record TaskAnswer(string Text, string Arm, double Propensity, string Token);

/// <summary>How good an answer was.</summary>
/// <param name="Success">Whether it served.</param>
/// <param name="Quality">A grade in [0, 1] instead of 1 or 0.</param>
/// <param name="Revision">Higher ones replace lower ones.</param>
public sealed record TaskOutcome(bool Success, double? Quality = null, int Revision = 0);

/// <summary>What recording did.</summary>
public sealed record RecordedOutcome(Recorded Recorded);

/// <summary>Why an outcome was refused.</summary>
public sealed record Refused(string Error);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TaskRequest))]
[JsonSerializable(typeof(TaskAnswer))]
[JsonSerializable(typeof(TaskOutcome))]
[JsonSerializable(typeof(RecordedOutcome))]
[JsonSerializable(typeof(Refused))]
internal sealed partial class Messages : JsonSerializerContext;
