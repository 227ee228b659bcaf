using Bandits.Benchmarks.Pairing;
using Bandits.Concurrency;
using Bandits.Segments;

namespace Bandits.Benchmarks.Operations;

/// <summary>Finds the node of a packed segment key, in a given order.</summary>
internal sealed class SegmentFind : IOperation
{
    private readonly SegmentMap _map;
    private readonly ulong[] _order;

    /// <param name="values">One row of four dimension values per segment.</param>
    /// <param name="numbers">The order, as row numbers.</param>
    public SegmentFind(string[][] values, int[] numbers)
    {
        var schema = new SegmentSchema(["role", "area", "risk", "complexity"], 4096);
        _map = new SegmentMap(schema, 65536);
        Keys = new ulong[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            Keys[i] = schema.Pack(values[i]);
            _map.Leaf(Keys[i]);
        }

        _order = Inputs.SpreadKeys.InOrder(Keys, numbers);
    }

    /// <summary>The packed keys.</summary>
    public ulong[] Keys { get; }

    public int Count => _order.Length;

    public long Run()
    {
        SegmentMap map = _map;
        long sum = 0;
        foreach (ulong key in _order)
        {
            if (map.Find(key) is { } found) sum += found.Index;
        }

        return sum;
    }
}
