using Bandits.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a router's health check.</summary>
public static class BanditsHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check of a router: unhealthy when no arm takes part; degraded while its store cannot be written, when it could not be restored whole, or a reload was refused.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">Name of the router; null for the unnamed one.</param>
    /// <param name="failureStatus">Status to report instead of unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    public static IHealthChecksBuilder AddBandits(this IHealthChecksBuilder builder, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.Options.DefaultName;
        return builder.Add(new HealthCheckRegistration(
            name.Length > 0 ? $"bandits:{name}" : "bandits", provider => new RouterHealthCheck(provider.GetRequiredKeyedService<RouterHost>(name)), failureStatus, tags));
    }
}
