namespace Bandits.Storage;

/// <summary>One writer in a store directory. The operating system gives the lock back when the process ends, however it ends.</summary>
public sealed class StoreLock : IDisposable
{
    /// <summary>Name of the lock file in the directory; it is empty and stays there.</summary>
    public const string FileName = "store.lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, waiting for another writer to finish.</summary>
    /// <param name="directory">Store directory; created if need be.</param>
    /// <param name="wait">How long to wait, 0 or more.</param>
    /// <param name="clock">Clock that measures the wait.</param>
    /// <exception cref="IOException">Another writer still holds the lock after that time, or the directory cannot be used.</exception>
    public static StoreLock Acquire(string directory, TimeSpan wait, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(clock);
        Directory.CreateDirectory(directory);
        long start = clock.GetTimestamp();
        string path = Path.Combine(directory, FileName);
        while (true)
        {
            try
            {
                return new StoreLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
            }
            catch (IOException e) when (e is not DirectoryNotFoundException and not PathTooLongException)
            {
                if (clock.GetElapsedTime(start) >= wait)
                    throw new IOException($"The store '{directory}' is being written by another process; it did not finish within {wait.TotalSeconds:0.###} s.", e);
            }

            Thread.Sleep(Pause);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _file.Dispose();
}
