namespace Bandits.Rae.Http;

/// <summary>What the handlers know of a request beyond what is sent.</summary>
internal static class RaeRequests
{
    /// <summary>Whether it creates a memory, of which only so many a minute are welcome.</summary>
    public static HttpRequestOptionsKey<bool> IsCreate { get; } = new("bandits.create");

    /// <summary>Path of the memories below the endpoint; the slash at its end saves a redirect.</summary>
    public const string Memories = "v2/memories/";
}
