using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bandits.Rae;
using Bandits.Rae.Formats;
using Bandits.Tests.Support;

namespace Bandits.Tests.Rae;

/// <summary>A decision's memory tells the outcome as the journal does, in words that no scrubber touches.</summary>
public sealed class DecisionRecordLaws
{
    private static readonly RaeOptions Options = new() { Endpoint = "https://rae.example", InfoClass = "confidential" };

    [Law]
    public void Its_text_is_short_and_comes_out_of_the_scrubber_as_it_is(ulong incarnation, long sequence, long position, string? arm, string? value, uint cost, uint latency)
    {
        JsonNode memory = Memory(incarnation, sequence & long.MaxValue, position & long.MaxValue, arm ?? "", value ?? "", cost, latency)!;
        string content = (string)memory["content"]!;
        Assert.Equal(content, Scrubber.Scrub(content));
        Assert.InRange(content.Length, 20, 1499);
        string other = (string)Memory(incarnation, sequence & long.MaxValue, (position & long.MaxValue) ^ 8, arm ?? "", value ?? "", cost, latency)!["content"]!;
        Assert.NotEqual(content, other);
    }

    [Fact]
    public void The_metadata_has_every_part_that_was_given_and_no_other()
    {
        JsonNode memory = Memory(0xab, 0x1f, 4096, "GPT X", "Core", 12_300_000, 81_200_000)!;
        JsonNode metadata = memory["metadata"]!;
        Assert.Equal("bandit_decision d=kl_bp key=baaa seg=core arm=gpt_x outcome=success cost_usd=0.012300 duration_s=81.20000", (string)memory["content"]!);
        Assert.Equal(("ab-1f", "GPT X", "Core", "4096"), ((string)metadata["decision_id"]!, (string)metadata["arm"]!, (string)metadata["segment"]!["role"]!, (string)metadata["position"]!));
        Assert.Equal(["cost_usd", "duration_s"], metadata["reward"]!.AsObject().Select(part => part.Key));
        Assert.Equal((0.0123, 81.2, 0.25), ((double)metadata["reward"]!["cost_usd"]!, (double)metadata["reward"]!["duration_s"]!, (double)metadata["propensity"]!));
        foreach (JsonNode at in (JsonNode[])[memory, metadata])
        {
            Assert.Equal(("confidential", "routing_decision", 0.75), ((string)at["info_class"]!, (string)at["governance"]!["pattern_type"]!, (double)at["governance"]!["fields"]!["decision_basis_confidence"]!));
        }

        Assert.Equal("episodic", (string)memory["layer"]!);
    }

    [Fact]
    public void An_outcome_that_nobody_reported_is_no_memory() => Assert.Null(Memory(1, 1, 8, "a", "b", 0, 0, OutcomeKind.Expired));

    private static JsonNode? Memory(ulong incarnation, long sequence, long position, string arm, string value, long cost, long latency, OutcomeKind kind = OutcomeKind.Success)
    {
        var entry = new JsonObject
        {
            ["position"] = position,
            ["incarnation"] = incarnation.ToString("x16", CultureInfo.InvariantCulture),
            ["sequence"] = sequence,
            ["counted"] = new JsonObject { ["flags"] = (2 | 8) << 8, ["kind"] = (int)kind, ["cost_nano_usd"] = cost, ["latency_microseconds"] = latency },
            ["predicted_quality"] = 0.75,
            ["propensity"] = 0.25,
            ["attempt"] = 0,
            ["revision"] = 0,
            ["is_conditional"] = false,
            ["decided"] = null,
            ["written"] = "2026-01-01T00:00:00Z",
        };
        using JsonDocument document = JsonDocument.Parse(entry.ToJsonString());
        byte[]? request = DecisionRecord.ToRequest(document.RootElement, new DecisionRecord.Context("0123456789abcdef", ["role"], [value], arm, "Policy", 10, 5), Options);
        return request is null ? null : JsonNode.Parse(request);
    }
}
