using Bandits.Regret.Environments;

namespace Bandits.Regret.Running;

/// <summary>Outcomes on their way back: a wheel of lists by the round at which they are known.</summary>
internal sealed class PendingOutcomes
{
    private const int None = -1;

    private readonly int _mask;
    private readonly int[] _first;
    private readonly int[] _last;
    private readonly int[] _next;
    private readonly Decision[] _decisions;
    private readonly Outcome[] _outcomes;

    public PendingOutcomes(int capacity)
    {
        _mask = capacity - 1;
        (_first, _last, _next) = (new int[capacity], new int[capacity], new int[capacity]);
        (_decisions, _outcomes) = (new Decision[capacity], new Outcome[capacity]);
        Array.Fill(_first, None);
    }

    /// <summary>Keeps an outcome until a later round, less than the capacity away.</summary>
    public void Add(int round, int due, in Decision decision, in Outcome outcome)
    {
        int slot = round & _mask, list = due & _mask;
        (_decisions[slot], _outcomes[slot], _next[slot]) = (decision, outcome, None);
        if (_first[list] == None) _first[list] = slot;
        else _next[_last[list]] = slot;
        _last[list] = slot;
    }

    /// <summary>Records what is known by now, in the order of the decisions.</summary>
    public void Deliver(int round, BanditRouter router)
    {
        int list = round & _mask;
        for (int slot = _first[list]; slot != None; slot = _next[slot]) router.Record(_decisions[slot], _outcomes[slot]);
        _first[list] = None;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => Array.Fill(_first, None);
}
