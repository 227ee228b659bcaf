namespace Bandits.Rae.Http;

/// <summary>Reads an answer within the bounds of the options: so many bytes, and so much time for all of them.</summary>
internal static class AnswerBody
{
    /// <exception cref="RaeException">It is too long.</exception>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, RaeOptions options, CancellationToken cancellationToken)
    {
        long most = options.MaxResponseBytes;
        if (response.Content.Headers.ContentLength > most) throw TooLong(response, most);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.RequestTimeout);
        using Stream body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
        using var kept = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int read; (read = await body.ReadAsync(buffer, limit.Token).ConfigureAwait(false)) > 0;)
        {
            if (kept.Length + read > most) throw TooLong(response, most);
            kept.Write(buffer, 0, read);
        }

        return kept.ToArray();
    }

    private static RaeException TooLong(HttpResponseMessage response, long most) =>
        new(RaeFault.TooLong, (int)response.StatusCode, $"The server's answer is longer than {nameof(RaeOptions.MaxResponseBytes)}, {most} bytes.");
}
