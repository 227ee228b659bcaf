using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Bandits.Rae.Http;

/// <summary>Retry outside, the pace of creates within, then circuit breaker and the time of one try: 408, 429, 5xx and network failures are tried again, and a server that only fails is left alone for a while.</summary>
/// <remarks>Waiting for one's turn is inside a try and outside its time: with 30 creates a minute it may take longer than any answer may.</remarks>
internal sealed class RaePipeline
{
    private const double FailureRatio = 0.5;
    private const int LeastTries = 6;
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(30);

    private readonly RaeOptions _options;
    private readonly TimeProvider _clock;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private long _retried;
    private long _notBefore;

    public RaePipeline(RaeOptions options, TimeProvider clock, HttpMessageHandler network)
    {
        (_options, _clock) = (options, clock);
        Handler = new ResilienceHandler(new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }.AddRetry(Retry()).Build())
        {
            InnerHandler = new CreatePacer(options.CreatesPerMinute, clock)
            {
                InnerHandler = new ResilienceHandler(new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
                    .AddCircuitBreaker(Breaker())
                    .AddTimeout(new HttpTimeoutStrategyOptions { Timeout = options.RequestTimeout })
                    .Build())
                {
                    InnerHandler = new RedirectHandler { InnerHandler = network },
                },
            },
        };
    }

    /// <summary>The outermost of the handlers.</summary>
    public ResilienceHandler Handler { get; }

    /// <summary>Tries after the first ones.</summary>
    public long Retried => Volatile.Read(ref _retried);

    /// <summary>State of the circuit.</summary>
    public RaeCircuit Circuit => _breaker.CircuitState switch
    {
        CircuitState.Closed => RaeCircuit.Closed,
        CircuitState.HalfOpen => RaeCircuit.HalfOpen,
        _ => RaeCircuit.Open,
    };

    /// <summary>How long the server asked to be left alone from now on; zero when it did not.</summary>
    public TimeSpan Rest => Volatile.Read(ref _notBefore) is var until && until > 0 && _clock.GetElapsedTime(_clock.GetTimestamp(), until) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;

    /// <summary>What another try may mend.</summary>
    public static bool IsTransient(HttpStatusCode status) => status == HttpStatusCode.TooManyRequests || IsDown(status);

    /// <summary>A busy server is not a dead one: 429 breaks no circuit.</summary>
    private static bool IsDown(HttpStatusCode status) => status == HttpStatusCode.RequestTimeout || (int)status >= 500;

    private HttpRetryStrategyOptions Retry() => new()
    {
        MaxRetryAttempts = _options.Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _options.RetryDelay,
        MaxDelay = _options.LongestRetryWait,
        ShouldRetryAfterHeader = false, // the generator below knows the bodies too
        ShouldHandle = ShouldRetryAsync,
        DelayGenerator = WaitAsync,
        OnRetry = _ =>
        {
            Interlocked.Increment(ref _retried);
            return default;
        },
    };

    private HttpCircuitBreakerStrategyOptions Breaker() => new()
    {
        FailureRatio = FailureRatio,
        MinimumThroughput = LeastTries,
        SamplingDuration = Sampling,
        BreakDuration = _options.BreakDuration,
        StateProvider = _breaker,
        ShouldHandle = static arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is HttpRequestException or TimeoutRejectedException || arguments.Outcome.Result is { } response && IsDown(response.StatusCode)),
    };

    /// <summary>A wait longer than the options allow is not waited for here, so there is no further try.</summary>
    private async ValueTask<bool> ShouldRetryAsync(RetryPredicateArguments<HttpResponseMessage> arguments)
    {
        if (arguments.Outcome.Exception is HttpRequestException or TimeoutRejectedException) return true;
        if (arguments.Outcome.Result is not { } response || !IsTransient(response.StatusCode)) return false;
        if (await RetryAfter.OfAsync(response, _clock, _options.RequestTimeout, arguments.Context.CancellationToken).ConfigureAwait(false) is not { } wait) return true;
        Volatile.Write(ref _notBefore, _clock.GetTimestamp() + (long)(wait.TotalSeconds * _clock.TimestampFrequency)); // by a clock that nobody sets back
        return wait <= _options.LongestRetryWait;
    }

    /// <summary>What the server asked for; null for the backoff's own wait, which is jittered.</summary>
    private async ValueTask<TimeSpan?> WaitAsync(RetryDelayGeneratorArguments<HttpResponseMessage> arguments) =>
        arguments.Outcome.Result is { } response ? await RetryAfter.OfAsync(response, _clock, _options.RequestTimeout, arguments.Context.CancellationToken).ConfigureAwait(false) : null;
}
