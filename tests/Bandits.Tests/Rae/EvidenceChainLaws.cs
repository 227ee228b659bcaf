using Bandits.Rae;
using Bandits.Rae.Formats;
using Bandits.Rae.Import;
using Bandits.Tests.Support;

namespace Bandits.Tests.Rae;

/// <summary>Memories come in any order, twice, late or not at all: what is held of a store is what it held after some window, and in the end what it holds.</summary>
public sealed class EvidenceChainLaws
{
    private const string Store = "0123456789abcdef";
    private static readonly RaeOptions Options = new();

    [Law]
    public void Whatever_arrives_the_state_is_that_of_a_complete_prefix_and_in_the_end_all(int seed)
    {
        (List<EvidencePart> parts, List<string> states) = Exported(seed);
        var random = new Random(seed);
        EvidencePart[] order = [.. parts, .. parts.Where(_ => random.Next(3) == 0)];
        random.Shuffle(order);
        var all = new EvidenceChains([], Options);
        long reached = -1;
        foreach (EvidencePart part in order)
        {
            Assert.Null(all.Add(part));
            if (all.Heads() is not [var head]) continue;
            Assert.Equal(states[(int)head.Sequence], Text(head));
            Assert.True(head.Sequence >= reached); // nothing is ever forgotten
            reached = head.Sequence;
        }

        Assert.Equal(states.Count - 1, reached);
        Assert.False(all.IsWaiting);
        Assert.Empty(all.Faults);
    }

    /// <summary>As a pull does it: while something waits everything is listed again, else only what is new and a little before it.</summary>
    [Law]
    public void What_was_known_before_goes_on_without_the_windows_that_led_to_it(int seed)
    {
        (List<EvidencePart> parts, List<string> states) = Exported(seed);
        var random = new Random(seed);
        List<EvidenceState> known = [];
        bool isWaiting = false;
        for (int from = 0; from < parts.Count;)
        {
            int to = Math.Min(parts.Count, from + random.Next(1, 5));
            var chains = new EvidenceChains(known, Options);
            foreach (EvidencePart part in isWaiting ? parts[..to] : parts[Math.Max(0, from - 2)..to]) chains.Add(part);
            (known, isWaiting, from) = (chains.Heads(), chains.IsWaiting, to);
            foreach (EvidenceState head in known) Assert.Equal(states[(int)head.Sequence], Text(head));
        }

        Assert.False(isWaiting);
        Assert.Equal(states[^1], Text(Assert.Single(known)));
    }

    [Law]
    public void A_part_that_is_missing_holds_up_its_window_and_all_after_it(int seed)
    {
        (List<EvidencePart> parts, List<string> states) = Exported(seed);
        EvidencePart missing = parts[(seed & int.MaxValue) % parts.Count];
        var chains = new EvidenceChains([], Options);
        foreach (EvidencePart part in parts) if (part != missing) chains.Add(part);
        List<EvidenceState> heads = chains.Heads();
        foreach (EvidenceState head in heads)
        {
            Assert.False(head.Chain == missing.Chain && head.Window >= missing.Window);
            Assert.Equal(states[(int)head.Sequence], Text(head));
        }

        long reached = heads is [var only] ? only.Sequence : -1;
        Assert.Equal(parts.Any(part => part != missing && part.Sequence > reached), chains.IsWaiting);
    }

