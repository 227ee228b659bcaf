using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bandits.Integration.Tests.Rae;

/// <summary>A RAE memory server with every quirk of the real one that is known, on the loopback interface; a plan says what happens to each request.</summary>
internal sealed class RaeServer : IAsyncDisposable
{
    private static readonly string[] Layers = ["sensory", "working", "episodic", "semantic", "reflective"];
    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _app;
    private int _requests;

    private RaeServer(WebApplication app, ServerStorage storage) => (_app, Storage) = (app, storage);

    public ServerStorage Storage { get; }

    /// <summary>What happens to the request of this number, from 0.</summary>
    public Func<int, string, Mishap> Plan { get; set; } = (_, _) => Mishap.None;

    /// <summary>Seconds that a busy server asks for.</summary>
    public int RetryAfterSeconds { get; set; }

    /// <summary>Policy: whether information classes are looked at.</summary>
    public bool HasPolicy { get; set; }

    /// <summary>Called before each page of a list is made: what others do meanwhile.</summary>
    public Action? BeforeList { get; set; }

    /// <summary>Method, path, query and headers of each request.</summary>
    public ConcurrentQueue<(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers)> Log { get; } = new();

    public string Endpoint => _app.Urls.First();

    public int Port => new Uri(Endpoint).Port;

