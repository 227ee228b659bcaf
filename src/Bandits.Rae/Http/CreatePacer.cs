namespace Bandits.Rae.Http;

/// <summary>Lets at most so many creates through in any 60 seconds; the others wait their turn.</summary>
internal sealed class CreatePacer(int createsPerMinute, TimeProvider clock) : DelegatingHandler
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Queue<long> _latest = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Options.TryGetValue(RaeRequests.IsCreate, out bool isCreate) && isCreate) await WaitAsync(cancellationToken).ConfigureAwait(false);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _turn.Dispose();
        base.Dispose(disposing);
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_latest.Count == createsPerMinute)
            {
                TimeSpan left = Minute - clock.GetElapsedTime(_latest.Peek());
                if (left > TimeSpan.Zero) await Task.Delay(left, clock, cancellationToken).ConfigureAwait(false);
                _latest.Dequeue();
            }

            _latest.Enqueue(clock.GetTimestamp());
        }
        finally
        {
            _turn.Release();
        }
    }
}
