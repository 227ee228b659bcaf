using System.Diagnostics;
using Bandits.Storage;
using Microsoft.Extensions.Hosting;

namespace Bandits.Extensions;

/// <summary>What a router needs while its host runs: opened before anything is served, its clock moved, decisions expired, snapshots saved; in the end everything written.</summary>
internal sealed class RouterService(RouterHost host) : BackgroundService
{
    /// <summary>Resolution of the coarse clock.</summary>
    private static readonly TimeSpan ClockInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it is looked whether decisions expire or a snapshot is due: at a tenth of the time that they have, within these.</summary>
    private static readonly (TimeSpan Least, TimeSpan Most) Look = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Not in the caller's time: opening reads the journal. Given up on, it goes on, and the container ends what it opened.
        await Task.Run(() => host.Router, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        host.Tick();
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (!host.IsOpen) return;
        host.Router.SetClock(0); // nobody moves it any more
        if (host.Store is not { } store) return;
        Task writing = Task.Run(() =>
        {
            Write("bandits.flush", store.Flush);
            Write("bandits.snapshot", store.SaveSnapshot);
        }, CancellationToken.None);
        try
        {
            await writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Others used the time up. It goes on, and the container, which ends the store, waits for the journal.
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(MoveClock(stoppingToken), Expire(stoppingToken), SaveSnapshots(stoppingToken));

    private async Task MoveClock(CancellationToken stopping)
    {
        while (await Pause(ClockInterval, stopping).ConfigureAwait(false)) Guard("tick", host.Tick);
    }

    private async Task Expire(CancellationToken stopping)
    {
        do
        {
            TimeSpan after = host.Options.ExpireAfter;
            if (after > TimeSpan.Zero) await Task.Run(() => Guard("expire", () => Expire(after)), CancellationToken.None).ConfigureAwait(false);
        }
        while (await Pause(LookAfter(host.Options.ExpireAfter), stopping).ConfigureAwait(false));
    }

    private void Expire(TimeSpan after)
    {
        int count = host.Router.Expire(host.Clock.GetUtcNow().UtcTicks, after);
        if (count > 0) host.Log.Expired(host.Label, count, after);
    }

    private async Task SaveSnapshots(CancellationToken stopping)
    {
        if (host.Store is not { } store) return;
        long saved = host.Clock.GetTimestamp();
        while (await Pause(LookAfter(host.Options.SnapshotInterval), stopping).ConfigureAwait(false))
        {
            TimeSpan interval = host.Options.SnapshotInterval;
            if (interval == TimeSpan.Zero || host.Clock.GetElapsedTime(saved) < interval) continue;
            saved = host.Clock.GetTimestamp();
            await Task.Run(() => Write("bandits.snapshot", store.SaveSnapshot), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static TimeSpan LookAfter(TimeSpan time) => time == TimeSpan.Zero || time / 10 > Look.Most ? Look.Most : time / 10 < Look.Least ? Look.Least : time / 10;

    private void Write(string name, Action write) => Guard(name, () =>
    {
        using Activity? activity = BanditsTelemetry.Source.StartActivity(name);
        activity?.SetTag(BanditsTelemetry.RouterTag, host.Label);
        try
        {
            write();
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }

        host.Log.Written(host.Label, name);
    });

    /// <summary>One failure, whoever's it is, must not end what is done again and again: the disk's, a policy's, even the log's.</summary>
    private void Guard(string operation, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            try
            {
                host.Log.WriteFailed(host.Label, operation, e);
            }
            catch (Exception)
            {
                // The log cannot be told either.
            }
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
