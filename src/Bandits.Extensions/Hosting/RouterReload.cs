using System.Globalization;
using Bandits.Storage;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Bandits.Extensions;

/// <summary>Follows changes of a router's options: takes valid ones as a whole, refuses others and says every fault.</summary>
/// <remarks>
/// It listens where <see cref="IOptionsMonitor{TOptions}"/> does, and not to the monitor itself: that one throws at its listeners' expense when new options are invalid, so
/// nobody would be told.
/// </remarks>
internal sealed class RouterReload : IDisposable
{
    private readonly RouterHost _host;
    private readonly IOptionsFactory<BanditsOptions> _factory;
    private readonly List<IDisposable> _registrations = [];
    private readonly HashSet<string> _left = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private BanditRouter? _router;
    private BanditsOptions? _inForce;
    private RouterOptions? _made;
    private bool _isMissed;

    public RouterReload(RouterHost host, IOptionsFactory<BanditsOptions> factory, IEnumerable<IOptionsChangeTokenSource<BanditsOptions>> sources)
    {
        (_host, _factory) = (host, factory);
        foreach (IOptionsChangeTokenSource<BanditsOptions> source in sources)
            if (source.Name == host.Name) _registrations.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
    }

    public BanditsOptions? InForce => Volatile.Read(ref _inForce);

    /// <summary>Why the latest reload was refused; null when it was taken.</summary>
    public string? Fault { get; private set; }

    /// <summary>From now on the router follows; a change that came while it was opened is looked at.</summary>
    public void Follow(BanditRouter router, BanditsOptions inForce, RouterOptions made)
    {
        lock (_gate)
        {
            (_router, _made) = (router, made);
            Volatile.Write(ref _inForce, inForce);
            if (_isMissed) Reload();
        }
    }

    public void Dispose()
    {
        foreach (IDisposable registration in _registrations) registration.Dispose();
    }

    private void Reload()
    {
        lock (_gate)
        {
            if (_router is null)
            {
                _isMissed = true;
                return;
            }

            try
            {
                Take(_router, _factory.Create(_host.Name));
                Fault = null;
            }
            catch (OptionsValidationException e)
            {
                Refuse(e.Failures);
            }
            catch (Exception e) // whatever it is, the settings in force stay and the next reload is looked at
            {
                Refuse([e.Message]);
            }
        }
    }

    private void Refuse(IEnumerable<string> faults)
    {
        Fault = string.Join(" ", faults);
        foreach (string fault in faults) _host.Log.ReloadRefused(_host.Label, fault);
    }

    private void Take(BanditRouter router, BanditsOptions options)
    {
        RouterOptions made = options.ToRouterOptions(), wanted = made.Clone();
        string[] faults = [.. FixedFaults(_inForce!, options, _made!, made)];
        if (faults.Length > 0) throw new OptionsValidationException(_host.Name, typeof(BanditsOptions), faults);

        // A policy that code makes anew each time is not another one.
        if (router.Settings.KeepsOrder && wanted.Policy is { } policy && _made!.Policy is { } running && policy.GetType() == running.GetType()) wanted.Policy = running;
        string[] left = SetStatuses(router, wanted);
        RouterSettings before = router.Settings;
        router.Reconfigure(wanted);
        _left.UnionWith(left);
        made.Policy = wanted.Policy;
        _made = made;
        Volatile.Write(ref _inForce, options);
        if (router.Settings != before) _host.Log.Reloaded(_host.Label, router.ArmCount, router.Strategy);
    }

    /// <summary>
    /// Only statuses that changed in configuration are set, so that what was done by hand stays: of arms that it now says something else of, that it no longer knows, and that have come back to it. Returns those
    /// that left.
    /// </summary>
    private string[] SetStatuses(BanditRouter router, RouterOptions wanted)
    {
        var now = wanted.Arms.Select(arm => arm.Id).ToHashSet(StringComparer.Ordinal);
        IDictionary<string, ArmStatus> before = _made!.ArmStatuses;
        foreach ((string id, ArmStatus status) in before)
        {
            if (!wanted.ArmStatuses.TryGetValue(id, out ArmStatus changed))
            {
                if (status == ArmStatus.Disabled && now.Contains(id)) wanted.ArmStatuses[id] = ArmStatus.Enabled;
            }
            else if (changed == status)
            {
                wanted.ArmStatuses.Remove(id);
            }
        }

        string[] left = [.. _made.Arms.Select(arm => arm.Id).Where(id => !now.Contains(id))];
        foreach (string id in left) wanted.ArmStatuses[id] = ArmStatus.Disabled;
        foreach (string id in _left.Where(now.Contains).ToArray())
        {
            wanted.ArmStatuses.TryAdd(id, ArmStatus.Enabled);
            _left.Remove(id);
        }

        foreach (string id in wanted.ArmStatuses.Keys.ToArray())
            if (router.TryIndexOf(id, out int arm) && router.StatusAt(arm) == ArmStatus.Retired) wanted.ArmStatuses.Remove(id);
        return left;
    }

    /// <summary>What a start has made of options, and a reload cannot change.</summary>
    private IEnumerable<string> FixedFaults(BanditsOptions before, BanditsOptions now, RouterOptions made, RouterOptions next)
    {
        foreach ((string name, object? was, object? wanted) in new (string, object?, object?)[]
        {
            (nameof(BanditsOptions.Directory), _host.DirectoryOf(before), _host.DirectoryOf(now)),
            (nameof(BanditsOptions.Incarnation), before.Incarnation, now.Incarnation),
            (nameof(BanditsOptions.MetricArms), before.MetricArms, now.MetricArms),
            ("Store.Durability", before.Store.Durability, now.Store.Durability),
            ("Store.FlushInterval", before.Store.FlushInterval, now.Store.FlushInterval),
            ("Store.BackPressure", before.Store.BackPressure, now.Store.BackPressure),
            ("Store.QueueBytes", before.Store.QueueBytes, now.Store.QueueBytes),
            ("Store.SegmentBytes", before.Store.SegmentBytes, now.Store.SegmentBytes),
            ("Store.SnapshotBytes", before.Store.SnapshotBytes, now.Store.SnapshotBytes),
            ("Store.ArchiveBytes", before.Store.ArchiveBytes, now.Store.ArchiveBytes),
            ("Store.LockWait", before.Store.LockWait, now.Store.LockWait),
        })
        {
            if (!Equals(was, wanted)) yield return string.Create(CultureInfo.InvariantCulture, $"{name} is {wanted ?? "null"}; the router runs with {was ?? "null"}, which cannot change until the next start.");
        }

        if (!made.TokenKey.AsSpan().SequenceEqual(next.TokenKey)) yield return $"{nameof(BanditsOptions.TokenKey)} is another one, which cannot change until the next start.";
    }
}
