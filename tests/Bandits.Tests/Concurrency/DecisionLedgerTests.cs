using System.Runtime.CompilerServices;
using Bandits.Concurrency;
using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Concurrency;

public sealed class DecisionLedgerTests
{
    [Fact]
    public void A_slot_is_sixty_four_bytes() => Assert.Equal(64, Unsafe.SizeOf<DecisionLedger.Slot>());

    [Law]
    public void A_slot_remembers_exactly_what_was_counted(Outcome outcome)
    {
        Contribution contribution = Contribution.Of(outcome, 3, 15);
        DecisionLedger.Slot slot = default;
        slot.Put(contribution, 5);
        Evidence evidence = default;
        evidence.Apply(contribution, 1);
        evidence.Apply(slot.Counted(), -1);
        Assert.True(evidence == default);
    }

    [Fact]
    public void A_later_decision_evicts_the_one_a_ring_before()
    {
        var ledger = new DecisionLedger(16);
        long latest = 0;
        for (ulong i = 1; i <= 17; i++)
        {
            latest = (long)i;
            ledger.Open(new DecisionId(1, i), DecisionLedger.TagOf(1), ref latest, 3, 2, 0.5f);
        }

        Assert.Equal(DecisionLedger.Standing.Evicted, ledger.TryEnter(new DecisionId(1, 1), ref latest, 3, 2));
        Assert.Equal(DecisionLedger.Standing.Open, ledger.TryEnter(new DecisionId(1, 2), ref latest, 3, 2));
        Assert.Equal(DecisionLedger.Standing.Unknown, ledger.TryEnter(new DecisionId(1, 18), ref latest, 3, 2));
        Assert.Equal(DecisionLedger.Standing.Unknown, ledger.TryEnter(new DecisionId(2, 17), ref latest, 3, 2));
        Assert.Equal(DecisionLedger.Standing.Unknown, ledger.TryEnter(new DecisionId(1, 17), ref latest, 4, 2));
        Assert.Equal(DecisionLedger.Standing.Unknown, ledger.TryEnter(new DecisionId(1, 17), ref latest, 3, 1));
    }
}
