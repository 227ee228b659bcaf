using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Contextual;
using Bandits.Journaling;
using Bandits.Reliability.Disk;
using Bandits.Statistics;
using Bandits.Storage;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;
using Bandits.Tests.Support;

namespace Bandits.Tests.Reliability;

/// <summary>What is learnt comes back though options changed, files were archived meanwhile, the disk refused at the end, or a snapshot was copied in the middle of things.</summary>
public sealed class RecoveryEdgeTests : IDisposable
{
    private static readonly Outcome Success = new() { Kind = OutcomeKind.Success };
    private readonly FaultyDisk _disk = new();
    private RouterStore? _store;

    public void Dispose()
    {
        _disk.Crash(null);
        _store?.Dispose();
    }

    private BanditRouter Open(Action<RouterOptions>? configure = null, Durability durability = Durability.EachCommit)
    {
        var how = new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 1 << 20, Durability = durability, RetryPause = TimeSpan.FromMilliseconds(1) };
        _store = RouterStore.Open("/store", Given.Options(configure), how, TimeProvider.System, _disk.Mount());
        return _store.Router;
    }

    [Fact]
    public void Other_rules_cost_no_evidence()
    {
        BanditRouter router = Open(o => o.BaselineRules = []);
        router.Feed(router.SegmentOf("planner", "api"), 1, Success, 50);
        _store!.Dispose();
        BanditRouter again = Open(o => o.BaselineRules = [new BaselineRule("role=coder", tier: ArmTier.Fast), new BaselineRule("role=planner", tier: ArmTier.Fast)]);
        Assert.True(_store.Recovery.IsClean, string.Join("\n", _store.Recovery.Faults));
        Assert.Equal(50, again.EvidenceOf(again.SegmentOf("planner", "api"), 1).Total);
        Assert.Equal(0, again.EvidenceOf(again.SegmentOf("coder", "api"), 1).Total);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lower_bound_of_segments_costs_no_evidence(bool hasSnapshot)
    {
        BanditRouter router = Open();
        for (int i = 0; i < 100; i++) router.Feed(router.SegmentOf("role-" + i), 1, Success);
        if (hasSnapshot) _store!.SaveSnapshot();
        _store!.Dispose();
        BanditRouter again = Open(o => o.MaxSegments = 10);
        Assert.True(_store.Recovery.IsClean, string.Join("\n", _store.Recovery.Faults));
        for (int i = 0; i < 100; i++) Assert.Equal(1, again.EvidenceOf(again.SegmentOf("role-" + i), 1).Total);
        Assert.Equal(["(other)", "(other)", "(other)", "(other)"], again.ValuesOf(again.Force(again.SegmentOf("role-new"), 1).Segment));
    }

    [Fact]
    public void Values_that_no_file_can_hold_share_the_segment_of_all_others()
    {
        BanditRouter router = Open();
        SegmentKey[] strange = [router.SegmentOf(new string('x', 70_000)), router.SegmentOf("half \ud83d"), router.SegmentOf(new string('y', 513))];
        Assert.All(strange, segment => Assert.Equal("(other)", router.ValuesOf(segment)[0]));
        Assert.Equal("whole \ud83d\ude00", router.ValuesOf(router.SegmentOf("whole \ud83d\ude00"))[0]);
        router.Feed(strange[0], 1, Success);
        _store!.SaveSnapshot();
        _store.Dispose();
        BanditRouter again = Open();
        Assert.True(_store.Recovery.IsClean, string.Join("\n", _store.Recovery.Faults));
        Assert.Equal(SnapshotUsed.Newest, _store.Recovery.Snapshot);
        Assert.Equal(1, again.EvidenceOf(strange[0], 1).Total);
    }

    /// <summary>Several arms are asked for one request, which the spend controller sees once: when it is decided, and when the journal is read again.</summary>
    [Fact]
    public void A_choice_of_several_arms_is_one_request_to_the_budget_that_comes_back()
    {
        BanditRouter router = Open(Budgeted, Durability.None);
        var random = Given.Random(3);
        Span<Decision> decisions = stackalloc Decision[2];
        for (int i = 0; i < 300; i++)
        {
            SegmentKey segment = router.SegmentOf("area-" + i % 3);
            int count = i % 4 == 0 ? router.DecideTop(new Request(segment), decisions) : router.TryDecide(new Request(segment), out decisions[0]) ? 1 : 0;
            foreach (Decision decision in decisions[..count])
                router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = random.NextUnit() * 0.5 + 0.1 * decision.Arm, CostUsd = 0.001 * Math.Pow(4, decision.Arm) });
        }

        Assert.True(router.Spending.HighPrice > 0);
        _store!.Flush();
        using RouterStore recovered = RouterStore.Open(
            "/store", Given.Options(Budgeted), new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 1 << 20 }, TimeProvider.System, _disk.Copy().Mount());
        Assert.True(recovered.Recovery.IsClean, string.Join("\n", recovered.Recovery.Faults));
        Storage.States.AssertSame(router.CaptureState(), recovered.Router.CaptureState());

        static void Budgeted(RouterOptions options) => (options.Dimensions, options.Strategy, options.Budget) = (["area"], Strategy.Budgeted, new Budget { UsdPerDecision = 0.006 });
    }

    /// <summary>The slot of a decision is opened before its entry is written, so it may expire, or another thread be told under the same id, in between: the entry then comes after outcomes that do not know what it was to cost.</summary>
    [Theory]
    [InlineData("ED DE")]
    [InlineData("OD DO")]
    [InlineData("DEO EDO EOD")]
    public void A_decision_that_stands_after_its_outcomes_costs_and_teaches_the_same(string orders)
    {
        RouterOptions options = Given.Options(
            o =>
            {
                (o.Dimensions, o.Strategy, o.Budget) = (["area"], Strategy.Budgeted, new Budget { UsdPerDecision = 0.02 });
                (o.FeatureCount, o.Model) = (1, new LinearModel(1));
                o.SpendCaps = [new SpendCap { Name = "all", Usd = 100 }];
            });
        Outcome expired = new() { Kind = OutcomeKind.Expired }, paid = new() { Kind = OutcomeKind.Success, CostUsd = 0.01 };
        var results = orders.Split(' ').Select(Replayed).ToList();
        Assert.All(results, result => Assert.Equal(results[0], result));

        string Replayed(string order)
        {
            var faults = new List<string>();
            BanditRouter replayed = BanditRouter.Replaying(options, null, faults);
            SegmentKey segment = replayed.SegmentOf("api");
            replayed.ReplaySegment(segment.Packed, ["api"]);
            var decision = new Decision { Id = new DecisionId(7, 1), Segment = segment, Arm = 1, TimeTicks = Given.Ticks, PredictedCostUsd = 0.03, PredictedQuality = 0.5f };
            for (int arm = 0; arm < options.Arms.Count; arm++) Assert.True(replayed.ReplayArm(arm, options.Arms[arm], ArmStatus.Enabled, -1));
            Contribution known = Contribution.Empty;
            foreach (char what in order)
            {
                if (what == 'D')
                {
                    var entry = new DecisionEntry { Decision = decision, Latest = 1, IsForAllArms = true, Features = [0.5f], Caps = [.. options.SpendCaps.Select(CapKey.Of)], ReservedNanoUsd = 50_000_000 };
                    Assert.True(replayed.ReplayDecision(entry, 1 + order.IndexOf(what)));
                    continue;
                }

                Contribution counted = Contribution.Of(what == 'E' ? expired : paid, double.NaN, double.NaN);
                Decision told = what == 'E' ? decision with { TimeTicks = 0, PredictedCostUsd = 0 } : decision;
                var outcome = new OutcomeEntry { Decision = told, Counted = counted, Known = known, Corrected = known.Parts & counted.Parts, Rank = (ushort)(what == 'E' ? 0 : 1), Latest = 1 };
                Assert.True(replayed.ReplayOutcome(outcome, 1 + order.IndexOf(what)));
                known = known.With(counted);
            }

            replayed.EndReplay(options, faults);
            Assert.Empty(faults);
            RouterState state = replayed.CaptureState();
            Assert.Equal((1, order.Contains('O') ? 0.01 : 0.03), (replayed.Spending.Decisions, replayed.Spending.ChargedUsd));
            Assert.Equal(order.Contains('O'), state.Models.Length > 0); // an expiry teaches a model nothing
            return string.Join(' ', state.Caps!.Accounts) + " " + string.Join(' ', state.Models.SelectMany(model => model.Numbers));
        }
    }

    /// <summary>Grades and refusals that a segment's copy holds are in no copy of the gate's account or of availability, which were made before.</summary>
    [Fact]
    public void What_came_between_the_copies_of_a_snapshot_is_replayed_where_it_is_missing()
    {
        RouterOptions options = Given.Options(o => (o.Dimensions, o.Strategy, o.SafetyGate) = (["area"], Strategy.Performance, new SafetyGate { BaselineArmId = "fast", Fraction = 0.5 }));
        var router = new BanditRouter(options);
        var journal = new InterruptedJournal();
        router.Attach(journal);
        SegmentKey segment = router.SegmentOf("api");
        for (int i = 0; i < 20; i++) Decide();
        (RouterState head, int nodes) = router.CaptureHead();
        var entries = new List<(Decision Decision, Outcome Outcome, long Position)>();
        for (int i = 0; i < 12; i++)
        {
            Decision decision = Decide();
            Outcome outcome = i == 11 ? new Outcome { Kind = OutcomeKind.Unavailable, RetryAfter = TimeSpan.FromHours(1), TimeTicks = Given.Ticks } : Success;
            router.Record(decision, outcome);
            entries.Add((decision, outcome, journal.Tail));
        }

        RouterState expected = router.CaptureState(), state = head.With([.. router.CaptureSegments(nodes)], router.CaptureArms(head));
        var faults = new List<string>();
        BanditRouter replayed = BanditRouter.Replaying(options, state, faults);
        foreach ((Decision decision, Outcome outcome, long position) in entries)
        {
            Assert.True(replayed.ReplayDecision(new DecisionEntry { Decision = decision, Latest = (long)decision.Id.Sequence }, position - 1));
            var entry = new OutcomeEntry { Decision = decision, Counted = Contribution.Of(outcome, double.NaN, double.NaN), Rank = 1, Latest = (long)decision.Id.Sequence, TimeTicks = outcome.TimeTicks, RetryAfter = outcome.RetryAfter ?? default };
            Assert.True(replayed.ReplayOutcome(entry, position));
        }

        replayed.EndReplay(options, faults);
        Assert.Empty(faults);
        RouterState actual = replayed.CaptureState();
        Assert.Equal(Assert.Single(expected.Safety).Words, Assert.Single(actual.Safety).Words);
        Assert.Equal(expected.Availability, actual.Availability);
        Assert.Equal(expected.Segments.Select(s => s.Own), actual.Segments.Select(s => s.Own));

        Decision Decide()
        {
            Assert.True(router.TryDecide(new Request(segment) { TimeTicks = Given.Ticks }, out Decision decision));
            return decision;
        }
    }

    /// <summary>One bit of a length, in every place and of every early frame: the frames behind it are found, and the file keeps its bytes.</summary>
    [Fact]
    public void A_length_that_lies_costs_one_entry()
    {
        BanditRouter router = Open();
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 1, Success, 100);
        _store!.Dispose();
        string path = Assert.Single(_disk.List("/store", JournalSegment.Ending));
        byte[] good = _disk.Read(path);
        int at = JournalSegment.HeaderBytes;
        for (int frame = 0; frame < 20; frame++) at += Frame.SizeOf(good[at] | (good[at + 1] << 8));
        for (int bit = 0; bit < 32; bit++)
        {
            byte[] bad = [.. good];
            bad[at + bit / 8] ^= (byte)(1 << (bit % 8));
            _disk.Put(path, bad);
            Recovery read = Recovery.Read("/store", Given.Options(), _disk.Mount());
            Assert.InRange(read.Router.EvidenceOf(segment, 1).Total, 99, 100);
            Assert.False(Assert.Single(read.Report.Damage).IsTail);
        }
    }

    [Fact]
    public void Joined_evidence_beyond_a_bound_is_read_again_as_it_was_counted()
    {
        BanditRouter router = Open(o => (o.Dimensions, o.MaxSegments) = (["area"], 3));
        Evidence cell = Given.Evidence(2, 1);
        string[] values = [.. Enumerable.Range(0, 50).Select(i => "area-" + i), new string('x', 70_000), "half \ud83d"];
        router.Join("elsewhere", 1, 0.5, [.. values.Select(value => new JoinedEvidence(new[] { value }, "fast", cell))]);
        RouterState live = router.CaptureState();
        _store!.Dispose();
        BanditRouter again = Open(o => (o.Dimensions, o.MaxSegments) = (["area"], 3));
        Assert.True(_store.Recovery.IsClean, string.Join("\n", _store.Recovery.Faults));
        Assert.Equal(4, live.Segments.Length);
        Assert.Equal(live.Segments.Select(s => s.Key).Order(), again.CaptureState().Segments.Select(s => s.Key).Order());
        foreach (SegmentState segment in live.Segments)
            Assert.Equal(segment.Joined, again.CaptureState().Segments.Single(s => s.Key == segment.Key).Joined);
    }

    [Fact]
    public void A_duplicate_in_a_segment_that_no_entry_has_changed_is_known()
    {
        var state = new BanditRouter(Given.Options());
        Decision decision = state.Force(state.SegmentOf("planner"), 1);
        state.Record(decision, Success);
        _disk.Put("/store/" + RouterStore.SnapshotName, RouterSnapshot.ToBytes(state.CaptureState()));
        BanditRouter router = Open();
        Assert.Equal(Recorded.AlreadyKnown, router.Record(decision, Success));
    }

    /// <summary>A writer archives files after a reader has read the snapshot and before it lists them.</summary>
    [Fact]
    public void A_reader_whose_files_are_archived_meanwhile_begins_anew()
    {
        BanditRouter router = Open(durability: Durability.None);
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 1, Success, 3000);
        _store!.SaveSnapshot();
        var files = new InterruptedFiles(_disk.Mount(), () =>
        {
            for (int turn = 0; turn < 3; turn++)
            {
                router.Feed(segment, 1, Success, 5000);
                _store.SaveSnapshot();
            }
        });
        Recovery read = Recovery.Read("/store", Given.Options(), files);
        Assert.True(files.IsInterrupted);
        Assert.NotEmpty(_disk.List("/store/" + JournalArchive.Folder, JournalSegment.Ending));
        Assert.Empty(read.Report.Damage);
        Assert.Equal(18_000, read.Router.EvidenceOf(segment, 1).Total);
    }

    [Fact]
    public void A_flush_that_fails_between_two_files_is_not_forgotten()
    {
        BanditRouter router = Open(durability: Durability.None);
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 1, Success, 10);
        _store!.Flush();
        _disk.FailingFlushes = 1;
        while (_disk.FailingFlushes > 0) router.Feed(segment, 1, Success, 100);
        Assert.Contains("may be lost", Assert.Throws<JournalException>(_store.Flush).Message, StringComparison.Ordinal);
        _store.SaveSnapshot();
        _store.Flush();
    }

    [Fact]
    public void The_end_of_a_store_tries_more_than_once()
    {
        BanditRouter router = Open(durability: Durability.Interval);
        router.Feed(router.SegmentOf("planner"), 1, Success, 10);
        _disk.FailingFlushes = 2;
        _store!.Dispose();
        _disk.Crash(new Random(1));
        BanditRouter again = Open();
        Assert.Equal(10, again.EvidenceOf(again.SegmentOf("planner"), 1).Total);
    }

    [Fact]
    public void A_name_that_is_not_on_the_device_holds_nothing_acknowledged()
    {
        BanditRouter router = Open();
        SegmentKey segment = router.SegmentOf("planner");
        int counted = 0;
        while (_disk.List("/store", JournalSegment.Ending).Count < 2)
        {
            _disk.FailingDirectoryFlushes = 1; // when a second file begins
            router.Feed(segment, 1, Success);
            counted++;
        }

        _disk.Crash(new Random(3));
        BanditRouter again = Open();
        Assert.Equal(counted, again.EvidenceOf(segment, 1).Total);
    }

    /// <summary>Calls back once, when the files of the journal are listed.</summary>
    private sealed class InterruptedFiles(IStoreFiles files, Action interruption) : IStoreFiles
    {
        public bool IsInterrupted { get; private set; }

        public IReadOnlyList<string> List(string directory, string ending)
        {
            if (!IsInterrupted)
            {
                IsInterrupted = true;
                interruption();
            }

            return files.List(directory, ending);
        }

        public IStoreFile Open(string path, StoreFileMode mode, long allotted = 0) => files.Open(path, mode, allotted);

        public bool Exists(string path) => files.Exists(path);

        public void CreateDirectory(string directory) => files.CreateDirectory(directory);

        public void Rename(string from, string to) => files.Rename(from, to);

        public void Delete(string path) => files.Delete(path);

        public void FlushDirectory(string directory) => files.FlushDirectory(directory);
    }
}
