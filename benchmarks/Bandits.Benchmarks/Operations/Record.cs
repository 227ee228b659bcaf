using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>The public call as a whole: validation, identity in the ledger, revision, evidence, exploration share and roll-up to the parents.</summary>
internal sealed class Record(Traffic traffic) : IOperation
{
    /// <summary>Decisions in flight.</summary>
    public const int Batch = 4096;
    private readonly Decision[] _decisions = new Decision[Batch];
    private int _next;

    public int Count => Batch;

    public void Prepare()
    {
        for (int i = 0; i < Batch; i++)
        {
            SegmentKey segment = traffic.Order[_next++ & (Traffic.Draws - 1)];
            traffic.Router.TryDecide(new Request(segment), out _decisions[i]);
        }
    }

    public long Run()
    {
        BanditRouter router = traffic.Router;
        long sum = 0;
        for (int i = 0; i < _decisions.Length; i++) sum += (long)router.Record(_decisions[i], traffic.OutcomeOf(_decisions[i].Arm, i));
        return sum;
    }
}
