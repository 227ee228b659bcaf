using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Bandits.Storage;
using Microsoft.Extensions.Configuration;

namespace Bandits.Extensions;

/// <summary>What a hosted router is made from, as it stands in configuration; see docs/configuration.md. What only code can say goes through <see cref="BanditsBuilder.ConfigureRouter"/>.</summary>
public sealed partial class BanditsOptions : IValidatableObject
{
    private readonly List<Action<RouterOptions>> _inCode = [];

    /// <summary>
    /// The arms by name, which is an arm's id unless it says another (a name in configuration cannot hold a colon). A list will do too; its arms need their <see cref="ArmOptions.Id"/>.
    /// Names do not depend on case. Arms that a store knows and configuration does not are disabled at start.
    /// </summary>
    public IDictionary<string, ArmOptions> Arms { get; } = new SortedDictionary<string, ArmOptions>(ConfigurationKeyComparer.Instance);

    /// <summary>Names of the segment's dimensions, broadest first, at most 8.</summary>
    /// <value>null: role, area, risk, complexity</value>
    public IList<string>? Dimensions { get; set; }

    /// <summary>The baseline table, tried in order.</summary>
    /// <value>null: <see cref="BaselineRule.Defaults"/>, without those that name other dimensions</value>
    public IList<BaselineRuleOptions>? BaselineRules { get; set; }

    /// <summary>What a segment remembers of its own outcomes.</summary>
    /// <value>null: the strategy's own</value>
    public ForgettingOptions? Forgetting { get; set; }

    /// <summary>Restarts by change detection.</summary>
    /// <value>null: the strategy's own</value>
    public DriftOptions? Drift { get; set; }

    /// <summary>Detection of arms that change in all segments at once; see <see cref="RouterOptions.ArmDrift"/>.</summary>
    /// <value>null: on for Budgeted, off for the other strategies</value>
    public ArmDriftOptions? ArmDrift { get; set; }

    /// <summary>What decisions may cost on average; strategy Budgeted needs one.</summary>
    /// <value>null: no bound</value>
    public BudgetOptions? Budget { get; set; }

    /// <summary>The most that may be spent in an hour or a day; see <see cref="RouterOptions.SpendCaps"/>.</summary>
    /// <value>null: no caps</value>
    public IList<SpendCapOptions>? SpendCaps { get; set; }

    /// <summary>A promise not to fall far below a baseline arm's quality.</summary>
    /// <value>null: none</value>
    public SafetyGateOptions? SafetyGate { get; set; }

    /// <summary>How slow arms may be, judged by the tail of their latencies.</summary>
    /// <value>null: no limit</value>
    public LatencyLimitOptions? LatencyLimit { get; set; }

    /// <summary>Incarnation of decision ids, not 0; for reproducible runs only.</summary>
    /// <value>null: a fresh random one at every start</value>
    public ulong? Incarnation { get; set; }

    /// <summary>Directory of the store that keeps what is learnt.</summary>
    /// <value>null: the setting ORCHESTRATOR_INTELLIGENCE_DIR, such as the environment variable of that name; without either, learning ends with the process</value>
    public string? Directory { get; set; }

    /// <summary>How the store keeps it.</summary>
    public RouterStoreOptions Store { get; } = new();

    /// <summary>Time between snapshots of the store, in [1 s, 30 days]; zero leaves them to <see cref="RouterStoreOptions.SnapshotBytes"/> and the end.</summary>
    /// <value>10 minutes</value>
    public TimeSpan SnapshotInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a decision waits for its judgement before it expires, in [1 s, 365 days]; zero for ever. An outcome that comes later still counts.</summary>
    /// <value>1 hour</value>
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Arms that get series of their own in metrics, the first ones, in [1, 10000]; further ones share the label "(other)". Fixed at start.</summary>
    /// <value>100 arms</value>
    public int MetricArms { get; set; } = 100;

    /// <summary>What configuration holds that cannot be read; reported with the other faults.</summary>
    internal List<string> BindingFaults { get; } = [];

    internal void Also(Action<RouterOptions> configure) => _inCode.Add(configure);

    /// <summary>Every fault, each naming the thing, its value and the allowed range.</summary>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        var faults = new List<string>(BindingFaults);
        RouterOptions? router = TryMakeRouterOptions(faults);
        if (router is not null) faults.AddRange(router.Validate());
        foreach (string fault in Store.Validate()) faults.Add($"{nameof(Store)}: {fault}");
        if (Incarnation == 0) faults.Add($"{nameof(Incarnation)} is 0; any other number is allowed.");
        if (Directory is { Length: 0 }) faults.Add($"{nameof(Directory)} is empty; it needs a path, or must be left out.");
        Check(faults, nameof(SnapshotInterval), SnapshotInterval, TimeSpan.FromDays(30));
        Check(faults, nameof(ExpireAfter), ExpireAfter, TimeSpan.FromDays(365));
        if (MetricArms is < 1 or > 10_000) faults.Add(string.Create(CultureInfo.InvariantCulture, $"{nameof(MetricArms)} is {MetricArms}; the allowed range is [1, 10000] arms."));
        return faults.ConvertAll(static fault => new ValidationResult(fault));
    }

    /// <summary>Options of the router as configuration and code say; they are valid when these are.</summary>
    internal RouterOptions ToRouterOptions()
    {
        var faults = new List<string>();
        return TryMakeRouterOptions(faults) ?? throw new InvalidOperationException(string.Join(" ", faults));
    }

    private RouterOptions? TryMakeRouterOptions(List<string> faults)
    {
        int before = faults.Count;
        RouterOptions router = _router.Clone();
        if (Dimensions is not null) router.Dimensions = [.. Dimensions];
        foreach ((string name, ArmOptions? arm) in Arms)
        {
            if (arm is null)
            {
                faults.Add($"Arm '{name}' is null; it needs {nameof(ArmOptions)}.");
                continue;
            }

            Arm made = arm.ToArm(name);
            router.Arms.Add(made);
            if (arm.Enabled is { } isEnabled) router.ArmStatuses[made.Id] = isEnabled ? ArmStatus.Enabled : ArmStatus.Disabled;
        }

        if (BaselineRules is not null) router.BaselineRules = BaselineRuleOptions.ToRules(BaselineRules, faults);
        if (Forgetting is not null) router.Forgetting = Forgetting.ToForgetting(faults);
        if (Drift is not null) router.Drift = Drift.ToDetection();
        if (ArmDrift is not null) router.ArmDrift = ArmDrift.ToDetection();
        if (Budget is not null) router.Budget = Budget.ToBudget();
        if (SpendCaps is not null) router.SpendCaps = SpendCapOptions.ToCaps(SpendCaps);
        if (LatencyLimit is not null) router.LatencyLimit = LatencyLimit.ToLimit();
        if (SafetyGate is not null) router.SafetyGate = SafetyGate.ToGate();
        try
        {
            foreach (Action<RouterOptions> configure in _inCode) configure(router);
        }
        catch (Exception e) // whoever wrote it must hear of it with the other faults
        {
            faults.Add($"{nameof(BanditsBuilder.ConfigureRouter)} threw {e.GetType().Name}: {e.Message}");
        }

        return faults.Count == before ? router : null;
    }

    private static void Check(List<string> faults, string name, TimeSpan value, TimeSpan most)
    {
        if (value != TimeSpan.Zero && (value < TimeSpan.FromSeconds(1) || value > most))
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; the allowed range is 0 or [00:00:01, {most}]."));
    }
}
