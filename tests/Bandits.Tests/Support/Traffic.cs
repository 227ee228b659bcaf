using Bandits.Numerics;

namespace Bandits.Tests.Support;

/// <summary>A reproducible day at the office: requests with and without constraints, outcomes at once, late, in parts, twice and corrected.</summary>
internal sealed class Traffic
{
    private const ulong Incarnation = 9;
    private readonly List<Decision> _open = [];
    private readonly bool _suppliesIds;
    private RandomStream _random;
    private ulong _sequence;
    private long _timeTicks = Given.Ticks;

    public Traffic(ulong seed, bool suppliesIds = true) => (_random, _suppliesIds) = (new RandomStream(seed), suppliesIds);

    private Traffic(Traffic source)
    {
        (_random, _suppliesIds, _sequence, _timeTicks) = (source._random, source._suppliesIds, source._sequence, source._timeTicks);
        _open.AddRange(source._open);
    }

    /// <summary>The same traffic from here on, for another router.</summary>
    public Traffic Fork() => new(this);

    public Decision[] Run(BanditRouter router, int steps)
    {
        var decisions = new Decision[steps];
        for (int i = 0; i < steps; i++) decisions[i] = Step(router);
        return decisions;
    }

    public Decision Step(BanditRouter router)
    {
        Request request = NextRequest(router);
        bool decided = router.TryDecide(request, out Decision decision);
        if (decided && Chance(0.7)) router.Record(decision, NextOutcome(decision));
        if (decided && Chance(0.4)) _open.Add(decision);
        if (_open.Count > 0 && Chance(0.4))
        {
            int at = _random.NextBelow(_open.Count);
            router.Record(_open[at], NextOutcome(_open[at]));
            if (Chance(0.5)) _open.RemoveAt(at);
        }

        return decision;
    }

    public Request NextRequest(BanditRouter router)
    {
        _timeTicks += _random.NextBelow(2_000_003);
        return new Request(NextSegment(router))
        {
            TimeTicks = _timeTicks,
            Id = _suppliesIds ? new DecisionId(Incarnation, ++_sequence) : DecisionId.None,
            Attempt = Chance(0.1) ? 1 : 0,
            RequiredCapabilities = Chance(0.1) ? router.Capabilities("review") : default,
            ExcludedProviders = Chance(0.1) ? router.Providers("south") : default,
            ExcludedArms = Chance(0.1) && router.ArmCount > 0 ? new[] { _random.NextBelow(router.ArmCount) } : default,
            MaxCostUsd = Chance(0.1) ? 0.02 : null,
            MinContextWindow = Chance(0.1) ? 100_000 : 0,
        };
    }

    public SegmentKey NextSegment(BanditRouter router)
    {
        var values = new string[router.Dimensions.Count];
        for (int d = 0; d < values.Length; d++) values[d] = $"v{_random.NextBelow(d < 2 ? 3 : 2)}";
        return router.SegmentOf(values);
    }

    public Outcome NextOutcome(in Decision decision)
    {
        double u = _random.NextUnit();
        OutcomeKind? kind = u < 0.5 ? OutcomeKind.Success : u < 0.7 ? OutcomeKind.Failed : u < 0.8 ? OutcomeKind.Partial : u < 0.84 ? OutcomeKind.HumanReview
            : u < 0.87 ? OutcomeKind.Cancelled : u < 0.9 ? OutcomeKind.Unavailable : u < 0.93 ? OutcomeKind.Timeout : u < 0.96 ? OutcomeKind.Expired : null;
        bool measured = kind != OutcomeKind.Expired;
        return new Outcome
        {
            Kind = kind,
            Quality = kind is OutcomeKind.Success or OutcomeKind.Partial && Chance(0.4) ? _random.NextUnit() : null,
            CostUsd = kind is null || (measured && Chance(0.6)) ? _random.NextUnit() * 0.1 : null,
            InputTokens = measured && Chance(0.3) ? _random.NextBelow(5000) : null,
            OutputTokens = measured && Chance(0.3) ? _random.NextBelow(2000) : null,
            Latency = measured && Chance(0.5) ? TimeSpan.FromMilliseconds(_random.NextBelow(20_000)) : null,
            TimeToFirstToken = measured && Chance(0.2) ? TimeSpan.FromMilliseconds(_random.NextBelow(900)) : null,
            RetryAfter = kind == OutcomeKind.Unavailable && Chance(0.5) ? TimeSpan.FromSeconds(_random.NextBelow(5)) : null,
            Revision = _random.NextBelow(3),
            Attempt = decision.Attempt,
            TimeTicks = Chance(0.5) ? _timeTicks : 0,
        };
    }

    private bool Chance(double probability) => _random.NextUnit() < probability;
}
