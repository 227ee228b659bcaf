using Bandits.Storage;

namespace Bandits.Tests.Storage;

/// <summary>Stores that learn from each other: each origin counts once, however often and by whatever way it comes.</summary>
public sealed class StoreJoinTests : IDisposable
{
    private static readonly RouterStoreOptions Small = new() { QueueBytes = 1 << 16, SegmentBytes = 1 << 20, Durability = Durability.None };
    private readonly string _folder = Directory.CreateTempSubdirectory("bandits-join-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Another_store_is_joined_under_its_name_and_joining_again_changes_nothing()
    {
        string name = Learn("b", 30, "x", "y");
        using RouterStore store = Open("a", "y", "x"); // other numbers of the arms
        JoinReport report = store.Join(PathOf("b"), 0.5);
        Assert.Equal((Joined.Applied, name), (report.Joined, report.Name));
        Assert.Equal((name, 0.5), (Assert.Single(store.Router.Origins).Name, store.Router.Origins[0].Weight));
        Assert.True(report.Recovery.IsClean);
        Assert.Equal(OwnOf("b", "x", "y"), JoinedOf(store.Router, name));

        RouterState before = store.Router.CaptureState();
        Assert.Equal(Joined.AlreadyKnown, store.Join(PathOf("b")).Joined);
        States.AssertSame(before, store.Router.CaptureState());
    }

    [Fact]
    public void What_the_other_store_learnt_since_replaces_what_was_joined()
    {
        string name = Learn("b", 10, "x", "y");
        using RouterStore store = Open("a", "x", "y");
        store.Join(PathOf("b"));
        long first = store.Router.Origins[0].Sequence;
        Learn("b", 25, "x", "y");
        Assert.Equal(Joined.Applied, store.Join(PathOf("b")).Joined);
        Assert.True(store.Router.Origins[0].Sequence > first);
        Assert.Equal(OwnOf("b", "x", "y"), JoinedOf(store.Router, name));
    }

    /// <summary>A key that leaked is replaced; the store is the same.</summary>
    [Fact]
    public void Another_token_key_makes_no_other_store()
    {
        string a = Learn("a", 20, "x", "y"), b = Learn("b", 30, "x", "y");
        using (RouterStore store = Open("a", "x", "y")) store.Join(PathOf("b"));
        File.Delete(Path.Combine(PathOf("a"), TokenKey.FileName));
        File.Delete(Path.Combine(PathOf("b"), TokenKey.FileName));
        Assert.Equal(b, Learn("b", 5, "x", "y"));
        using (RouterStore store = Open("a", "x", "y"))
        {
            Assert.Equal(a, store.Name);
            Assert.Equal(b, store.Join(PathOf("b")).Name);
            Assert.Equal(OwnOf("b", "x", "y"), JoinedOf(store.Router, b));
        }

        using RouterStore back = Open("b", "x", "y");
        Assert.Equal(a, Assert.Single(back.Join(PathOf("a")).Origins).Name); // and nothing of its own comes back
    }

    [Fact]
    public void What_came_from_here_does_not_come_back()
    {
        string a = Learn("a", 20, "x", "y"), b = Learn("b", 30, "x", "y");
        using (RouterStore store = Open("a", "x", "y")) store.Join(PathOf("b"));
        using (RouterStore store = Open("b", "x", "y"))
        {
            Assert.Equal(a, Assert.Single(store.Join(PathOf("a")).Origins).Name);
            Assert.Equal(OwnOf("a", "x", "y"), JoinedOf(store.Router, a));
        }

        using RouterStore again = Open("a", "x", "y");
        Assert.Equal(b, Assert.Single(again.Join(PathOf("b")).Origins).Name);
        Assert.Equal(b, Assert.Single(again.Router.Origins).Name);
    }

    [Fact]
    public void Origins_travel_through_a_store_between_and_count_once()
    {
        string b = Learn("b", 20, "x", "y"), c = Learn("c", 30, "x", "y");
        using (RouterStore between = Open("b", "x", "y"))
        {
            between.Join(PathOf("c"), 0.5);
            between.Router.Join("history", 7, 0.5, [new JoinedEvidence(new[] { "r0", "area1" }, "x", Cell(3))]);
        }

        using RouterStore store = Open("a", "x", "y");
        store.Join(PathOf("b"), 0.5);
        Assert.Equal([(b, 0.5), (c, 0.25), ($"{b}/history", 0.25)], store.Router.Origins.Select(o => (o.Name, o.Weight)));
        SortedDictionary<string, Evidence> before = JoinedOf(store.Router, c);
        Assert.Equal(OwnOf("c", "x", "y"), before);
        store.Join(PathOf("c"));
        Assert.Equal(before, JoinedOf(store.Router, c));
        Assert.Equal(Cell(3), Assert.Single(JoinedOf(store.Router, $"{b}/history")).Value);
    }

    [Fact]
    public void The_sum_over_origins_is_exact_whatever_the_order()
    {
        foreach (string name in (string[])["b", "c", "d"]) Learn(name, 40 + name[0], "x", "y");
        var sums = new List<SortedDictionary<string, Evidence>>();
        foreach (string[] order in (string[][])[["b", "c", "d"], ["d", "b", "c", "d"], ["c", "d", "d", "b"]])
        {
            using RouterStore store = Open("into-" + string.Concat(order), "x", "y");
            foreach (string name in order) store.Join(PathOf(name));
            var sum = new SortedDictionary<string, Evidence>(StringComparer.Ordinal);
            foreach (OriginState origin in store.Router.Origins) Add(sum, JoinedOf(store.Router, origin.Name));
            sums.Add(sum);
        }

        var expected = new SortedDictionary<string, Evidence>(StringComparer.Ordinal);
        foreach (string name in (string[])["b", "c", "d"]) Add(expected, OwnOf(name, "x", "y"));
        Assert.All(sums, sum => Assert.Equal(expected, sum));
    }

    [Fact]
    public void Arms_that_only_the_other_store_has_are_left_out_and_counted()
    {
        Learn("b", 40, "x", "y", "z");
        using RouterStore store = Open("a", "x");
        JoinReport report = store.Join(PathOf("b"));
        Assert.Equal(["y", "z"], report.LeftOut.Select(arm => arm.ArmId));
        SortedDictionary<string, Evidence> theirs = OwnOf("b", "x", "y", "z");
        foreach (ArmLeftOut arm in report.LeftOut)
        {
            Evidence[] cells = [.. theirs.Where(cell => cell.Key.EndsWith("/" + arm.ArmId, StringComparison.Ordinal)).Select(cell => cell.Value)];
            Assert.Equal((cells.Length, cells.Sum(cell => cell.Total)), (arm.Cells, arm.Outcomes));
        }

        Assert.All(JoinedOf(store.Router, report.Name), cell => Assert.EndsWith("/x", cell.Key, StringComparison.Ordinal));
    }

    [Fact]
    public void A_copy_that_knows_nothing_of_its_own_changes_nothing_and_one_that_does_is_refused()
    {
        Learn("a", 20, "x", "y");
        Copy("a", "copy");
        Learn("a", 10, "x", "y");
        using RouterStore store = Open("a", "x", "y");
        RouterState before = store.Router.CaptureState();
        Assert.Empty(store.Join(PathOf("copy")).Origins);
        Assert.Empty(store.Join(PathOf("a")).Origins);
        States.AssertSame(before, store.Router.CaptureState());

        Learn("copy", 5, "x", "y");
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => store.Join(PathOf("copy")));
        Assert.Contains("gone its own way", e.Message, StringComparison.Ordinal);
        States.AssertSame(before, store.Router.CaptureState());
    }

