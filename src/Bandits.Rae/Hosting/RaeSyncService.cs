using Bandits.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bandits.Rae.Hosting;

/// <summary>Exchanges at every interval: collects, pulls where that is asked for, pushes. When the host stops it collects once more and pushes for as long as the host waits.</summary>
internal sealed class RaeSyncService(IServiceProvider services, RaeOptions options, string? routerName, TimeProvider clock, ILogger<RaeExchange> logger) : BackgroundService
{
    /// <summary>What the last exchange may take of the host's time to stop: others need it too, and the outbox keeps what is not sent.</summary>
    private static readonly TimeSpan LastExchange = TimeSpan.FromSeconds(2);

    private RouterStore? _store;
    private RaeExchange? _exchange;

    /// <summary>The store must be there before anything runs; that is the program's fault if it is not.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _store = routerName is null ? services.GetRequiredService<RouterStore>() : services.GetRequiredKeyedService<RouterStore>(routerName);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (_exchange is not { } exchange || _store is not { } store) return;
        using var last = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        last.CancelAfter(LastExchange);
        try
        {
            await exchange.CollectAsync(store, cancellationToken: last.Token).ConfigureAwait(false);
            await exchange.PushAsync(last.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is waited for no longer; the outbox keeps it.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            logger.ExchangeFailed(e);
        }

        logger.Ended(exchange.Status.Waiting);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host starts without waiting for the outbox
        using var timer = new PeriodicTimer(options.SyncInterval, clock);
        try
        {
            do await ExchangeAsync(_store!, stoppingToken).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Whatever fails is tried again at the next interval: a server of memories must not take the program down.</summary>
    private async Task ExchangeAsync(RouterStore store, CancellationToken cancellationToken)
    {
        try
        {
            _exchange ??= routerName is null ? services.GetRequiredService<RaeExchange>() : services.GetRequiredKeyedService<RaeExchange>(routerName);
            await _exchange.CollectAsync(store, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (options.Learn) await PullAsync(_exchange, store, cancellationToken).ConfigureAwait(false);
            await _exchange.PushAsync(options.SyncInterval, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.ExchangeFailed(e);
        }
    }

    private async Task PullAsync(RaeExchange exchange, RouterStore store, CancellationToken cancellationToken)
    {
        try
        {
            await exchange.PullAsync(store, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.PullFailed(e.Message); // and what is to be sent is sent all the same
        }
    }
}
