using System.Runtime.CompilerServices;

namespace Bandits.Concurrency;

/// <summary>What a router has done since it was made, counted for whoever watches it. Each thread counts in a sheet of its own, without fence or lock; reading adds the sheets up.</summary>
/// <remarks>
/// A shared counter that every decision raises would wander between cores and cost more than the decision. Sheets of threads that have ended are added to one that is kept, so there are
/// no more sheets than threads alive at the last reading or first count of a new thread.
/// </remarks>
internal sealed class Tallies
{
    /// <summary>Counts of decisions of one arm: explored or not, fallback or not, as in <see cref="DecisionTraits"/>.</summary>
    public const int DecisionKinds = 4;

    /// <summary>Counts of outcomes of one arm, by kind.</summary>
    public const int OutcomeKinds = (int)OutcomeKind.Expired + 1;

    public const int Strategies = (int)Strategy.Budgeted + 1;

    [ThreadStatic]
    private static Sheet? t_latest;

    private readonly ThreadLocal<Sheet?> _own = new();
    private readonly object _owner = new(); // a sheet must not lead back here: threads outlive routers, and hold their sheets
    private readonly Lock _gate = new();
    private readonly List<Sheet> _sheets = [];
    private readonly Sheet _ended = new(null, null);

    /// <summary>The sheet of this thread. A thread that uses several routers in turn takes longer to find it.</summary>
    public Sheet Mine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_latest is { } latest && latest.Owner == _owner ? latest : Find();
    }

    /// <summary>Adds all sheets up.</summary>
    public Sheet Read()
    {
        var sum = new Sheet(null, null);
        lock (_gate)
        {
            FoldEnded();
            _ended.AddTo(sum);
            foreach (Sheet sheet in _sheets) sheet.AddTo(sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Sheet Find() => t_latest = _own.Value ??= NewSheet();

    private Sheet NewSheet()
    {
        var sheet = new Sheet(_owner, Thread.CurrentThread);
        lock (_gate)
        {
            FoldEnded();
            _sheets.Add(sheet);
        }

        return sheet;
    }

    private void FoldEnded()
    {
        for (int i = _sheets.Count - 1; i >= 0; i--)
        {
            if (_sheets[i].Writer!.IsAlive) continue;
            _sheets[i].AddTo(_ended);
            _sheets.RemoveAt(i);
        }
    }

    /// <summary>Counts that one thread writes. Others may read meanwhile: each number is some past one.</summary>
    internal sealed class Sheet(object? owner, Thread? writer)
    {
        private readonly long[]?[] _decisions = new long[Strategies][];
        private long[] _counting = [];
        private Strategy _strategy;
        private long[] _outcomes = [];
        private long[] _nanoUsd = [];
        private long _undecided;
        private double _lowestPropensity = double.PositiveInfinity;

        public object? Owner => owner;

        public Thread? Writer => writer;

        public long Undecided => Volatile.Read(ref _undecided);

        /// <summary>Infinity when no propensity was computed.</summary>
        public double LowestPropensity => Volatile.Read(ref _lowestPropensity);

        /// <summary>Decisions of a strategy, <see cref="DecisionKinds"/> for each arm.</summary>
        public ReadOnlySpan<long> DecisionsBy(int strategy) => _decisions[strategy];

        /// <summary>Outcomes, <see cref="OutcomeKinds"/> for each arm.</summary>
        public ReadOnlySpan<long> Outcomes => _outcomes;

        /// <summary>Known costs by arm.</summary>
        public ReadOnlySpan<long> NanoUsd => _nanoUsd;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Decided(Strategy strategy, int arm, DecisionTraits traits, double propensity)
        {
            int place = arm * DecisionKinds + ((int)traits & (DecisionKinds - 1));
            long[] counts = _counting;
            if (_strategy != strategy || (uint)place >= (uint)counts.Length) counts = Turn(strategy, place);
            counts[place]++;
            if (propensity < _lowestPropensity) _lowestPropensity = propensity; // not when it is NaN
        }

        /// <summary>The counts of a strategy, which are counted from now on, with room for a place.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private long[] Turn(Strategy strategy, int place)
        {
            long[]? counts = _decisions[(int)strategy];
            if (counts is null || place >= counts.Length) counts = Grown(ref _decisions[(int)strategy], place);
            (_counting, _strategy) = (counts, strategy);
            return counts;
        }

        public void Refused() => _undecided++;

        public void Recorded(int arm, OutcomeKind kind)
        {
            int place = arm * OutcomeKinds + (int)kind;
            long[] counts = _outcomes;
            if ((uint)place >= (uint)counts.Length) counts = Grown(ref _outcomes!, place);
            counts[place]++;
        }

        public void Spent(int arm, long nanoUsd)
        {
            long[] costs = _nanoUsd;
            if ((uint)arm >= (uint)costs.Length) costs = Grown(ref _nanoUsd!, arm);
            costs[arm] += nanoUsd;
        }

        public void AddTo(Sheet sum)
        {
            for (int strategy = 0; strategy < Strategies; strategy++) Add(Volatile.Read(ref _decisions[strategy]), ref sum._decisions[strategy]);
            Add(Volatile.Read(ref _outcomes), ref sum._outcomes!);
            Add(Volatile.Read(ref _nanoUsd), ref sum._nanoUsd!);
            sum._undecided += Undecided;
            sum._lowestPropensity = Math.Min(sum._lowestPropensity, LowestPropensity);
        }

        private static void Add(long[]? counts, ref long[]? sum)
        {
            if (counts is null || counts.Length == 0) return;
            if (sum is null || sum.Length < counts.Length) Array.Resize(ref sum, counts.Length);
            for (int i = 0; i < counts.Length; i++) sum[i] += Volatile.Read(ref counts[i]);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static long[] Grown(ref long[]? counts, int place)
        {
            var grown = new long[Math.Max(2 * place, 16)];
            counts?.CopyTo(grown, 0);
            Volatile.Write(ref counts, grown);
            return grown;
        }
    }
}
