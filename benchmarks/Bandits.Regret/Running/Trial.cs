using Bandits.Regret.Environments;
using Bandits.Regret.Policies;

namespace Bandits.Regret.Running;

/// <summary>One policy in one environment with one seed: the real router, decided and recorded round by round.</summary>
internal sealed class Trial
{
    /// <summary>Tokens of a typical call under the default options, in millions: turns a cost into a list price.</summary>
    private const double TypicalMillionTokens = 2500 / 1e6;

    private readonly Instance _instance;
    private readonly PolicyEntry _policy;
    private readonly ulong _routerSeed;
    private readonly ulong _key;
    private readonly int[] _armOf;
    private readonly bool[] _isPresent;
    private readonly Request[] _requests;
    private readonly PendingOutcomes? _pending;
    private BanditRouter _router;
    private int _routers;

    private Trial(Instance instance, PolicyEntry policy, int seed)
    {
        (_instance, _policy) = (instance, policy);
        (_key, _routerSeed) = (Draws.KeyOf(seed), Draws.RouterSeedOf(seed));
        (_armOf, _isPresent) = (new int[instance.Arms], new bool[instance.Arms]);
        _requests = new Request[instance.Segments];
        if (!instance.Delivery.IsImmediate) _pending = new PendingOutcomes(instance.Delivery.Capacity(instance.Horizon));
        _router = null!; // the first stretch opens it
    }

    /// <summary>Plays all rounds; writes the cumulative pseudo-regret after each checkpoint.</summary>
    public static void Run(Instance instance, PolicyEntry policy, int seed, ReadOnlySpan<int> checkpoints, Span<double> regret) =>
        new Trial(instance, policy, seed).Run(checkpoints, regret);

    private void Run(ReadOnlySpan<int> checkpoints, Span<double> regret)
    {
        Instance instance = _instance;
        Stretch[] stretches = instance.Stretches;
        Stretch stretch = stretches[0];
        Law[] laws = stretch.Laws;
        int arms = instance.Arms, segments = instance.Segments, next = 0, nextStart = 0, checkpoint = 0;
        double sum = 0;
        for (int round = 0; round < instance.Horizon; round++)
        {
            if (round == nextStart)
            {
                stretch = stretches[next++];
                laws = stretch.Laws;
                nextStart = next < stretches.Length ? stretches[next].Start : int.MaxValue;
                Enter(stretch);
            }

            _pending?.Deliver(round, _router);
            int segment = segments == 1 ? 0 : SegmentOf(round);
            if (!_router.TryDecide(_requests[segment], out Decision decision))
                throw new InvalidOperationException($"No arm was eligible in round {round}: {decision.WhyNone}.");
            int arm = _armOf[decision.Arm];
            Law law = laws[segment * arms + arm];
            sum += stretch.Best[segment] - law.Mean;
            law.Draw(_key, round, arm, out double quality, out double costUsd);
            Return(round, decision, law, quality, costUsd);
            if (round + 1 == checkpoints[checkpoint]) regret[checkpoint++] = sum;
        }
    }

    private void Return(int round, in Decision decision, Law law, double quality, double costUsd)
    {
        Outcome outcome = Describe(law, quality, costUsd);
        if (_pending is null)
        {
            _router.Record(decision, outcome);
            return;
        }

        int delay = _instance.Delivery.Rounds(_key, round, quality);
        if (delay == 0) _router.Record(decision, outcome);
        else if (delay > 0 && delay < _instance.Horizon - round) _pending.Add(round, round + delay, decision, outcome);
    }

    private Outcome Describe(Law law, double quality, double costUsd)
    {
        OutcomeKind kind = !law.IsBinary ? OutcomeKind.Partial : quality == 1 ? OutcomeKind.Success : OutcomeKind.Failed;
        return (law.IsBinary, _instance.HasCost) switch
        {
            (true, false) => new Outcome { Kind = kind },
            (true, true) => new Outcome { Kind = kind, CostUsd = costUsd },
            (false, false) => new Outcome { Kind = kind, Quality = quality },
            (false, true) => new Outcome { Kind = kind, Quality = quality, CostUsd = costUsd },
        };
    }

    private int SegmentOf(int round)
    {
        double unit = new Draws(_key, round, Draws.SegmentLane).NextUnit();
        double[] shares = _instance.CumulatedShares;
        int segment = 0;
        while (segment < shares.Length - 1 && unit >= shares[segment]) segment++;
        return segment;
    }

    /// <summary>Arms join and leave; where the policy is told the breaks, a new router takes over.</summary>
    private void Enter(Stretch stretch)
    {
        foreach (int arm in stretch.Arriving) _isPresent[arm] = true;
        bool opens = _routers == 0 || (stretch.IsBreak && _policy.RestartsAtBreaks);
        if (opens)
        {
            foreach (int arm in stretch.Leaving) _isPresent[arm] = false;
            Open();
            return;
        }

        foreach (int arm in stretch.Arriving) _armOf[_router.AddArm(Describe(arm))] = arm;
        foreach (int arm in stretch.Leaving)
        {
            _isPresent[arm] = false;
            _router.DisableArm(IdOf(arm));
        }
    }

    private void Open()
    {
        RouterOptions options = new()
        {
            Dimensions = _instance.Segments > 1 ? ["segment"] : [],
            Pooling = false,
            Strategy = Strategy.Balanced,
            SuccessWeight = _instance.ValueUsd,
            CostWeight = _instance.HasCost ? 1 : 0,
            ReferenceCostUsd = 1,
            FallbackToBaseline = false,
            Propensities = false,
            LedgerCapacity = _instance.Delivery.Capacity(_instance.Horizon),
            Seed = _routerSeed + (ulong)_routers,
            Incarnation = (ulong)++_routers,
        };
        for (int arm = 0; arm < _instance.Arms; arm++)
        {
            if (!_isPresent[arm]) continue;
            _armOf[options.Arms.Count] = arm;
            options.Arms.Add(Describe(arm));
        }

        _policy.Configure(options, _instance.Horizon);
        _router = new BanditRouter(options);
        _pending?.Clear();
        for (int segment = 0; segment < _requests.Length; segment++)
            _requests[segment] = new Request(_instance.Segments > 1 ? _router.SegmentOf($"segment {segment}") : _router.SegmentOf());
    }

    /// <summary>Beta(1, 1) for quality; a list price, the same for all, where cost counts.</summary>
    private Arm Describe(int arm)
    {
        double? price = _instance.HasCost ? _instance.TypicalCostUsd / TypicalMillionTokens : null;
        return new Arm { Id = IdOf(arm), PriorQuality = 0.5, PriorSamples = 2, InputUsdPerMillionTokens = price, OutputUsdPerMillionTokens = price };
    }

    private static string IdOf(int arm) => $"arm {arm}";
}
