using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Storage;

namespace Bandits.Benchmarks.Operations;

/// <summary>The public call with ledger and journal, for decisions of random age over a million slots. What the journal's own thread does is done in between.</summary>
internal sealed class RecordJournaled : IOperation
{
    /// <summary>Decisions open at once: the ledger is full.</summary>
    public const int Open = 1 << 20;

    /// <summary>Outcomes in one run; their entries fit into the queue.</summary>
    public const int Batch = 4096;

    private readonly RouterStore _store;
    private readonly Traffic _traffic;
    private readonly int[] _order;
    private readonly Decision[] _decisions = new Decision[Open];
    private int _next;

    public RecordJournaled(int[] order, int seed)
    {
        _order = order;
        RouterStore? store = null;
        _traffic = new Traffic(Strategy.Learning, seed, open: options =>
        {
            options.LedgerCapacity = Open;
            var how = new RouterStoreOptions { SegmentBytes = 1 << 30, Durability = Durability.None, SnapshotBytes = 0 };
            store = RouterStore.Open("/none", options, how, TimeProvider.System, new NoFiles());
            return store.Router;
        });
        _store = store!;
        _next = Open;
    }

    public int Count => Batch;

    public void Prepare()
    {
        if (_next == Open)
        {
            _next = 0;
            for (int i = 0; i < Open; i++)
            {
                // A receipt comes from its caller: in the order of recording, whatever its age.
                _traffic.Router.TryDecide(new Request(_traffic.Order[i & (Traffic.Draws - 1)]), out _decisions[_order[i]]);
                if (i % 8192 == 0) _store.Flush();
            }
        }

        _store.Flush();
    }

    public long Run()
    {
        BanditRouter router = _traffic.Router;
        long sum = 0;
        for (int i = 0; i < Batch; i++)
        {
            ref readonly Decision decision = ref _decisions[_next++];
            sum += (long)router.Record(decision, _traffic.OutcomeOf(decision.Arm, _next));
        }

        return sum;
    }
}
