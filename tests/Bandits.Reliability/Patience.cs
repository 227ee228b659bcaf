namespace Bandits.Reliability;

/// <summary>What never ends is a broken promise too, and is told as one instead of being waited for.</summary>
internal static class Patience
{
    /// <summary>Does something on a thread of its own.</summary>
    /// <exception cref="BrokenPromiseException">It broke a promise, or did not end in time.</exception>
    public static void Try(string what, TimeSpan most, Action work)
    {
        Task task = Task.Factory.StartNew(work, TaskCreationOptions.LongRunning);
        try
        {
            if (!task.Wait(most)) throw new BrokenPromiseException($"{what} did not end within {most.TotalSeconds} s.");
        }
        catch (AggregateException)
        {
            task.GetAwaiter().GetResult(); // as it was thrown
        }
    }
}
