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
    private readonly BanditRouter _router;
    private readonly IOptionsFactory<BanditsOptions> _factory;
    private readonly List<IDisposable> _registrations = [];
    private readonly Lock _gate = new();
    private BanditsOptions _inForce;

    public RouterReload(
        RouterHost host, BanditRouter router, BanditsOptions inForce, IOptionsFactory<BanditsOptions> factory, IEnumerable<IOptionsChangeTokenSource<BanditsOptions>> sources)
    {
        (_host, _router, _inForce, _factory) = (host, router, inForce, factory);
        foreach (IOptionsChangeTokenSource<BanditsOptions> source in sources)
            if (source.Name == host.Name) _registrations.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
    }

    public BanditsOptions InForce => Volatile.Read(ref _inForce);

    /// <summary>Why the latest reload was refused; null when it was taken.</summary>
    public string? Fault { get; private set; }

    public void Dispose()
    {
        foreach (IDisposable registration in _registrations) registration.Dispose();
    }

    private void Reload()
    {
        lock (_gate)
        {
            try
            {
                BanditsOptions options = _factory.Create(_host.Name);
                RouterOptions made = options.ToRouterOptions();
                KeepUnchangedStatuses(made);
                _router.Reconfigure(made);
                Volatile.Write(ref _inForce, options);
                Fault = null;
                _host.Log.Reloaded(_host.Label, _router.ArmCount, _router.Strategy);
            }
            catch (OptionsValidationException e)
            {
                foreach (string fault in e.Failures) _host.Log.ReloadRefused(_host.Label, fault);
                Fault = string.Join(" ", e.Failures);
            }
            catch (Exception e) // whatever it is, the settings in force stay and the next reload is looked at
            {
                _host.Log.ReloadRefused(_host.Label, e.Message);
                Fault = e.Message;
            }
        }
    }

    /// <summary>Of the arms' statuses only those that changed in configuration are set, so that what was done by hand stays; an arm that left configuration is kept out.</summary>
    private void KeepUnchangedStatuses(RouterOptions made)
    {
        IDictionary<string, ArmStatus> before = _inForce.ToRouterOptions().ArmStatuses;
        foreach ((string id, ArmStatus status) in before)
        {
            if (!made.ArmStatuses.TryGetValue(id, out ArmStatus now)) made.ArmStatuses[id] = ArmStatus.Disabled;
            else if (now == status) made.ArmStatuses.Remove(id);
        }

        foreach (string id in made.ArmStatuses.Keys.ToArray())
            if (_router.TryIndexOf(id, out int arm) && _router.StatusAt(arm) == ArmStatus.Retired) made.ArmStatuses.Remove(id);
    }
}
