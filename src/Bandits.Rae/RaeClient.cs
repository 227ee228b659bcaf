using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bandits.Rae.Formats;
using Bandits.Rae.Http;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Bandits.Rae;

/// <summary>The few requests to a RAE memory server that this library makes, with retries, Retry-After, a circuit breaker and a pace. Thread-safe.</summary>
/// <remarks>Each call throws <see cref="RaeException"/> when it fails for good, and <see cref="OperationCanceledException"/> when it is cancelled.</remarks>
public sealed class RaeClient : IDisposable
{
    /// <summary>Most memories in one page of a list.</summary>
    public const int MostInPage = 1000;

    /// <summary>Longest query, characters.</summary>
    public const int LongestQuery = 1024;

    /// <summary>Most results of a query.</summary>
    public const int MostResults = 100;

    private const int DeepestAnswer = 1000;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly RaeOptions _options;
    private readonly RaePipeline _pipeline;
    private readonly HttpClient _http;

    /// <summary>Makes a client with connections of its own.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">Options are invalid; the message names every fault.</exception>
    public RaeClient(RaeOptions options, TimeProvider? clock = null)
        : this(options, clock ?? TimeProvider.System, NetworkOf(options))
    {
    }

    internal RaeClient(RaeOptions options, TimeProvider clock, HttpMessageHandler network)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Checked();
        _pipeline = new RaePipeline(options, clock, network);
        _http = new HttpClient(_pipeline.Handler) { BaseAddress = new Uri(options.Endpoint!.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Add("X-Tenant-Id", string.IsNullOrEmpty(options.Tenant) ? TenantIdAttribute.Default : options.Tenant);
        if (!string.IsNullOrEmpty(options.ApiKey)) _http.DefaultRequestHeaders.Add("X-API-Key", options.ApiKey);
    }

    internal static SocketsHttpHandler NetworkOf(RaeOptions options) => new()
    {
        AllowAutoRedirect = false, // a redirect that is followed blindly takes the key along
        UseCookies = false,
        UseProxy = options?.Endpoint?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true, // through a proxy plain http, which this machine may have, would take the key along in the clear
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // names may come to mean other addresses
    };

    /// <summary>Tries after the first ones, since the client was made.</summary>
    public long Retried => _pipeline.Retried;

    /// <summary>Whether requests go out.</summary>
    public RaeCircuit Circuit => _pipeline.Circuit;

    /// <summary>How long the server asked to be left alone, from now on.</summary>
    public TimeSpan Rest => _pipeline.Rest;

    /// <summary>Creates a memory from the JSON of its request.</summary>
    /// <exception cref="RaeException">It was refused, or may be created later.</exception>
    public async Task<CreatedMemory> CreateAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken = default)
    {
        using JsonDocument answer = await SendAsync(HttpMethod.Post, RaeRequests.Memories, request, isCreate: true, cancellationToken).ConfigureAwait(false);
        if (answer.RootElement.ValueKind != JsonValueKind.Object || !answer.RootElement.TryGetProperty("memory_id", out JsonElement id)) throw NotUnderstood("a create");
        string? text = JsonText.Of(id);
        return new CreatedMemory(text is null or "" or "None" or "skipped" ? null : text);
    }

    /// <summary>Memories that are like a text, best first.</summary>
    /// <param name="query">1 to <see cref="LongestQuery"/> characters.</param>
    /// <param name="most">1 to <see cref="MostResults"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RaeException">It was refused, or there is no answer.</exception>
    public async Task<IReadOnlyList<RaeMemory>> QueryAsync(string query, int most = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Length is 0 or > LongestQuery) throw new ArgumentException($"The query has {query.Length} characters; the allowed range is 1 to {LongestQuery}.");
        if (most is < 1 or > MostResults) throw new ArgumentOutOfRangeException(nameof(most), most, $"The allowed range is 1 to {MostResults}.");
        using JsonDocument answer = await SendAsync(HttpMethod.Post, RaeRequests.Memories + "query", MemoryText.Query(query, _options.Project, most), isCreate: false, cancellationToken).ConfigureAwait(false);
        return MemoryText.Results(answer.RootElement) ?? throw NotUnderstood("a query");
    }

    /// <summary>A page of the project's memories in a layer, newest first. Pages shift while others create: the same memory may come again.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="limit">Most memories, 1 to <see cref="MostInPage"/>.</param>
    /// <param name="offset">Memories to pass over, 0 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RaeException">It was refused, or there is no answer.</exception>
    public async Task<IReadOnlyList<RaeMemory>> ListAsync(string layer, int limit, long offset, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(layer);
        if (limit is < 1 or > MostInPage) throw new ArgumentOutOfRangeException(nameof(limit), limit, $"The allowed range is 1 to {MostInPage}.");
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        string path = string.Create(CultureInfo.InvariantCulture, $"{RaeRequests.Memories}?limit={limit}&offset={offset}&project={Uri.EscapeDataString(_options.Project)}&layer={Uri.EscapeDataString(layer)}");
        using JsonDocument answer = await SendAsync(HttpMethod.Get, path, null, isCreate: false, cancellationToken).ConfigureAwait(false);
        return MemoryText.Results(answer.RootElement) ?? throw NotUnderstood("a list");
    }

    /// <summary>Past tasks that are like a text, best first, with what the memories of decisions say about them.</summary>
    /// <inheritdoc cref="QueryAsync" path="/param"/>
    /// <inheritdoc cref="QueryAsync" path="/exception"/>
    public async Task<IReadOnlyList<SimilarTask>> SimilarAsync(string query, int most = 10, CancellationToken cancellationToken = default) =>
        [.. (await QueryAsync(query, most, cancellationToken).ConfigureAwait(false)).Select(SimilarTask.Of)];

    /// <summary>What all instances that export to the project have observed together.</summary>
    /// <exception cref="RaeException">It was refused, or there is no answer.</exception>
    public Task<GlobalStatistics> StatisticsAsync(CancellationToken cancellationToken = default) => GlobalStatistics.ReadAsync(this, _options, cancellationToken);

    /// <summary>Whether the server says that it is well.</summary>
    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri("health", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            return false;
        }
    }

    /// <summary>Closes its connections.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<JsonDocument> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, bool isCreate, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = Json;
        }

        request.Options.Set(RaeRequests.IsCreate, isCreate);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            byte[] answer = await AnswerBody.ReadAsync(response, _options, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK) throw ErrorAnswer.Of(response, answer, _options.ApiKey);
            try
            {
                return JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = DeepestAnswer }); // metadata of other programs may be deep
            }
            catch (JsonException e)
            {
                throw new RaeException(RaeFault.NotUnderstood, (int)response.StatusCode, "The server's answer is not JSON.", e);
            }
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            string why = e is BrokenCircuitException ? "The circuit is open: the server only failed of late." : e is TimeoutRejectedException or OperationCanceledException ? $"The server did not answer within {_options.RequestTimeout}." : $"The server cannot be reached: {Reason(e)}";
            throw new RaeException(RaeFault.Unavailable, 0, why, e);
        }
    }

    private static bool IsNoAnswer(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException or TimeoutRejectedException or BrokenCircuitException || e is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private static string Reason(Exception e) => e is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } ? $"{error}." : e.Message;

    private static RaeException NotUnderstood(string what) => new(RaeFault.NotUnderstood, (int)HttpStatusCode.OK, $"The server's answer to {what} is of another shape.");
}
