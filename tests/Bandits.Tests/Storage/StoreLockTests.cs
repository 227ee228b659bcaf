using Bandits.Storage;

namespace Bandits.Tests.Storage;

public sealed class StoreLockTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bandits-lock-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_second_writer_is_told_that_the_store_is_in_use()
    {
        using StoreLock first = StoreLock.Acquire(_directory, TimeSpan.Zero, TimeProvider.System);
        IOException e = Assert.Throws<IOException>(() => StoreLock.Acquire(_directory, TimeSpan.FromMilliseconds(30), TimeProvider.System));
        Assert.Contains(_directory, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waiting_writer_gets_the_lock_when_it_is_given_back()
    {
        StoreLock first = StoreLock.Acquire(_directory, TimeSpan.Zero, TimeProvider.System);
        Task<StoreLock> second = Task.Run(() => StoreLock.Acquire(_directory, TimeSpan.FromSeconds(30), TimeProvider.System));
        await Task.Delay(50);
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }
}
