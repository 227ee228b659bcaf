using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits.Benchmarks.Operations;

/// <summary>The update of evidence alone, inside the segment's sequence lock: what makes it consistent for concurrent readers, and nothing else.</summary>
internal sealed class GuardedUpdate : IOperation
{
    private readonly SegmentNode[] _segments;
    private readonly Contribution[] _contributions;
    private readonly uint[] _cells;

    public GuardedUpdate(int segments, uint[] cells, Outcome[] outcomes)
    {
        _segments = new SegmentNode[segments];
        for (int i = 0; i < segments; i++)
        {
            _segments[i] = new SegmentNode((ulong)i, i, 0, null, isLeaf: true);
            _segments[i].EnsureArms(Traffic.Arms, isLeaf: true);
        }

        _contributions = new Contribution[outcomes.Length];
        for (int i = 0; i < outcomes.Length; i++) _contributions[i] = Contribution.Of(outcomes[i], double.NaN, double.NaN);
        _cells = cells;
    }

    public int Count => _cells.Length;

    public long Run()
    {
        SegmentNode[] segments = _segments;
        Contribution[] contributions = _contributions;
        uint[] cells = _cells;
        for (int i = 0; i < cells.Length; i++)
        {
            SegmentNode node = segments[cells[i] / Traffic.Arms];
            node.Gate.Enter();
            node.Own[cells[i] % Traffic.Arms].Apply(contributions[i & (contributions.Length - 1)], 1);
            node.Gate.Exit();
        }

        return segments[0].Own[0].QualityCount;
    }
}
