using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Bandits.Extensions;

/// <summary>Times one of 64 decisions while somebody listens, and traces recording while somebody does.</summary>
internal sealed class RouterProbe(Histogram<double> duration, string router, TimeProvider clock) : IRouterProbe
{
    private const ulong Sample = 64;
    private readonly KeyValuePair<string, object?> _router = new(BanditsTelemetry.RouterTag, router);

    public ulong TimedMask => Sample - 1;

    public bool IsTracing => BanditsTelemetry.Source.HasListeners();

    public long Begin() => duration.Enabled ? clock.GetTimestamp() : 0;

    public void Decided(long began) => duration.Record(clock.GetElapsedTime(began).TotalSeconds, _router);

    public object? BeginRecord(in Decision decision, in Outcome outcome)
    {
        Activity? activity = BanditsTelemetry.Source.StartActivity("bandits.record");
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(BanditsTelemetry.RouterTag, router);
            activity.SetTag("bandits.decision.id", decision.Id.ToString());
            activity.SetTag(BanditsTelemetry.KindTag, KindName.Of(outcome.Kind));
        }

        return activity;
    }

    public void EndRecord(object? began, Recorded result, Exception? exception)
    {
        if (began is not Activity activity) return;
        if (exception is null) activity.SetTag(BanditsTelemetry.ResultTag, KindName.Of(result));
        else activity.SetStatus(ActivityStatusCode.Error, exception.Message);
        activity.Dispose();
    }
}