    [Fact]
    public void What_was_joined_is_there_after_the_next_opening()
    {
        string name = Learn("b", 300, "x", "y");
        SortedDictionary<string, Evidence> joined;
        using (RouterStore store = Open("a", "x", "y"))
        {
            store.Join(PathOf("b"));
            joined = JoinedOf(store.Router, name);
        }

        using RouterStore again = Open("a", "x", "y");
        Assert.True(again.Recovery.IsClean);
        Assert.Equal(joined, JoinedOf(again.Router, name));
        Assert.Equal(Joined.AlreadyKnown, again.Join(PathOf("b")).Joined);
    }

    [Fact]
    public void Closed_epochs_and_conditional_cells_are_not_joined()
    {
        string name = Learn("b", 20, "x");
        using (RouterStore other = Open("b", "x"))
        {
            other.Router.Restart(other.Router.SegmentOf("r0", "area0"), "x");
            Assert.True(other.Router.TryDecide(new Request(other.Router.SegmentOf("r1", "area1")) { IsAfterFailure = true, Attempt = 1 }, out Decision decision));
            other.Router.Record(decision, new Outcome { Kind = OutcomeKind.Failed, CostUsd = 9, Attempt = 1 });
        }

        using RouterStore store = Open("a", "x");
        store.Join(PathOf("b"));
        SortedDictionary<string, Evidence> joined = JoinedOf(store.Router, name);
        Assert.DoesNotContain("r0/area0/x", joined.Keys);
        Assert.DoesNotContain(joined.Values, cell => cell.CostSumUsd > 8);
    }