    [Fact]
    public void Two_windows_of_one_number_are_both_refused_and_named()
    {
        (List<EvidencePart> parts, _) = Exported(1);
        var chains = new EvidenceChains([], Options);
        EvidencePart first = parts[0];
        chains.Add(first);
        chains.Add(first with { Cells = [Cell("other", 3)] });
        Assert.Empty(chains.Heads());
        Assert.Contains("copy", Assert.Single(chains.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_hold_whoever_writes()
    {
        var few = new RaeOptions { MaxInstances = 2, MaxForeignCells = 5 };
        var chains = new EvidenceChains([], few);
        for (int store = 0; store < 3; store++)
        {
            EvidencePart part = Part(1, 1, 0, 1, 1, [Cell("a", 1)]) with { Store = new string((char)('a' + store), 16) };
            Assert.Equal(store == 2, chains.Add(part) is not null);
        }

        List<EvidenceState> known = chains.Heads();
        Assert.Equal(2, known.Count);
        Assert.NotNull(new EvidenceChains(known, few).Add(Part(1, 1, 0, 1, 1, [Cell("a", 1)]) with { Store = new string('d', 16) })); // nor do they grow from pull to pull
        Assert.Null(chains.Add(Part(9, 1, 0, 1, 1, [.. Enumerable.Range(0, 6).Select(i => Cell("c" + i, 1))]) with { Store = new string('a', 16) }));
        Assert.Contains("MaxForeignCells", chains.Add(Part(10, 1, 0, 1, 1, [.. Enumerable.Range(0, 40).Select(i => Cell("c" + i, 1))]) with { Store = new string('a', 16) }), StringComparison.Ordinal);
        Assert.DoesNotContain(chains.Heads(), head => head.Cells.Count > 5);
    }

    [Fact]
    public void Chains_that_were_overtaken_take_no_room()
    {
        var chains = new EvidenceChains([], new RaeOptions { MaxForeignCells = 5 });
        for (int chain = 100; chain > 0; chain--) Assert.Null(chains.Add(Part((ulong)chain, 1, 0, 1, chain, [.. Enumerable.Range(0, 5).Select(i => Cell("c" + i, 1))]))); // newest first, as they are listed
        Assert.Equal(100, Assert.Single(chains.Heads()).Sequence);
        Assert.False(chains.IsWaiting);
    }

    [Fact]
    public void A_store_that_is_silent_makes_room_for_a_new_one_and_one_that_is_not_does_not()
    {
        var few = new RaeOptions { MaxInstances = 2 };
        DateTimeOffset now = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);
        var first = new EvidenceChains([], few);
        first.Add(Of('a'), now.AddDays(-3));
        first.Add(Of('b'), now);
        List<EvidenceState> known = first.Heads();
        Dictionary<string, long> seen = known.ToDictionary(head => head.Store, first.NewestOf);
        var next = new EvidenceChains(known, few, seen);
        Assert.Null(next.Add(Of('d'), now.AddHours(2)));
        Assert.Null(next.Add(Of('c'), now.AddHours(1)));
        Assert.Equal("bd", string.Concat(next.Heads().Select(head => head.Store[0])));
        Assert.Contains(new string('c', 16), Assert.Single(next.Faults), StringComparison.Ordinal);
        Assert.Equal("cd", string.Concat(next.Heads(isAll: true).Select(head => head.Store[0]))); // of the others there is nothing any more

        static EvidencePart Of(char store) => Part(1, 1, 0, 1, 1, [Cell("a", 1)]) with { Store = new string(store, 16) };
    }

    /// <summary>What an exporter would send: one to three chains of windows with one to three parts; and the state after each version.</summary>
    private static (List<EvidencePart> Parts, List<string> States) Exported(int seed)
    {
        var random = new Random(seed);
        var parts = new List<EvidencePart>();
        var states = new List<string> { "" };
        var held = new SortedDictionary<string, JoinedEvidence>(StringComparer.Ordinal);
        for (int chain = random.Next(1, 4); chain > 0; chain--)
        {
            int windows = random.Next(1, 6);
            for (int window = 1; window <= windows; window++)
            {
                var changed = new List<JoinedEvidence>();
                foreach (int cell in Enumerable.Range(0, 6).Where(_ => random.Next(2) == 0)) changed.Add(Cell("cell" + cell, random.Next(4)));
                foreach (JoinedEvidence cell in changed)
                {
                    if (cell.Evidence == default) held.Remove(CellName.Of(cell));
                    else held[CellName.Of(cell)] = cell;
                }

                if (window == 1) changed = [.. held.Values];
                int count = random.Next(1, 4);
                for (int part = 0; part < count; part++) parts.Add(Part((ulong)chain, window, part, count, states.Count, [.. changed.Where((_, i) => i % count == part)]));
                states.Add(Text(held.Values));
            }
        }

        return (parts, states);
    }

    private static EvidencePart Part(ulong chain, long window, int part, int parts, long sequence, JoinedEvidence[] cells) => new()
    {
        Store = Store,
        Chain = chain,
        Window = window,
        Part = part,
        Parts = parts,
        Sequence = sequence,
        Dimensions = ["d"],
        Cells = cells,
    };

    private static JoinedEvidence Cell(string value, int outcomes)
    {
        var evidence = new Evidence();
        for (int i = 0; i < outcomes; i++) evidence.Add(new Outcome { Kind = OutcomeKind.Success, CostUsd = i });
        return new JoinedEvidence(new[] { value }, "arm", evidence);
    }

    private static string Text(EvidenceState state) => Text(state.Cells);

    private static string Text(IEnumerable<JoinedEvidence> cells) => string.Join('\n', cells.Select(cell => $"{CellName.Of(cell)} {EvidenceWords.Write(cell.Evidence)}"));
}
