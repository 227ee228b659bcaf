using System.Diagnostics.CodeAnalysis;

namespace Bandits;

/// <summary>The arms by dense index, immutable: adding an arm or changing a status makes a new catalog.</summary>
internal sealed class ArmCatalog
{
    /// <summary>The bit of a capability or provider that no arm has.</summary>
    private const ulong Unknown = 1UL << 63;

    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _capabilities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _providers = new(StringComparer.Ordinal);

    /// <param name="arms">The arms.</param>
    /// <param name="status">Their statuses.</param>
    /// <param name="former">The catalog that this one takes the place of: callers hold sets of its capabilities and providers, so these keep their bits, needed or not.</param>
    public ArmCatalog(IReadOnlyList<Arm> arms, IReadOnlyList<ArmStatus> status, ArmCatalog? former = null)
    {
        if (former is not null) (_capabilities, _providers) = (new(former._capabilities, StringComparer.Ordinal), new(former._providers, StringComparer.Ordinal));
        Arms = [.. arms];
        Status = [.. status];
        CapabilityMask = new ulong[Arms.Length];
        ProviderMask = new ulong[Arms.Length];
        for (int i = 0; i < Arms.Length; i++)
        {
            Arm arm = Arms[i];
            if (!_byId.TryAdd(arm.Id, i)) Throw.Argument($"Arm id '{arm.Id}' is given twice; ids are unique.");
            foreach (string capability in arm.Capabilities) CapabilityMask[i] |= Bit(_capabilities, capability, 63, "capabilities");
            ProviderMask[i] = Bit(_providers, arm.Provider, 64, "providers");
            HasExplorationBounds |= arm.ExplorationUsd is not null;
            HasLikened |= arm.SimilarTo is not null || arm.PriorFromPriceTier;
        }

        Similar = HasLikened ? Array.ConvertAll(Arms, arm => arm.SimilarTo is { } id && _byId.TryGetValue(id, out int other) ? other : -1) : [];
    }

    /// <summary>Whether what is believed of an arm may depend on others: one that it names as similar, or those of its price tier.</summary>
    public bool HasLikened { get; }

    /// <summary>By arm: which other it names as similar, -1 for none or one that is not known; empty unless <see cref="HasLikened"/>.</summary>
    public int[] Similar { get; }

    /// <summary>Whether what may be spent to learn an arm is bounded for any.</summary>
    public bool HasExplorationBounds { get; }

    /// <summary>Adds a fault for each of these arms that is like one which is not here.</summary>
    public void CheckSimilar(IEnumerable<Arm> arms, ICollection<string> faults)
    {
        foreach (Arm arm in arms)
            if (arm.SimilarTo is { } id && !_byId.ContainsKey(id)) faults.Add($"Arm '{arm.Id}': SimilarTo names arm '{id}', which is neither given nor known.");
    }

    public Arm[] Arms { get; }

    public ArmStatus[] Status { get; }

    public ulong[] CapabilityMask { get; }

    public ulong[] ProviderMask { get; }

    public int Count => Arms.Length;

    public bool TryIndexOf(string id, out int index) => _byId.TryGetValue(id, out index);

    public ArmCatalog With(Arm arm)
    {
        var faults = new List<string>();
        arm.Validate(faults);
        CheckSimilar([arm], faults);
        if (faults.Count > 0) Throw.Argument(string.Join(" ", faults));
        return new ArmCatalog([.. Arms, arm], [.. Status, ArmStatus.Enabled], this);
    }

    public ArmCatalog With(int index, Arm arm)
    {
        Arm[] changed = [.. Arms];
        changed[index] = arm;
        return new ArmCatalog(changed, Status, this);
    }

    public ArmCatalog With(int index, ArmStatus status)
    {
        ArmStatus[] changed = [.. Status];
        if (changed[index] == ArmStatus.Retired && status != ArmStatus.Retired)
            Throw.Invalid($"Arm '{Arms[index].Id}' is retired; a retired arm never returns. Add a new one.");
        changed[index] = status;
        return new ArmCatalog(Arms, changed, this);
    }

    /// <summary>The capabilities as a set; one that no arm has makes a set that no arm fulfils.</summary>
    public ulong CapabilitiesOf(ReadOnlySpan<string> names)
    {
        ulong mask = 0;
        foreach (string name in names) mask |= _capabilities.TryGetValue(name, out int bit) ? 1UL << bit : Unknown;
        return mask;
    }

    /// <summary>The providers as a set; one that no arm has excludes nothing.</summary>
    public ulong ProvidersOf(ReadOnlySpan<string> names)
    {
        ulong mask = 0;
        foreach (string name in names)
            if (_providers.TryGetValue(name, out int bit)) mask |= 1UL << bit;
        return mask;
    }

    private static ulong Bit(Dictionary<string, int> bits, string name, int limit, string what)
    {
        if (!bits.TryGetValue(name, out int bit))
        {
            bit = bits.Count;
            if (bit >= limit) ThrowTooMany(name, limit, what);
            bits.Add(name, bit);
        }

        return 1UL << bit;
    }

    [DoesNotReturn]
    private static void ThrowTooMany(string name, int limit, string what) =>
        throw new ArgumentException($"'{name}' would be number {limit + 1} of the distinct {what}; at most {limit} are allowed.");
}
