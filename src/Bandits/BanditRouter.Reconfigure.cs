using Bandits.Concurrency;
using Bandits.Journaling;

namespace Bandits;

/// <content>Other settings for a router that runs.</content>
public sealed partial class BanditRouter
{
    /// <summary>
    /// Changes weights, exploration, prices, rules and arms of a running router, all at once: a decision is made under the old settings or under the new ones. Evidence stays.
    /// </summary>
    /// <param name="options">
    /// All options, as for a new router. Arms that are known get these descriptions, unknown ones are added, and arms that are not given stay as they are; <see cref="RouterOptions.ArmStatuses"/> says who
    /// takes part. <see cref="RouterOptions.Incarnation"/>, <see cref="RouterOptions.TokenKey"/> and <see cref="RouterOptions.MaxRestoredCells"/> belong to how the router was opened and are not looked at.
    /// </param>
    /// <remarks>
    /// What the router is built from cannot change while it runs: dimensions, bounds and capacities, seed, safety gate, and, where what a segment keeps depends on the order of outcomes, policy, law,
    /// forgetting and drift detection; so no change from or to an adaptive strategy. With a journal the change is written down before it takes effect.
    /// </remarks>
    /// <exception cref="ArgumentException">Options are invalid or cannot change; the message lists every fault, and nothing changes.</exception>
    public void Reconfigure(RouterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>(options.Validate());
        long position;
        lock (_changing)
        {
            RouterSettings settings = _settings;
            if (faults.Count == 0) FixedFaults(settings, options, faults);
            ArmCatalog? catalog = faults.Count == 0 ? Changed(settings.Catalog, options, faults) : null;
            if (catalog is null) Refuse(faults);
            RouterSettings changed = settings.With(options, catalog, _schema);
            position = WriteDown(settings.Catalog, changed);
            Put(changed);
        }

        Confirm(position);
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private void Refuse(List<string> faults)
    {
        Interlocked.Increment(ref _refused);
        throw new ArgumentException($"The router options have {faults.Count} fault(s), and nothing changed: {string.Join(" ", faults)}");
    }

    /// <summary>What the router was built from and cannot change.</summary>
    private void FixedFaults(RouterSettings settings, RouterOptions options, List<string> faults)
    {
        if (!_schema.Dimensions.AsSpan().SequenceEqual([.. options.Dimensions]))
            faults.Add($"{nameof(options.Dimensions)} is {string.Join(", ", options.Dimensions)}; the router runs with {string.Join(", ", _schema.Dimensions)}, which cannot change.");
        Stays(nameof(options.MaxValuesPerDimension), options.MaxValuesPerDimension, _given.MaxValuesPerDimension);
        Stays(nameof(options.MaxSegments), options.MaxSegments, _given.MaxSegments);
        Stays(nameof(options.Seed), options.Seed, _given.Seed);
        Stays(nameof(options.SessionCapacity), options.SessionCapacity, _given.SessionCapacity);
        Stays(nameof(options.AvailabilityHalfLifeSeconds), options.AvailabilityHalfLifeSeconds, _given.AvailabilityHalfLifeSeconds);
        Stays(nameof(options.LedgerCapacity), options.LedgerCapacity, _given.LedgerCapacity);
        Stays(nameof(options.FeatureCount), options.FeatureCount, _given.FeatureCount);
        Stays(nameof(options.SafetyGate), options.SafetyGate, _given.SafetyGate);
        var wanted = new RouterSettings(WithoutRules(options), settings.Catalog, _schema); // rules would already number the values that they name
        if (!settings.KeepsOrder && !wanted.KeepsOrder) return;
        if (!Equals(wanted.Policy, settings.Policy))
            faults.Add($"{nameof(options.Policy)} would be {wanted.Policy.GetType().Name} of strategy {wanted.Strategy}; the router runs with {settings.Policy.GetType().Name} of {settings.Strategy}, which cannot change.");
        Stays(nameof(options.Law), wanted.Law, settings.Law);
        Stays(nameof(options.Forgetting), wanted.Forgetting, settings.Forgetting);
        Stays(nameof(options.Drift), wanted.Drift, settings.Drift);

        void Stays<T>(string name, T value, T present)
        {
            if (!EqualityComparer<T>.Default.Equals(value, present))
                faults.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is {(object?)value ?? "null"}; the router runs with {(object?)present ?? "null"}, which cannot change."));
        }
    }

    /// <summary>The catalog as the options want it; the same one when they change nothing in it.</summary>
    private static ArmCatalog? Changed(ArmCatalog catalog, RouterOptions options, List<string> faults)
    {
        var arms = new List<Arm>(catalog.Arms);
        var status = new List<ArmStatus>(catalog.Status);
        bool isChanged = false;
        var added = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Arm arm in options.Arms)
        {
            if (!catalog.TryIndexOf(arm.Id, out int index))
            {
                added.Add(arm.Id, arms.Count);
                arms.Add(arm);
                status.Add(ArmStatus.Enabled);
                isChanged = true;
            }
            else if (!arms[index].IsSameAs(arm))
            {
                arms[index] = arm;
                isChanged = true;
            }
        }

        foreach ((string id, ArmStatus wanted) in options.ArmStatuses)
        {
            if (!catalog.TryIndexOf(id, out int index) && !added.TryGetValue(id, out index)) faults.Add($"{nameof(options.ArmStatuses)} names arm '{id}', which is neither given nor known.");
            else if (status[index] == ArmStatus.Retired && wanted != ArmStatus.Retired) faults.Add($"Arm '{id}' is retired and cannot be {wanted}; a retired arm never returns.");
            else if (status[index] != wanted) (status[index], isChanged) = (wanted, true);
        }

        Fault.Check(faults, arms.Count <= ushort.MaxValue, nameof(options.Arms), arms.Count, "0 to 65535 arms, those included that the router knows already");
        if (faults.Count > 0) return null;
        if (!isChanged) return catalog;
        try
        {
            return new ArmCatalog(arms, status);
        }
        catch (ArgumentException e)
        {
            faults.Add(e.Message); // more distinct providers or capabilities than there is room for
            return null;
        }
    }

    /// <summary>Inside the lock of changes: writes changed settings and arms down as a whole; returns the position after them, -1 without a journal.</summary>
    private long WriteDown(ArmCatalog before, RouterSettings changed)
    {
        if (changed.Journal is not { } journal) return -1;
        ArmCatalog after = changed.Catalog;
        int room = journal.EncodeSettings(changed, _schema.Dimensions);
        for (int arm = 0; arm < after.Count; arm++)
            if (IsChanged(before, after, arm)) room += journal.EncodeArm(arm, after.Arms[arm], after.Status[arm]);
        if (!journal.Reserve(room)) ThrowNoRoom();
        journal.EncodeSettings(changed, _schema.Dimensions);
        long end = journal.Append();
        for (int arm = 0; arm < after.Count; arm++)
        {
            if (!IsChanged(before, after, arm)) continue;
            journal.EncodeArm(arm, after.Arms[arm], after.Status[arm]);
            end = journal.Append();
        }

        return end;
    }

    private static bool IsChanged(ArmCatalog before, ArmCatalog after, int arm) =>
        arm >= before.Count || before.Status[arm] != after.Status[arm] || !before.Arms[arm].IsSameAs(after.Arms[arm]);
}
