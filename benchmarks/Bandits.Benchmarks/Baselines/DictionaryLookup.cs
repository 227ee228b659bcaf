using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. One <see cref="Dictionary{TKey, TValue}"/> lookup of a 64-bit key per operation, in a given order.</summary>
internal sealed class DictionaryLookup : IOperation
{
    private readonly Dictionary<ulong, int> _numbers;
    private readonly ulong[] _order;

    public DictionaryLookup(ReadOnlySpan<ulong> keys, ulong[] order)
    {
        _numbers = new Dictionary<ulong, int>(keys.Length);
        for (int i = 0; i < keys.Length; i++) _numbers.Add(keys[i], i);
        _order = order;
    }

    public int Count => _order.Length;

    public long Run()
    {
        Dictionary<ulong, int> numbers = _numbers;
        long sum = 0;
        foreach (ulong key in _order)
        {
            if (numbers.TryGetValue(key, out int number)) sum += number;
        }

        return sum;
    }
}
