using Bandits.Rae;
using Bandits.Storage;

namespace Bandits.Integration.Tests.Rae;

/// <summary>A server and a folder for stores, of each test its own.</summary>
public abstract class RaeTests : IAsyncLifetime
{
    private protected RaeFolder Folder { get; } = new();

    private protected RaeServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await RaeServer.StartAsync();

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        Folder.Dispose();
    }

    private protected RaeExchange Open(RouterStore store, Action<RaeOptions>? change = null)
    {
        RaeOptions options = RaeFolder.Options(Server.Endpoint);
        change?.Invoke(options);
        return RaeExchange.Open(options, store.Directory);
    }
}
