using System.Diagnostics;
using Bandits.Storage;
using Microsoft.Extensions.Hosting;

namespace Bandits.Extensions;

/// <summary>What a router needs while its host runs: opened before anything is served, its clock moved, decisions expired, snapshots saved; in the end everything written.</summary>
internal sealed class RouterService(RouterHost host) : BackgroundService
{
    /// <summary>Resolution of the coarse clock.</summary>
    internal static readonly TimeSpan ClockInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often decisions are looked at that might expire: at a tenth of the time they have, within these.</summary>
    private static readonly (TimeSpan Least, TimeSpan Most) ExpiryInterval = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Not in the caller's time: opening reads the journal. Given up on, it goes on, and the container ends what it opened.
        await Task.Run(() => host.Router, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (!host.IsOpen || host.Store is not { } store) return;
        await Task.Run(() => Write("bandits.flush", store.Flush), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (host.Options.SnapshotInterval > TimeSpan.Zero) await Task.Run(() => Write("bandits.snapshot", store.SaveSnapshot), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(MoveClock(stoppingToken), Expire(stoppingToken), SaveSnapshots(stoppingToken));

    private async Task MoveClock(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(ClockInterval, host.Clock);
        while (await Ticks(timer, stopping).ConfigureAwait(false)) host.Router.SetClock(host.Clock.GetUtcNow().UtcTicks);
    }

    private async Task Expire(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan after = host.Options.ExpireAfter, pause = after / 10;
            if (after == TimeSpan.Zero || pause > ExpiryInterval.Most) pause = ExpiryInterval.Most;
            else if (pause < ExpiryInterval.Least) pause = ExpiryInterval.Least;
            if (after > TimeSpan.Zero) await Task.Run(() => Expire(after), CancellationToken.None).ConfigureAwait(false);
            if (!await Pause(pause, stopping).ConfigureAwait(false)) return;
        }
    }

    private void Expire(TimeSpan after)
    {
        try
        {
            int count = host.Router.Expire(host.Clock.GetUtcNow().UtcTicks, after);
            if (count > 0) host.Log.Expired(host.Label, count, after);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            host.Log.WriteFailed(host.Label, "expire", e);
        }
    }

    private async Task SaveSnapshots(CancellationToken stopping)
    {
        while (host.Store is { } store)
        {
            TimeSpan interval = host.Options.SnapshotInterval;
            if (!await Pause(interval > TimeSpan.Zero ? interval : ExpiryInterval.Most, stopping).ConfigureAwait(false)) return;
            if (interval > TimeSpan.Zero) await Task.Run(() => Write("bandits.snapshot", store.SaveSnapshot), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void Write(string name, Action write)
    {
        using Activity? activity = BanditsTelemetry.Source.StartActivity(name);
        activity?.SetTag(BanditsTelemetry.RouterTag, host.Label);
        try
        {
            write();
            host.Log.Written(host.Label, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            host.Log.WriteFailed(host.Label, name, e);
        }
    }

    private static async ValueTask<bool> Ticks(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async ValueTask<bool> Pause(TimeSpan time, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(time, host.Clock, stopping).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
