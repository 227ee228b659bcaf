using Microsoft.Extensions.Configuration;

namespace Bandits.Rae;

/// <summary>Which RAE memory server a router's learning goes to, and how.</summary>
/// <remarks>Ranges stand at each option, once: the message of a fault names the option, its value and that range. <see cref="ToString"/> tells nothing secret.</remarks>
public sealed class RaeOptions
{
    /// <summary>Base address of the server, such as <c>https://rae.example:8000</c>; a path is kept. HTTPS, unless the host is this machine or <see cref="AllowHttp"/> is set.</summary>
    /// <value>The configuration's <c>RAE_ENDPOINT</c> where it is not set; required</value>
    [SafeEndpoint]
    public string? Endpoint { get; set; }

    /// <summary>Whether an endpoint on another machine may be plain HTTP: everything then travels in the clear, the key too.</summary>
    /// <value>false</value>
    public bool AllowHttp { get; set; }

    /// <summary>Key sent as <c>X-API-Key</c>; null for none. It is never logged and stands in no message.</summary>
    /// <value>The configuration's <c>RAE_API_KEY</c> where it is not set</value>
    [HeaderText]
    public string? ApiKey { get; set; }

    /// <summary>Tenant: a UUID, or <c>default-tenant</c>.</summary>
    /// <value>The configuration's <c>RAE_TENANT</c> where it is not set, else <c>default-tenant</c></value>
    [TenantId]
    public string? Tenant { get; set; }

    /// <summary>Project that memories belong to, 1 to 255 characters and not <c>default</c>; instances that learn from each other name the same.</summary>
    /// <value><c>bandits</c></value>
    [ProjectName]
    public string Project { get; set; } = "bandits";

    /// <summary>Directory of the outbox and its bookkeeping; null for the folder <c>rae</c> in the store's directory. One process uses it at a time.</summary>
    /// <value>null</value>
    public string? Directory { get; set; }

    /// <summary>Time between two exchanges with the server: 1 s to 1 day. In configuration also <c>sync_interval</c>, in seconds.</summary>
    /// <value>60 s</value>
    [Within("00:00:01", "1.00:00:00")]
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether evidence of other instances is pulled and joined.</summary>
    /// <value>false</value>
    public bool Learn { get; set; }

    /// <summary>Weight in belief of each outcome that another instance observed, against one of its own: 0 to 1.</summary>
    /// <value>0.5</value>
    [Within(0.0, 1.0)]
    public double ForeignWeight { get; set; } = 0.5;

    /// <summary>Records of single decisions sent in a minute, at most: 0 to 60,000. 0 sends none; of more outcomes than that a sample is sent, and the rest is counted.</summary>
    /// <value>0</value>
    [Within(0L, 60_000L)]
    public int RecordsPerMinute { get; set; }

    /// <summary>Memories created in any 60 seconds, at most, evidence and records together, retries included: 1 to 60,000.</summary>
    /// <value>30: about what such a server welcomes</value>
    [Within(1L, 60_000L)]
    public int CreatesPerMinute { get; set; } = 30;

    /// <summary>How confidential what is sent is: <c>public</c>, <c>internal</c> or <c>confidential</c>, which keeps it out of the server's semantic layer.</summary>
    /// <value><c>internal</c></value>
    [OneOf("public", "internal", "confidential")]
    public string InfoClass { get; set; } = "internal";

    /// <summary>Bytes that may wait on disk to be sent: 64 KiB to 1 GiB. Evidence that is beyond it is replaced by newer, of which nothing is lost; records beyond it are dropped and counted.</summary>
    /// <value>16 MiB</value>
    [Within(64L << 10, 1L << 30)]
    public long OutboxBytes { get; set; } = 16 << 20;

    /// <summary>Bytes of requests that the server refused for good, kept with the reason in <c>dead.jsonl</c>: 0 to 1 GiB. Beyond it only the count goes on.</summary>
    /// <value>4 MiB</value>
    [Within(0L, 1L << 30)]
    public long DeadLetterBytes { get; set; } = 4 << 20;

    /// <summary>Time for one try of one request: 100 ms to 10 min.</summary>
    /// <value>30 s</value>
    [Within("00:00:00.1", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Further tries after 408, 429, 5xx or a network failure, before what is sent stays in the outbox until the next exchange: 1 to 10.</summary>
    /// <value>3</value>
    [Within(1L, 10L)]
    public int Retries { get; set; } = 3;

    /// <summary>Longest wait between two tries that a server's Retry-After is honoured with at once: 1 s to 1 h; a longer one is waited for outside.</summary>
    /// <value>60 s</value>
    [Within("00:00:01", "01:00:00")]
    public TimeSpan LongestRetryWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Memories read in one pull, at most: 1 to 1,000,000.</summary>
    /// <value>10,000</value>
    [Within(1L, 1_000_000L)]
    public int MaxMemories { get; set; } = 10_000;

    /// <summary>Bytes of one answer, at most: 64 KiB to 1 GiB.</summary>
    /// <value>8 MiB</value>
    [Within(64L << 10, 1L << 30)]
    public long MaxResponseBytes { get; set; } = 8 << 20;

    /// <summary>Cells that one other instance may contribute, at most: 1 to 10,000,000; an instance with more is left out and named.</summary>
    /// <value>100,000</value>
    [Within(1L, 10_000_000L)]
    public int MaxForeignCells { get; set; } = 100_000;

    /// <summary>Other instances learnt from, at most: 1 to 10,000; beyond it, new ones take the place of those that have been silent for two days, and else are left out and counted.</summary>
    /// <value>64</value>
    [Within(1L, 10_000L)]
    public int MaxInstances { get; set; } = 64;

    /// <summary>First wait before a further try; it doubles, with jitter.</summary>
    internal TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a broken circuit stays open.</summary>
    internal TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Cells in one memory, at most.</summary>
    internal int CellsPerPart { get; set; } = 96;

    /// <summary>Windows after which a chain begins anew.</summary>
    internal int WindowsPerChain { get; set; } = 64;

    /// <summary>Every fault of these options, each naming the option, its value and the allowed range; empty when they are valid.</summary>
    public IReadOnlyList<string> Validate() => new RaeOptionsValidator().Validate(null, this).Failures is { } failures ? [.. failures] : [];

    /// <summary>Address and project, and whether there is a key.</summary>
    public override string ToString() => $"{(Uri.TryCreate(Endpoint, UriKind.Absolute, out Uri? address) ? address.Authority : "no endpoint")}, project {Project}, {(string.IsNullOrEmpty(ApiKey) ? "without" : "with")} a key";

    /// <summary>Fills what is not set from the names that RAE's own tools use.</summary>
    internal void FillFrom(IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(Endpoint)) Endpoint = configuration["RAE_ENDPOINT"];
        if (string.IsNullOrEmpty(ApiKey)) ApiKey = configuration["RAE_API_KEY"];
        if (string.IsNullOrEmpty(Tenant)) Tenant = configuration["RAE_TENANT"];
    }

    /// <summary>Throws unless valid.</summary>
    internal RaeOptions Checked()
    {
        IReadOnlyList<string> faults = Validate();
        return faults.Count == 0 ? this : throw new ArgumentException($"The RAE options have {faults.Count} fault(s): {string.Join(" ", faults)}");
    }

    /// <summary>Layer that aggregates go to.</summary>
    internal string EvidenceLayer => InfoClass == "confidential" ? "episodic" : "semantic";
}
