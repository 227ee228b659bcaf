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
    /// What the router is built from cannot change while it runs: dimensions, bounds and capacities, seed, safety gate, roll-up, and, where what a segment keeps depends on the order of outcomes, policy, law,
    /// forgetting and drift detection; so no change from or to an adaptive strategy. Options that say what is in force already change nothing. With a journal the change is written down, and as durable as the store promises, before it takes
    /// effect; where that fails nothing changes here, but what was written of it may be found by the next opening.
    /// </remarks>
    /// <exception cref="ArgumentException">Options are invalid or cannot change; the message lists every fault, and nothing changes.</exception>
    /// <exception cref="InvalidOperationException">The journal has no room; nothing changes.</exception>
    public void Reconfigure(RouterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>(options.Validate());
        lock (_changing)
        {
            RouterSettings settings = _settings;
            ArmCatalog? catalog = faults.Count == 0 ? Changed(settings.Catalog, options, faults) : null;

            // Without the rules, which would number the values that they name before it is known whether anything changes.
            RouterSettings? draft = faults.Count == 0 ? settings.With(WithoutRules(options), catalog!, _schema) : null;
            if (draft is not null) FixedFaults(settings, draft, options, faults);
            if (faults.Count > 0) Refuse(faults);
            if (ReferenceEquals(catalog, settings.Catalog) && IsSame(options.Choices(), _given.Choices())) return;
            long position = WriteDown(settings.Catalog, draft!);
            Confirm(position);
            _given = options.Clone();
            if (draft!.Caps is not null) MakeSpent();
            Announce(settings.Catalog.Arms, Put(settings.With(options, catalog!, _schema)), position, isReplayed: false);
            _spending.Outdate();
        }
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private void Refuse(List<string> faults)
    {
        Interlocked.Increment(ref _refused);
        throw new ArgumentException($"The router options have {faults.Count} fault(s), and nothing changed: {string.Join(" ", faults)}");
    }

    private static bool IsSame((string Name, object? Value, bool IsFixed)[] choices, (string Name, object? Value, bool IsFixed)[] others)
    {
        for (int i = 0; i < choices.Length; i++)
            if (!Equals(choices[i].Value, others[i].Value)) return false;
        return true;
    }

    /// <summary>What the router was built from and cannot change.</summary>
    private void FixedFaults(RouterSettings settings, RouterSettings draft, RouterOptions options, List<string> faults)
    {
        (string, object?, bool)[] present = _given.Choices();
        int at = 0;
        foreach ((string name, object? value, bool isFixed) in options.Choices())
        {
            object? now = present[at++].Item2;
            if (isFixed && !Equals(value, now)) faults.Add(Text($"{name} is {value ?? "null"}; the router runs with {now ?? "null"}, which cannot change."));
        }

        if (!settings.KeepsOrder && !draft.KeepsOrder) return;
        if (!Equals(draft.Policy, settings.Policy))
            faults.Add($"{nameof(options.Policy)} would be another {draft.Policy.GetType().Name}, of strategy {draft.Strategy}; the router runs with a {settings.Policy.GetType().Name}, of {settings.Strategy}, which cannot change.");
        if (draft.Law != settings.Law) faults.Add($"{nameof(options.Law)} would be {draft.Law}; the router runs with {settings.Law}, which cannot change.");
        if (draft.Forgetting != settings.Forgetting) faults.Add(Text($"{nameof(options.Forgetting)} would be {draft.Forgetting}; the router runs with {settings.Forgetting}, which cannot change."));
        if (draft.Drift != settings.Drift) faults.Add(Text($"{nameof(options.Drift)} would be {draft.Drift}; the router runs with {settings.Drift}, which cannot change."));

        static string Text(FormattableString text) => text.ToString(System.Globalization.CultureInfo.InvariantCulture);
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

        foreach (Arm arm in options.Arms)
            if (arm.SimilarTo is { } similar && !catalog.TryIndexOf(similar, out _) && !added.ContainsKey(similar)) faults.Add($"Arm '{arm.Id}': SimilarTo names arm '{similar}', which is neither given nor known.");
        Fault.Check(faults, arms.Count <= ushort.MaxValue, nameof(options.Arms), arms.Count, "0 to 65535 arms, those included that the router knows already");
        if (faults.Count > 0) return null;
        if (!isChanged) return catalog;
        try
        {
            return new ArmCatalog(arms, status, catalog);
        }
        catch (ArgumentException e)
        {
            faults.Add(e.Message); // more distinct providers or capabilities than there is room for
            return null;
        }
    }

    /// <summary>Inside the lock of changes: writes changed settings and arms down; returns the position after them, -1 without a journal.</summary>
    private long WriteDown(ArmCatalog before, RouterSettings changed)
    {
        if (changed.Journal is not { } journal) return -1;
        ArmCatalog after = changed.Catalog;
        long end = WriteChange(journal, journal.EncodeSettings(changed, _schema.Dimensions));
        for (int arm = 0; arm < after.Count; arm++)
            if (IsChanged(before, after, arm)) end = WriteChange(journal, journal.EncodeArm(arm, after.Arms[arm], after.Status[arm]));
        return end;
    }

    private static bool IsChanged(ArmCatalog before, ArmCatalog after, int arm) =>
        arm >= before.Count || before.Status[arm] != after.Status[arm] || !before.Arms[arm].IsSameAs(after.Arms[arm]);
}
