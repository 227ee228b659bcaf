namespace Bandits.Benchmarks.Inputs;

/// <summary>Histories of several lengths, each made when first asked for.</summary>
internal sealed class Histories : IDisposable
{
    private readonly Dictionary<int, GrownHistory> _byLength = [];

    public GrownHistory Of(int records)
    {
        if (!_byLength.TryGetValue(records, out GrownHistory? history)) _byLength.Add(records, history = new GrownHistory(records));
        return history;
    }

    public void Dispose()
    {
        foreach (GrownHistory history in _byLength.Values) history.Dispose();
    }
}