    [Fact]
    public void A_large_contribution_fits_a_small_queue()
    {
        using (RouterStore other = Open("b", "x"))
        {
            for (int i = 0; i < 1200; i++)
            {
                Assert.True(other.Router.TryDecide(new Request(other.Router.SegmentOf("role" + i % 40, "area" + i / 40)), out Decision decision));
                other.Router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
            }
        }

        using (RouterStore store = Open("a", "x")) Assert.Equal(1200, Assert.Single(store.Join(PathOf("b")).Origins).Cells);
        using RouterStore again = Open("a", "x");
        Assert.True(again.Recovery.IsClean);
        Assert.Equal(1200, JoinedOf(again.Router, again.Router.Origins[0].Name).Count);
    }

    [Fact]
    public void What_is_no_store_or_of_another_shape_is_refused()
    {
        using RouterStore store = Open("a", "x");
        Assert.Throws<DirectoryNotFoundException>(() => store.Join(PathOf("nowhere")));
        Directory.CreateDirectory(PathOf("empty"));
        Assert.Contains("token.key", Assert.Throws<FileNotFoundException>(() => store.Join(PathOf("empty"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Join(PathOf("a"), double.NaN));
        RouterStore.Open(PathOf("flat"), new RouterOptions { Dimensions = ["kind"] }, Small).Dispose();
        Assert.Contains("dimensions", Assert.Throws<ArgumentException>(() => store.Join(PathOf("flat"))).Message, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static RouterOptions Options(string[] arms)
    {
        var options = new RouterOptions { Dimensions = ["role", "area"], LedgerCapacity = 1024 };
        foreach (string arm in arms) options.Arms.Add(new Arm { Id = arm });
        return options;
    }

    private RouterStore Open(string name, params string[] arms) => RouterStore.Open(PathOf(name), Options(arms), Small);

    /// <summary>Decisions and outcomes in a store; returns its name.</summary>
    private string Learn(string name, int rounds, params string[] arms)
    {
        using RouterStore store = Open(name, arms);
        for (int i = 0; i < rounds; i++)
        {
            int[] others = [.. Enumerable.Range(0, arms.Length).Where(arm => arm != i / 2 % arms.Length)]; // every arm has its turn
            Assert.True(store.Router.TryDecide(new Request(store.Router.SegmentOf("r" + i % 2, "area" + i % 3)) { ExcludedArms = others }, out Decision decision));
            store.Router.Record(decision, new Outcome { Kind = i % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success, CostUsd = 0.001 * i, Latency = TimeSpan.FromMilliseconds(i) });
        }

        return store.Name;
    }

    private void Copy(string from, string to)
    {
        Directory.CreateDirectory(PathOf(to));
        foreach (string file in Directory.GetFiles(PathOf(from))) File.Copy(file, Path.Combine(PathOf(to), Path.GetFileName(file)));
    }

    private static Evidence Cell(int outcomes)
    {
        var cell = new Evidence();
        for (int i = 0; i < outcomes; i++) cell.Add(new Outcome { Kind = OutcomeKind.Success });
        return cell;
    }

    private static void Add(SortedDictionary<string, Evidence> sum, SortedDictionary<string, Evidence> cells)
    {
        foreach ((string key, Evidence cell) in cells)
        {
            sum.TryGetValue(key, out Evidence total);
            total.Add(cell);
            sum[key] = total;
        }
    }

    /// <summary>A store's own evidence by the names of segment and arm.</summary>
    private SortedDictionary<string, Evidence> OwnOf(string name, params string[] arms) =>
        Named(RouterStore.Read(PathOf(name), Options(arms), out _), segment => segment.IsConditional ? [] : segment.Own);

    /// <summary>What a router holds of an origin, by the names of segment and arm.</summary>
    private static SortedDictionary<string, Evidence> JoinedOf(BanditRouter router, string origin)
    {
        int number = router.Origins.Select(o => o.Name).ToList().IndexOf(origin);
        Assert.True(number >= 0, $"There is no origin {origin}.");
        return Named(router, segment => number < segment.Joined.Length ? segment.Joined[number] : []);
    }

    private static SortedDictionary<string, Evidence> Named(BanditRouter router, Func<SegmentState, long[]> wordsOf)
    {
        var cells = new SortedDictionary<string, Evidence>(StringComparer.Ordinal);
        foreach (SegmentState segment in router.CaptureState().Segments)
        {
            long[] words = wordsOf(segment);
            for (int arm = 0; arm < words.Length / Evidence.WordCount; arm++)
            {
                Evidence cell = Evidence.FromWords(words.AsSpan(arm * Evidence.WordCount));
                if (cell != default) cells.Add($"{string.Join('/', router.ValuesOf(new SegmentKey(segment.Key)))}/{router.ArmAt(arm).Id}", cell);
            }
        }

        return cells;
    }
}
