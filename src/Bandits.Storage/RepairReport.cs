namespace Bandits.Storage;

/// <summary>What repairing a store did.</summary>
public sealed class RepairReport
{
    /// <summary>What was found before: what could be brought back, and in <see cref="RecoveryReport.Damage"/> and <see cref="RecoveryReport.Faults"/> what is lost.</summary>
    public required StoreReport Before { get; init; }

    /// <summary>Where the damaged files are now.</summary>
    public required IReadOnlyList<string> Moved { get; init; }
}
