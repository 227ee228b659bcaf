using System.Collections.Concurrent;
using Bandits.Numerics;

namespace Bandits.Testing;

/// <summary>Chooses what it was told to, or else the arm that comes first.</summary>
internal sealed class ScriptedPolicy : IRoutingPolicy
{
    private readonly ConcurrentQueue<int> _script = new();

    public PolicyTraits Traits => PolicyTraits.Explores;

    public int Waiting => _script.Count;

    public void Add(int arm) => _script.Enqueue(arm);

    public int Choose(in Choices choices, ref RandomStream random) => Next(choices);

    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        pmf[..choices.Arms.Length].Clear();
        pmf[Next(choices)] = 1;
        return true;
    }

    private int Next(in Choices choices)
    {
        if (_script.TryPeek(out int arm) && choices.Arms.IndexOf(arm) is >= 0 and var position)
        {
            _script.TryDequeue(out _);
            return position;
        }

        return choices.Arms.IndexOf(Lowest(choices.Arms));
    }

    private static int Lowest(ReadOnlySpan<int> arms)
    {
        int lowest = int.MaxValue;
        foreach (int arm in arms) lowest = Math.Min(lowest, arm);
        return lowest;
    }
}
