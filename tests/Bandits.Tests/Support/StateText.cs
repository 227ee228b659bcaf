using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bandits.Tests.Support;

/// <summary>A router's whole state as text, for deep comparison: shortest round-trip numbers, so equal text is equal bits.</summary>
internal static class StateText
{
    private static readonly JsonSerializerOptions Exact = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static string Of(BanditRouter router) => JsonSerializer.Serialize(router.CaptureState(), Exact);
}
