using Bandits.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Bandits.Extensions;

/// <summary>Unhealthy when no arm takes part; degraded while the store cannot be written, when it could not be restored whole, or a reload was refused.</summary>
internal sealed class RouterHealthCheck(RouterHost host) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        BanditRouter router = host.Router;
        int enabled = 0;
        for (int arm = 0; arm < router.ArmCount; arm++)
            if (router.StatusAt(arm) == ArmStatus.Enabled) enabled++;
        var figures = new Dictionary<string, object>
        {
            ["arms"] = enabled,
            ["segments"] = router.SegmentCount,
            ["decisions"] = router.DecisionCount,
            ["pending"] = router.CountPending(),
        };
        var faults = new List<string>();
        if (host.Store is { } store)
        {
            StoreStatistics statistics = store.Statistics;
            figures["journal_lag_bytes"] = statistics.Appended - statistics.Flushed;
            if (statistics.LastFault is { } fault) faults.Add($"The store cannot be written: {fault}");
            int damaged = store.Recovery.Damage.Count(static place => !place.IsTail); // a torn tail is what a crash leaves, and was not acknowledged
            if (damaged + store.Recovery.LeftOut + store.Recovery.Faults.Count > 0)
                faults.Add($"The store could not be restored whole: {store.Recovery.LeftOut} entries left out, {damaged} places damaged, {store.Recovery.Faults.Count} faults.");
        }

        if (host.ReloadFault is { } refused) faults.Add($"The latest reload was refused: {refused}");
        if (enabled == 0) return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, $"Router {host.Label} has no arm that takes part.", data: figures));
        return Task.FromResult(faults.Count == 0
            ? HealthCheckResult.Healthy($"Router {host.Label} decides among {enabled} arms.", figures)
            : HealthCheckResult.Degraded(string.Join(" ", faults), data: figures));
    }
}
