using System.Diagnostics.Metrics;
using Bandits.Extensions;
using Microsoft.Extensions.DependencyInjection;

namespace Bandits.Benchmarks.Inputs;

/// <summary>A router from a container with metrics, and whoever listens to them. Lives as long as the program.</summary>
internal sealed class WatchedRouter
{
    private readonly ServiceProvider _provider;
    private readonly MeterListener? _listener;

    public WatchedRouter(RouterOptions options, bool isListenedTo)
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddBandits(hosted => (hosted.Strategy, hosted.Seed, hosted.Incarnation) = (options.Strategy, options.Seed, options.Incarnation)).ConfigureRouter(router =>
        {
            foreach (Arm arm in options.Arms) router.Arms.Add(arm);
        });
        _provider = services.BuildServiceProvider();
        Router = _provider.GetRequiredService<BanditRouter>();
        if (!isListenedTo) return;
        object scope = _provider.GetRequiredService<IMeterFactory>();
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == BanditsTelemetry.MeterName && instrument.Meter.Scope == scope) listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) => Heard += value);
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Heard += value);
        _listener.Start();
        Collect(); // so that counting has begun
    }

    public BanditRouter Router { get; }

    /// <summary>Sum of everything heard, so that nothing can be left out.</summary>
    public double Heard { get; private set; }

    /// <summary>Reads every instrument, as an exporter does every so often.</summary>
    public void Collect() => _listener!.RecordObservableInstruments();
}
