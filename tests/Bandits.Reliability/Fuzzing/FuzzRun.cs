using System.Diagnostics;
using System.Globalization;

namespace Bandits.Reliability.Fuzzing;

/// <summary>One target under many inputs on a thread of its own, watched from another: an input that never ends is found too.</summary>
internal sealed class FuzzRun(IFuzzTarget target, int count, int seed)
{
    private const int MostShown = 8192;
    private byte[] _input = [];
    private int _number;
    private long _began;

    public string Name => target.Name;

    public int Count => count;

    public long Refused { get; private set; }

    public long MostThousandths { get; private set; }

    public TimeSpan Longest { get; private set; }

    /// <summary>Feeds all inputs.</summary>
    /// <exception cref="BrokenPromiseException">One broke the target.</exception>
    public void Finish(TimeSpan patience)
    {
        Volatile.Write(ref _began, Stopwatch.GetTimestamp());
        var thread = Task.Factory.StartNew(Feed, TaskCreationOptions.LongRunning);
        while (!((IAsyncResult)thread).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(1)))
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _began)) > patience) throw new BrokenPromiseException(Text($"did not end within {patience.TotalSeconds} s"));
        thread.GetAwaiter().GetResult();
    }

    private void Feed()
    {
        for (_number = 0; _number < count; _number++)
        {
            var random = new Random(unchecked(seed * 1_000_003 + _number));
            _input = target.Next(random);
            Volatile.Write(ref _began, Stopwatch.GetTimestamp());
            Fed fed;
            try
            {
                fed = target.Feed(_input, random);
            }
            catch (Exception e)
            {
                throw new BrokenPromiseException(Text(e.ToString()), e);
            }

            if (Stopwatch.GetElapsedTime(_began) is var took && took > Longest) Longest = took;
            if (fed.IsRefused) Refused++;
            long most = target.MostAllocated(_input.Length);
            if (fed.Allocated > most) throw new BrokenPromiseException(Text($"allocated {fed.Allocated} bytes; {most} are allowed"));
            if (most > 0) MostThousandths = Math.Max(MostThousandths, fed.Allocated * 1000 / most);
        }
    }

    private string Text(string what) => string.Create(CultureInfo.InvariantCulture, $"""
        Input {_number} to the {target.Name} reader ({_input.Length} bytes), from --only fuzz --seed {seed}: {what}
        {(_input.Length <= MostShown ? Convert.ToBase64String(_input) : "(too long to show)")}
        """);
}
