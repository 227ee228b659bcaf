using System.Net;

namespace Bandits.Integration.Tests.Rae;

/// <summary>A server whose answers are a function of the request; the answer "500" is a failure as a database that cannot hold a text makes it.</summary>
internal sealed class Canned(Func<HttpRequestMessage, string> answer) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string text = answer(request);
        return Task.FromResult(text == "500"
            ? new HttpResponseMessage(HttpStatusCode.InternalServerError) { Content = new StringContent("""{"error":{"code":"500","message":"unsupported Unicode escape sequence"}}""") }
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text) });
    }
}
