using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bandits.Segments;

namespace Bandits.Concurrency;

/// <summary>The nodes of the segment tree by key: open addressing with linear probing, read without a lock.</summary>
internal sealed class SegmentMap
{
    private const ulong Multiplier = 0x9e3779b97f4a7c15;
    private readonly SegmentSchema _schema;
    private readonly int _maxLeaves;
    private readonly Lock _gate = new();
    private Table _table = new(64);
    private SegmentNode[] _nodes = new SegmentNode[16];
    private int _count;
    private int _leaves;

    private readonly CellBudget? _budget;

    public SegmentMap(SegmentSchema schema, int maxLeaves, CellBudget? budget = null)
    {
        (_schema, _maxLeaves, _budget) = (schema, maxLeaves, budget);
        Root = Add(0, 0, null);
    }

    public SegmentNode Root { get; }

    /// <summary>All nodes, parents before children, in order of creation.</summary>
    public ReadOnlySpan<SegmentNode> Nodes
    {
        get
        {
            int count = Volatile.Read(ref _count); // before the array, which holds at least so many from then on
            return Volatile.Read(ref _nodes).AsSpan(0, count);
        }
    }

    /// <summary>Number of leaves.</summary>
    public int Leaves => _leaves;

    /// <summary>The plan of a key, with its node behind it, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Plan? Find(ulong key)
    {
        Table table = Volatile.Read(ref _table);
        Entry[] entries = table.Entries;
        ref Entry first = ref MemoryMarshal.GetArrayDataReference(entries);
        nuint mask = (nuint)(uint)(entries.Length - 1), slot = (nuint)((key * Multiplier) >> table.Shift);
        while (true)
        {
            ref Entry entry = ref Unsafe.Add(ref first, slot & mask); // inside by the mask: the length is a power of two
            Plan? plan = Volatile.Read(ref entry.Plan);
            if (plan is null || entry.Key == key) return plan;
            slot++;
        }
    }

    /// <summary>The leaf of a key, made if need be; beyond the bound, the leaf that stands for all others.</summary>
    public Plan Leaf(ulong key)
    {
        if (Find(key) is { } known && known.IsLeaf) return known;
        if (!_schema.IsLeaf(key)) ThrowForeign(key);
        lock (_gate)
        {
            if (Find(key) is { } found) return found;
            if (_leaves >= _maxLeaves && _budget is not { IsOver: false }) key = _schema.OtherKey; // what is read had its segments, whatever the bound is now
            SegmentNode node = Root;
            for (int depth = 1; depth <= _schema.Depth; depth++)
            {
                ulong ancestor = _schema.Ancestor(key, depth);
                node = Find(ancestor)?.Node ?? Add(ancestor, depth, node);
            }

            return node.Plan;
        }
    }

    /// <summary>The node of a leaf's attempts after a failure, made if need be.</summary>
    public SegmentNode ConditionalOf(SegmentNode leaf)
    {
        if (Volatile.Read(ref leaf.Conditional) is { } known) return known;
        lock (_gate)
        {
            if (leaf.Conditional is { } found) return found;
            var node = new SegmentNode(leaf.Key, _count, leaf.Depth + 1, leaf, isLeaf: true, isConditional: true, _budget);
            Append(node);
            Volatile.Write(ref leaf.Conditional, node);
            return node;
        }
    }

    /// <summary>The leaf of a key for reading: one that nobody has decided for yet stands beside the tree, so that reading leaves no trace.</summary>
    public SegmentNode Peek(ulong key)
    {
        if (Find(key) is { } known && known.IsLeaf) return known.Node;
        if (!_schema.IsLeaf(key)) ThrowForeign(key);
        if (_leaves >= _maxLeaves) key = _schema.OtherKey;
        SegmentNode node = Root;
        for (int depth = 1; depth <= _schema.Depth; depth++)
        {
            ulong ancestor = _schema.Ancestor(key, depth);
            node = Find(ancestor)?.Node ?? new SegmentNode(ancestor, -1, depth, node, isLeaf: depth == _schema.Depth);
        }

        return node;
    }

    private void ThrowForeign(ulong key) =>
        Throw.Argument($"Segment key {key:x} was not issued by this router's schema ({string.Join(", ", _schema.Dimensions)}).");

    private SegmentNode Add(ulong key, int depth, SegmentNode? parent)
    {
        var node = new SegmentNode(key, _count, depth, parent, isLeaf: depth == _schema.Depth, budget: _budget);
        if (depth == _schema.Depth) _leaves++;
        if (2 * (_count + 1) > _table.Entries.Length)
        {
            var grown = new Table(_table.Entries.Length * 2);
            foreach (SegmentNode known in Nodes)
                if (!known.IsConditional) grown.Insert(known);
            Volatile.Write(ref _table, grown);
        }

        Append(node); // before anybody can find it and name its index
        _table.Insert(node);
        parent?.AddChild(node);
        return node;
    }

    private void Append(SegmentNode node)
    {
        if (_count == _nodes.Length)
        {
            SegmentNode[] nodes = _nodes;
            Array.Resize(ref nodes, nodes.Length * 2);
            Volatile.Write(ref _nodes, nodes);
        }

        _nodes[_count] = node;
        Volatile.Write(ref _count, _count + 1);
    }

    private struct Entry
    {
        public ulong Key;
        public Plan? Plan;
    }

    private sealed class Table(int size)
    {
        public readonly Entry[] Entries = new Entry[size];
        public readonly int Shift = 64 - int.Log2(size);

        /// <summary>Writes the key before the plan: a reader that sees the plan sees its key.</summary>
        public void Insert(SegmentNode node)
        {
            ulong slot = (node.Key * Multiplier) >> Shift;
            while (Entries[slot & (ulong)(Entries.Length - 1)].Plan is not null) slot++;
            ref Entry entry = ref Entries[slot & (ulong)(Entries.Length - 1)];
            entry.Key = node.Key;
            Volatile.Write(ref entry.Plan, node.Plan);
        }
    }
}
