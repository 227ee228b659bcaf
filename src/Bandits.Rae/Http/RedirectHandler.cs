using System.Net;

namespace Bandits.Rae.Http;

/// <summary>Follows 307 and 308 with method and body, as the server sends where a slash is missing, but only to the same scheme, host and port: the key goes nowhere else.</summary>
internal sealed class RedirectHandler : DelegatingHandler
{
    private const int MostRedirects = 3;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri origin = request.RequestUri!;
        byte[]? body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || redirects == MostRedirects || response.Headers.Location is not { } location) return response;
            var target = new Uri(request.RequestUri!, location);
            if (target.Scheme != origin.Scheme || target.Authority != origin.Authority) return response;
            HttpRequestMessage again = Again(request, target, body);
            response.Dispose();
            request = again;
        }
    }

    private static HttpRequestMessage Again(HttpRequestMessage request, Uri target, byte[]? body)
    {
        var again = new HttpRequestMessage(request.Method, target) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach ((string name, IEnumerable<string> values) in request.Headers) again.Headers.TryAddWithoutValidation(name, values);
        if (body is not null)
        {
            again.Content = new ByteArrayContent(body);
            again.Content.Headers.ContentType = request.Content!.Headers.ContentType;
        }

        return again;
    }
}
