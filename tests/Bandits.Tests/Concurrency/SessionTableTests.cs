using Bandits.Concurrency;
using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Concurrency;

public sealed class SessionTableTests
{
    [Fact]
    public void A_session_belongs_to_its_segment()
    {
        var table = new SessionTable(64);
        table.Put(7, 1, new SessionArm(3, 0.25, DecisionTraits.Explored));
        Assert.True(table.TryGet(7, 1, out SessionArm kept));
        Assert.Equal(new SessionArm(3, 0.25, DecisionTraits.Explored), kept);
        Assert.False(table.TryGet(7, 2, out _));
        Assert.False(table.TryGet(8, 1, out _));
        table.Put(7, 1, new SessionArm(1, double.NaN, DecisionTraits.None));
        Assert.True(table.TryPeek(7, 1, out kept));
        Assert.Equal((1, true), (kept.Arm, double.IsNaN(kept.Propensity)));
    }

    [Fact]
    public void Of_five_that_share_four_slots_the_one_not_used_for_longest_goes()
    {
        var table = new SessionTable(4);
        for (ulong session = 1; session <= 4; session++) table.Put(session, 0, new SessionArm((int)session, 0.5, DecisionTraits.None));
        Assert.True(table.TryGet(1, 0, out _)); // now 2 is the oldest
        Assert.True(table.TryPeek(2, 0, out _)); // which peeking does not change
        table.Put(5, 0, new SessionArm(5, 0.5, DecisionTraits.None));
        Assert.Equal([true, false, true, true, true], Enumerable.Range(1, 5)
            .Select(session => table.TryPeek((ulong)session, 0, out SessionArm kept) && kept.Arm == session));
    }

    [Fact]
    public void A_sixteenth_full_it_loses_hardly_any_session()
    {
        var table = new SessionTable(65_536);
        for (ulong session = 1; session <= 4_096; session++) table.Put(session, 99, new SessionArm((int)(session % 7), 0.5, DecisionTraits.None));
        Assert.True(Enumerable.Range(1, 4_096).Count(session => !table.TryPeek((ulong)session, 99, out _)) <= 2); // 0.03 are expected
    }

    [Fact]
    public void What_is_captured_is_restored_in_its_order_of_use()
    {
        SessionTable table = new(256), restored = new(256), smaller = new(64);
        RandomStream random = Given.Random(5);
        for (int i = 0; i < 1_000; i++)
            table.Put((ulong)(1 + random.NextBelow(300)), (ulong)random.NextBelow(2), new SessionArm(random.NextBelow(4), 0.5, DecisionTraits.None));
        long[] words = table.Capture();
        Assert.Equal(0, restored.Restore(words, 4));
        Assert.Equal(words, restored.Capture());
        Assert.Equal(0, smaller.Restore(words, 4));
        Assert.InRange(smaller.Capture().Length, 1, 64 * SessionTable.WordsPerSlot);
    }

    [Fact]
    public void Impossible_slots_are_left_out_and_counted()
    {
        var table = new SessionTable(64);
        table.Put(1, 0, new SessionArm(3, 0.5, DecisionTraits.None));
        table.Put(2, 0, new SessionArm(2, 0.5, DecisionTraits.None));
        table.Put(3, 0, new SessionArm(0, 0.5, DecisionTraits.None));
        table.Put(4, 0, new SessionArm(0, 0.5, DecisionTraits.AfterFailure));
        long[] words = table.Capture();
        for (int i = 0; i < words.Length; i += SessionTable.WordsPerSlot)
            if (words[i] == 3) words[i + 2] = BitConverter.DoubleToInt64Bits(1.5);
        var restored = new SessionTable(64);
        Assert.Equal(3, restored.Restore(words, 3)); // there is no arm 3, no probability of 1.5, and no session begins after a failure
        Assert.True(restored.TryGet(2, 0, out _));
        Assert.Equal(WordsOf(1), restored.Capture().Length);
    }

    [Fact]
    public void Threads_see_whole_slots()
    {
        var table = new SessionTable(4);
        Parallel.For(0, 4, thread =>
        {
            RandomStream random = Given.Random((ulong)thread);
            for (int i = 0; i < 50_000; i++)
            {
                ulong session = (ulong)(1 + random.NextBelow(6));
                int value = 1 + random.NextBelow(1_000);
                if (random.NextBelow(2) == 0) table.Put(session, session * 3, new SessionArm(value, 1.0 / value, DecisionTraits.None));
                else if (random.NextBelow(2) == 0 ? table.TryGet(session, session * 3, out SessionArm kept) : table.TryPeek(session, session * 3, out kept))
                    Assert.Equal(1.0 / kept.Arm, kept.Propensity);
            }
        });
    }

    private static int WordsOf(int slots) => slots * SessionTable.WordsPerSlot;
}
