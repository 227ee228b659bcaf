using System.Diagnostics.CodeAnalysis;

namespace Bandits;

/// <content>The arms: who there is, and who takes part.</content>
public sealed partial class BanditRouter
{
    /// <summary>The arm at a dense index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public Arm ArmAt(int index)
    {
        ArmCatalog catalog = _settings.Catalog;
        if ((uint)index >= (uint)catalog.Count) Throw.OutOfRange(nameof(index), index, $"0 to {catalog.Count - 1}");
        return catalog.Arms[index];
    }

    /// <summary>Whether the arm at a dense index takes part.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ArmStatus StatusAt(int index)
    {
        ArmCatalog catalog = _settings.Catalog;
        if ((uint)index >= (uint)catalog.Count) Throw.OutOfRange(nameof(index), index, $"0 to {catalog.Count - 1}");
        return catalog.Status[index];
    }

    /// <summary>The dense index of an arm.</summary>
    /// <exception cref="ArgumentException">There is no arm of this id.</exception>
    public int IndexOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _settings.Catalog.TryIndexOf(id, out int index) ? index : ThrowUnknown(id);
    }

    /// <summary>The dense index of an arm, if there is one.</summary>
    public bool TryIndexOf(string id, out int index)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _settings.Catalog.TryIndexOf(id, out index);
    }

    /// <summary>These capabilities as a set for <see cref="Request.RequiredCapabilities"/>. One that no arm has makes a set that no arm fulfils.</summary>
    public CapabilitySet Capabilities(params ReadOnlySpan<string> names) => new(_settings.Catalog.CapabilitiesOf(names));

    /// <summary>These providers as a set for <see cref="Request.ExcludedProviders"/>. One that no arm has excludes nothing.</summary>
    public ProviderSet Providers(params ReadOnlySpan<string> names) => new(_settings.Catalog.ProvidersOf(names));

    /// <summary>Adds an arm; it takes part from the next decision on. Returns its dense index.</summary>
    /// <exception cref="ArgumentException">The arm is invalid or its id is taken; nothing changes.</exception>
    public int AddArm(Arm arm)
    {
        ArgumentNullException.ThrowIfNull(arm);
        int index;
        long position;
        lock (_changing)
        {
            ArmCatalog catalog = _settings.Catalog;
            if (catalog.Count == ushort.MaxValue) Throw.Argument($"Arm '{arm.Id}' would be number {ushort.MaxValue + 1}; a router holds at most {ushort.MaxValue}.");
            RouterSettings changed = _settings.With(catalog.With(arm));
            index = catalog.Count;
            position = WriteDown(changed, index);
            Put(changed);
        }

        Confirm(position);
        return index;
    }

    /// <summary>
    /// Announces new list prices of an arm. They act at once: what the arm has cost so far is restated at them, cell by cell, with the tokens that it took there where they are known and those of a typical
    /// call where they are not. Evidence itself stays as it was observed. Joined evidence is not restated.
    /// </summary>
    /// <param name="id">Id of the arm.</param>
    /// <param name="inputUsdPerMillionTokens">Price of input, USD per million tokens, in [0, 1e6]; null when unknown.</param>
    /// <param name="outputUsdPerMillionTokens">Price of output, likewise.</param>
    /// <exception cref="ArgumentException">There is no arm of this id, or a price is out of its range; nothing changes.</exception>
    public void SetPrices(string id, double? inputUsdPerMillionTokens, double? outputUsdPerMillionTokens)
    {
        long position;
        lock (_changing)
        {
            int index = IndexOf(id);
            ArmCatalog catalog = _settings.Catalog;
            Arm arm = catalog.Arms[index] with { InputUsdPerMillionTokens = inputUsdPerMillionTokens, OutputUsdPerMillionTokens = outputUsdPerMillionTokens };
            var faults = new List<string>();
            arm.Validate(faults);
            if (faults.Count > 0) Throw.Argument(string.Join(" ", faults));
            RouterSettings changed = _settings.With(catalog.With(index, arm));
            position = WriteDown(changed, index);
            Announce(catalog.Arms, Put(changed), position, isReplayed: false);
        }

        Confirm(position);
    }

    /// <summary>Lets an arm take part again.</summary>
    /// <exception cref="ArgumentException">There is no arm of this id.</exception>
    /// <exception cref="InvalidOperationException">The arm is retired.</exception>
    public void EnableArm(string id) => SetStatus(id, ArmStatus.Enabled);

    /// <summary>Keeps an arm from being chosen; evidence stays, and outcomes are still recorded.</summary>
    /// <exception cref="ArgumentException">There is no arm of this id.</exception>
    /// <exception cref="InvalidOperationException">The arm is retired.</exception>
    public void DisableArm(string id) => SetStatus(id, ArmStatus.Disabled);

    /// <summary>Keeps an arm from ever being chosen again; evidence stays, and its id is never reused.</summary>
    /// <exception cref="ArgumentException">There is no arm of this id.</exception>
    public void RetireArm(string id) => SetStatus(id, ArmStatus.Retired);

    private void SetStatus(string id, ArmStatus status)
    {
        long position;
        lock (_changing)
        {
            int index = IndexOf(id);
            RouterSettings changed = _settings.With(_settings.Catalog.With(index, status));
            position = WriteDown(changed, index);
            Put(changed);
        }

        Confirm(position);
    }

    /// <summary>Inside the lock of changes: replaces the settings as a whole.</summary>
    private RouterSettings Put(RouterSettings settings)
    {
        Volatile.Write(ref _settings, settings);
        return settings;
    }

    [DoesNotReturn]
    private static int ThrowUnknown(string id) => throw new ArgumentException($"There is no arm '{id}'.");
}
