using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bandits.Tests.Rae;

namespace Bandits.Integration.Tests.Rae;

/// <summary>What survives a restart of the fake server, and the two rules by which it takes a write for one that it has.</summary>
internal sealed class ServerStorage
{
    private static readonly TimeSpan MarkLasts = TimeSpan.FromSeconds(300);

    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid, string), ServerMemory> _memories = [];
    private readonly Dictionary<(Guid, string), (string Md5, DateTime At)> _marks = [];
    private DateTime _last;

    /// <summary>Time of the server; memories never share one.</summary>
    public Func<DateTime> Clock { get; set; } = () => DateTime.UtcNow;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ServerMemory> Memories
    {
        get
        {
            lock (_gate) return [.. _memories.Values.OrderByDescending(m => m.CreatedAt)];
        }
    }

    /// <summary>Stores a memory as a create asks; null for a duplicate.</summary>
    /// <param name="tenant">Tenant.</param>
    /// <param name="body">The request.</param>
    /// <param name="fails">Whether storing fails after the mark was set.</param>
    public string? Store(Guid tenant, JsonObject body, bool fails = false)
    {
        string content = Scrubber.Scrub((string)body["content"]!), project = (string?)body["project"] ?? "default";
        lock (_gate)
        {
            DateTime now = Clock();
            string md5 = Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes(content)));
            bool isMarked = _marks.TryGetValue((tenant, project), out (string Md5, DateTime At) mark) && mark.Md5 == md5 && now - mark.At < MarkLasts;
            _marks[(tenant, project)] = (md5, now); // before it is stored
            if (isMarked) return null;
            if (fails) throw new InvalidOperationException("storage failed");
            return Chunks(content).Select(chunk => Put(tenant, chunk, project, body, now)).ToList()[0];
        }
    }

    private string Put(Guid tenant, string content, string project, JsonObject body, DateTime now)
    {
        string sha = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        if (_memories.TryGetValue((tenant, sha), out ServerMemory? there)) return there.Id; // across projects and layers
        _last = now > _last ? now : _last.AddTicks(10);
        double importance = body["importance"]?.GetValue<double>() is { } given and not 0 ? given : 0.5;
        var memory = new ServerMemory(
            Guid.NewGuid().ToString(), tenant, content, (string?)body["layer"] ?? "episodic", project, (JsonArray)(body["tags"]?.DeepClone() ?? new JsonArray()),
            (JsonObject)(body["metadata"]?.DeepClone() ?? new JsonObject()), importance, _last, (string?)body["source"]);
        _memories[(tenant, sha)] = memory;
        return memory.Id;
    }

    private static IEnumerable<string> Chunks(string content)
    {
        for (int at = 0; at < content.Length; at += 1500) yield return content.Substring(at, Math.Min(1500, content.Length - at));
    }
}
