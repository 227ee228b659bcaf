namespace Bandits.Integration.Tests;

/// <summary>A store with the parity history, imported once and only read.</summary>
public sealed class ImportedStore : IDisposable
{
    public ImportedStore() => Import = Command.Json("import", CommandLine.Records).Ok();

    public CommandLine Command { get; } = new();

    public Run Import { get; }

    public void Dispose() => Command.Dispose();
}