    public static async Task<RaeServer> StartAsync(ServerStorage? storage = null, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, port));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        var server = new RaeServer(builder.Build(), storage ?? new ServerStorage());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Stops as a process that is killed: open requests end with a reset.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string path = request.Path.Value!;
        Log.Enqueue((request.Method, path, request.QueryString.Value ?? "", request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        Mishap mishap = path == "/health" ? Mishap.None : Plan(Interlocked.Increment(ref _requests) - 1, path);
        switch (mishap)
        {
            case Mishap.DropBefore: context.Abort(); return;
            case Mishap.Hang: await HangAsync(context); return;
            case Mishap.Delay: await Task.Delay(20); break;
            case Mishap.Unavailable: await JsonAsync(context, 503, """{"error":{"code":"503","message":"upstream"}}"""); return;
            case Mishap.BusyByHeader:
                context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                await JsonAsync(context, 429, $$$"""{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"slow down","retry_after_seconds":{{{RetryAfterSeconds}}}}}""");
                return;
            case Mishap.BusyByBody:
                long reset = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + RetryAfterSeconds;
                context.Response.Headers["X-RateLimit-Limit"] = "100";
                await JsonAsync(context, 429, "{\"error\":{\"code\":\"429\",\"message\":{\"error\":\"Rate limit exceeded\",\"limit\":100,\"window\":60,\"reset_at\":" + reset + "}}}");
                return;
            case Mishap.ElsewhereRedirect:
                context.Response.Headers.Location = $"http://localhost:{Port}{path}{request.QueryString}";
                context.Response.StatusCode = 307;
                return;
            case Mishap.Invalid: await JsonAsync(context, 422, """{"error":{"code":"422","message":"Validation failed","details":[]}}"""); return;
            case Mishap.OverBudget: await JsonAsync(context, 402, """{"error":"Budget exceeded. Try next month."}"""); return;
            case Mishap.Foreign: await context.Response.WriteAsync("<html>Welcome to the airport</html>"); return;
        }

        await RouteAsync(context, path, mishap);
    }

    private async Task RouteAsync(HttpContext context, string path, Mishap mishap)
    {
        if (path == "/health")
        {
            await JsonAsync(context, 200, """{"status":"healthy"}""");
            return;
        }

        if (path == "/v2/memories")
        {
            context.Response.Headers.Location = $"http://{context.Request.Host}/v2/memories/{context.Request.QueryString}";
            context.Response.StatusCode = 307;
            return;
        }

        if (!TryTenant(context, out Guid tenant))
        {
            await JsonAsync(context, 400, """{"error":{"code":"400","message":"Invalid tenant id"}}""");
            return;
        }

        switch (context.Request.Method, path)
        {
            case ("POST", "/v2/memories/"): await CreateAsync(context, tenant, mishap); break;
            case ("POST", "/v2/memories/query"): await QueryAsync(context, tenant); break;
            case ("GET", "/v2/memories/"): await ListAsync(context, tenant); break;
            default: await JsonAsync(context, 404, """{"detail":"Not Found"}"""); break;
        }

        if (mishap == Mishap.DropAfter) context.Abort();
    }

    private async Task CreateAsync(HttpContext context, Guid tenant, Mishap mishap)
    {
        if (await BodyAsync(context) is not { } body || body["content"] is not JsonValue content || !content.TryGetValue(out string? text) || text.Length == 0)
        {
            await JsonAsync(context, 422, """{"error":{"code":"422","message":"Validation failed","details":[{"loc":["body","content"]}]}}""");
            return;
        }

        string layer = (string?)body["layer"] ?? "episodic", infoClass = (string?)body["info_class"] ?? "internal";
        if (HasPolicy && ((infoClass == "restricted" && layer != "working") || (infoClass == "confidential" && layer == "semantic")))
        {
            await JsonAsync(context, 400, """{"error":{"code":"400","message":"information class not allowed in this layer"}}""");
            return;
        }

        try
        {
            string? id = Storage.Store(tenant, body, mishap == Mishap.FailMarked);
            if (mishap == Mishap.Twice) id = Storage.Store(tenant, body);
            if (mishap == Mishap.HangAfter) await HangAsync(context);
            if (mishap is Mishap.DropAfter or Mishap.HangAfter) return;
            if (mishap == Mishap.FailStored) throw new InvalidOperationException("audit failed");
            await JsonAsync(context, 200, $$"""{"memory_id":"{{id ?? "None"}}","message":"Memory stored in RAE-Core"}""");
        }
        catch (InvalidOperationException e)
        {
            await JsonAsync(context, 500, $$$"""{"error":{"code":"500","message":"Failed to store memory: {{{e.Message}}}"}}""");
        }
    }

    private async Task QueryAsync(HttpContext context, Guid tenant)
    {
        JsonObject? body = await BodyAsync(context);
        string? query = (string?)body?["query"], project = (string?)body?["project"];
        int k = (int?)body?["k"] ?? 10;
        if (query is null or { Length: 0 or > 1024 } || project is null or { Length: 0 or > 255 } || k is < 1 or > 100)
        {
            await JsonAsync(context, 422, """{"error":{"code":"422","message":"Validation failed","details":[]}}""");
            return;
        }

        string[] words = query.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = Storage.Memories.Where(m => m.Tenant == tenant && m.Project == project)
            .Select(m => (Memory: m, Score: words.Count(word => m.Content.Contains(word, StringComparison.Ordinal)) / (double)words.Length))
            .Where(m => m.Score > 0).OrderByDescending(m => m.Score).Take(k).ToList();
        var results = new JsonArray();
        foreach ((ServerMemory m, double score) in found)
        {
            results.Add(new JsonObject
            {
                ["id"] = m.Id,
                ["content"] = m.Content,
                ["score"] = score,
                ["layer"] = "semantic",
                ["importance"] = 0.5,
                ["tags"] = new JsonArray(),
                ["metadata"] = m.Metadata.DeepClone(),
            });
        }

        await JsonAsync(context, 200, new JsonObject { ["results"] = results, ["total_count"] = found.Count, ["synthesized_context"] = null }.ToJsonString());
    }

    private async Task ListAsync(HttpContext context, Guid tenant)
    {
        IQueryCollection query = context.Request.Query;
        int limit = query.TryGetValue("limit", out var l) ? int.Parse(l!, CultureInfo.InvariantCulture) : 50;
        long offset = query.TryGetValue("offset", out var o) ? long.Parse(o!, CultureInfo.InvariantCulture) : 0;
        string? project = query["project"], layer = query["layer"];
        if (limit is < 1 or > 1000 || offset < 0 || (layer is not null && !Layers.Contains(layer)))
        {
            await JsonAsync(context, 422, """{"error":{"code":"422","message":"Validation failed","details":[]}}""");
            return;
        }

        BeforeList?.Invoke();
        List<ServerMemory> page = [.. Storage.Memories.Where(m => m.Tenant == tenant && (project is null || m.Project == project) && (layer is null || m.Layer == layer)).Skip((int)offset).Take(limit)];
        var results = new JsonArray();
        foreach (ServerMemory m in page)
        {
            results.Add(new JsonObject
            {
                ["id"] = m.Id,
                ["content"] = m.Content,
                ["layer"] = m.Layer,
                ["importance"] = m.Importance,
                ["tags"] = m.Tags.DeepClone(),
                ["metadata"] = m.Metadata.DeepClone(),
                ["project"] = m.Project,
                ["source"] = m.Source,
                ["created_at"] = m.CreatedAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            });
        }

        await JsonAsync(context, 200, new JsonObject { ["results"] = results, ["total"] = page.Count, ["limit"] = limit, ["offset"] = offset }.ToJsonString());
    }

    private async Task HangAsync(HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, context.RequestAborted);
        try
        {
            await Task.Delay(Timeout.Infinite, either.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static bool TryTenant(HttpContext context, out Guid tenant)
    {
        string given = context.Request.Headers["X-Tenant-Id"].ToString();
        tenant = Guid.Empty;
        return given is "" or "default-tenant" || Guid.TryParse(given, out tenant);
    }

    private static async Task<JsonObject?> BodyAsync(HttpContext context)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task JsonAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    }
}
