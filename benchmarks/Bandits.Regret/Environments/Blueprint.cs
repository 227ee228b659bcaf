namespace Bandits.Regret.Environments;

/// <summary>An environment as the command line describes it, before the horizon is known.</summary>
internal sealed record Blueprint
{
    /// <summary>The text it was read from, or its name.</summary>
    public required string Name { get; init; }

    public required int Arms { get; init; }

    public required double[] Shares { get; init; }

    /// <summary>The phases within a horizon.</summary>
    public required Func<int, IReadOnlyList<Phase>> PhasesWithin { get; init; }

    /// <summary>Whether its outcomes are real ones.</summary>
    public bool IsReal { get; init; }

    public double ValueUsd { get; init; } = 1;

    public bool HasCost { get; init; }

    public Delivery Delivery { get; init; } = Delivery.Immediate;

    /// <summary>Arms that are not there from the start, and the round at which they join.</summary>
    public IReadOnlyDictionary<int, int> Arrivals { get; init; } = new Dictionary<int, int>();

    /// <summary>Arms that leave, and the round from which they are gone.</summary>
    public IReadOnlyDictionary<int, int> Departures { get; init; } = new Dictionary<int, int>();

    /// <summary>The environment over a horizon.</summary>
    public Instance Over(int horizon)
    {
        foreach ((int arm, int gone) in Departures)
        {
            if (!Arrivals.TryGetValue(arm, out int joins) || joins < gone) continue;
            throw new UsageException($"environment '{Name}': arm {arm} leaves at round {gone}; it must arrive before, and arrives at {joins}.");
        }

        IReadOnlyList<Phase> phases = PhasesWithin(horizon);
        IEnumerable<int> changes = phases.Select(static phase => phase.Start).Concat(Arrivals.Values).Concat(Departures.Values);
        int[] starts = [.. changes.Where(start => start < horizon).Distinct().Order()];
        var stretches = new Stretch[starts.Length];
        var present = new bool[Arms];
        for (int i = 0; i < starts.Length; i++)
        {
            int start = starts[i];
            Phase phase = phases.Last(phase => phase.Start <= start);
            int[] arriving = [.. Enumerable.Range(0, Arms).Where(arm => Arrivals.TryGetValue(arm, out int at) ? at == start : start == 0)];
            int[] leaving = [.. Enumerable.Range(0, Arms).Where(arm => Departures.TryGetValue(arm, out int at) && at == start)];
            foreach (int arm in arriving) present[arm] = true;
            foreach (int arm in leaving) present[arm] = false;
            if (!present.Contains(true)) throw new UsageException($"environment '{Name}': no arm is present from round {start} on.");
            var best = new double[Shares.Length];
            for (int segment = 0; segment < best.Length; segment++)
                best[segment] = Enumerable.Range(0, Arms).Where(arm => present[arm]).Max(arm => phase.Laws[segment * Arms + arm].Mean);
            stretches[i] = new Stretch(start, start > 0 && phase.Start == start, phase.Laws, best, arriving, leaving);
        }

        var cumulated = new double[Shares.Length];
        double sum = 0;
        for (int segment = 0; segment < cumulated.Length; segment++) cumulated[segment] = sum += Shares[segment];
        cumulated[^1] = 1;
        return new Instance
        {
            Name = Name,
            Horizon = horizon,
            Arms = Arms,
            CumulatedShares = cumulated,
            Stretches = stretches,
            Delivery = Delivery,
            ValueUsd = ValueUsd,
            HasCost = HasCost,
        };
    }
}
