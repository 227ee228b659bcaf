using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Bandits.Integration.Tests.Rae;

/// <summary>The fake server behaves as the real one does, so that what is proved against it means something.</summary>
public sealed class RaeServerTests : IAsyncLifetime
{
    private RaeServer _server = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _server = await RaeServer.StartAsync();
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_server.Endpoint) };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Without_the_trailing_slash_it_answers_307()
    {
        HttpResponseMessage response = await _http.PostAsJsonAsync("/v2/memories", new { content = "x" });
        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.EndsWith("/v2/memories/", response.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.Storage.Memories);
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData("default-tenant", 200)]
    [InlineData("6f1c2a1e-0000-4000-8000-000000000001", 200)]
    [InlineData("tenant-7", 400)]
    public async Task A_tenant_is_a_uuid_or_the_default(string? tenant, int status)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v2/memories/");
        if (tenant is not null) request.Headers.Add("X-Tenant-Id", tenant);
        Assert.Equal(status, (int)(await _http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task The_latest_write_repeated_is_none_until_another_comes_between_or_the_mark_is_old()
    {
        Assert.NotEqual("None", await CreateAsync("one"));
        Assert.Equal("None", await CreateAsync("one"));
        await CreateAsync("two");
        Assert.NotEqual("None", await CreateAsync("one")); // the id of the one there is
        Assert.Equal(2, _server.Storage.Memories.Count);
        _server.Storage.Clock = () => DateTime.UtcNow.AddSeconds(301);
        Assert.NotEqual("None", await CreateAsync("one"));
        Assert.Equal(2, _server.Storage.Memories.Count);
    }

    [Fact]
    public async Task The_same_content_is_one_memory_across_projects_and_layers()
    {
        string first = await CreateAsync("one"), second = await CreateAsync("one", "other", "semantic");
        Assert.Equal(first, second);
        Assert.Equal(("p", "episodic"), (Assert.Single(_server.Storage.Memories).Project, _server.Storage.Memories[0].Layer));
    }

    [Fact]
    public async Task A_failure_after_the_mark_makes_the_retry_a_duplicate_of_nothing()
    {
        _server.Plan = (number, _) => number == 0 ? Mishap.FailMarked : Mishap.None;
        Assert.Equal("", await CreateAsync("one"));
        Assert.Equal("None", await CreateAsync("one"));
        Assert.Empty(_server.Storage.Memories);
    }

    [Theory]
    [InlineData("rate 0.8333333333333334", "rate 0.[CREDIT_CARD]***")]
    [InlineData("rate 0.123456789", "rate 0.[SSN]****")]
    [InlineData("by Claude Sonnet", "by [NAME]*******")]
    [InlineData("at 1700000000", "at [PHONE]***")]
    [InlineData("bandit_decision cost_usd=0.012300 duration_s=81.200000", "bandit_decision cost_usd=0.012300 duration_s=81.200000")]
    public async Task Content_is_scrubbed_and_metadata_is_not(string content, string stored)
    {
        await CreateAsync(content);
        ServerMemory memory = Assert.Single(_server.Storage.Memories);
        Assert.Equal((stored, content), (memory.Content, (string?)memory.Metadata["kept"]));
    }

    [Fact]
    public async Task Long_content_is_split_and_the_first_id_comes_back()
    {
        string id = await CreateAsync(new string('x', 1500) + "y");
        Assert.Equal(2, _server.Storage.Memories.Count);
        Assert.StartsWith("x", _server.Storage.Memories.Single(m => m.Id == id).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_are_newest_first_without_zone_and_say_the_length_of_the_page()
    {
        foreach (string content in (string[])["one", "two", "three"]) await CreateAsync(content);
        JsonNode page = (await _http.GetFromJsonAsync<JsonNode>("/v2/memories/?limit=2&offset=0&project=p&layer=episodic"))!;
        Assert.Equal((2, "three"), ((int)page["total"]!, (string)page["results"]![0]!["content"]!));
        Assert.DoesNotContain("Z", (string)page["results"]![0]!["created_at"]!, StringComparison.Ordinal);
        Assert.Equal(422, (int)(await _http.GetAsync("/v2/memories/?limit=1001")).StatusCode);
    }

    [Fact]
    public async Task Queries_say_semantic_and_half_and_no_tags_whatever_is_stored()
    {
        await CreateAsync("one apple");
        JsonNode answer = (await (await _http.PostAsJsonAsync("/v2/memories/query", new { query = "apple", project = "p", k = 3 })).Content.ReadFromJsonAsync<JsonNode>())!;
        JsonNode result = answer["results"]![0]!;
        Assert.Equal(("semantic", 0.5, 0, "one apple"), ((string)result["layer"]!, (double)result["importance"]!, result["tags"]!.AsArray().Count, (string)result["metadata"]!["kept"]!));
        Assert.Equal(422, (int)(await _http.PostAsJsonAsync("/v2/memories/query", new { query = "apple" })).StatusCode);
    }

    [Fact]
    public async Task Classes_that_a_layer_must_not_hold_are_refused_where_there_is_a_policy()
    {
        _server.HasPolicy = true;
        Assert.Equal(400, (int)(await _http.PostAsJsonAsync("/v2/memories/", new { content = "x", info_class = "confidential", layer = "semantic" })).StatusCode);
        Assert.Equal(400, (int)(await _http.PostAsJsonAsync("/v2/memories/", new { content = "x", info_class = "restricted", layer = "episodic" })).StatusCode);
        Assert.Equal(200, (int)(await _http.PostAsJsonAsync("/v2/memories/", new { content = "x", info_class = "confidential", layer = "episodic" })).StatusCode);
    }

    [Fact]
    public async Task What_is_unknown_or_wrong_is_refused_as_the_server_does()
    {
        Assert.Contains("\"detail\"", await (await _http.GetAsync("/v2/nothing")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("details", await (await _http.PostAsJsonAsync("/v2/memories/", new { text = "x" })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/health")).StatusCode);
    }

    private async Task<string> CreateAsync(string content, string project = "p", string layer = "episodic")
    {
        HttpResponseMessage response = await _http.PostAsJsonAsync("/v2/memories/", new { content, project, layer, importance = 0, session_id = "dropped", metadata = new { kept = content } });
        return response.IsSuccessStatusCode ? (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["memory_id"]! : "";
    }
}
