using Bandits.Reliability.Disk;
using Bandits.Storage;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;
using Bandits.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Bandits.Tests.Storage;

/// <summary>A router with a journal: what it promises while the disk works, while it does not, and after a crash.</summary>
public sealed class JournaledRouterTests : IDisposable
{
    private readonly FaultyDisk _disk = new();
    private RouterStore? _store;

    public void Dispose()
    {
        _disk.Crash(null);
        _store?.Dispose();
    }

    private BanditRouter Open(Action<RouterStoreOptions>? configure = null, Action<RouterOptions>? also = null, TimeProvider? clock = null)
    {
        var how = new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 1 << 20, RetryPause = TimeSpan.FromMilliseconds(1) };
        configure?.Invoke(how);
        _store = RouterStore.Open("/store", Given.Options(also), how, clock ?? TimeProvider.System, _disk.Mount());
        return _store.Router;
    }

    [Fact]
    public void With_a_journal_every_decision_has_its_propensity()
    {
        BanditRouter router = Open(also: o => (o.Strategy, o.Propensities) = (Strategy.Adaptive, false));
        Assert.True(router.TryDecide(new Request(router.SegmentOf("planner")), out Decision decision));
        Assert.InRange(decision.Propensity, 1e-9, 1);
    }

    [Fact]
    public void Changed_settings_are_written_down_before_they_take_effect_and_arms_come_back_as_changed()
    {
        BanditRouter router = Open(o => o.Durability = Durability.EachCommit);
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 0, 3, 1);
        router.Reconfigure(Given.Options(o =>
        {
            o.Arms[1] = o.Arms[1] with { InputUsdPerMillionTokens = 44 };
            o.Arms.Add(new Arm { Id = "new" });
            (o.ArmStatuses["fast"], o.ArmStatuses["new"], o.ExplorationRate) = (ArmStatus.Disabled, ArmStatus.Disabled, 0.2);
        }));
        router.Feed(segment, 1, 2, 0);
        _disk.Crash(null);
        _store!.Dispose();
        _store = null;
        router = Open(also: o => o.Arms.Clear());
        Assert.Equal((5, 44, ArmStatus.Disabled, ArmStatus.Disabled), (router.ArmCount, router.ArmAt(1).InputUsdPerMillionTokens, router.StatusAt(0), router.StatusAt(4)));
        Assert.True(router.EvidenceOf(segment, 0) == Given.Evidence(3, 1) && router.EvidenceOf(segment, 1) == Given.Evidence(2, 0));
        Assert.Contains("\"exploration_rate\":0.2", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reconfiguration_that_throws_changes_nothing()
    {
        BanditRouter router = Open(o => o.Durability = Durability.EachCommit);
        RouterSettings before = router.Settings;
        _disk.FailingFlushes = 1_000_000;
        Assert.ThrowsAny<IOException>(() => router.Reconfigure(Given.Options(o => o.ExplorationRate = 0.25)));
        _disk.FailingFlushes = 0;
        Assert.Same(before, router.Settings);
    }

    [Fact]
    public void Prices_of_many_arms_change_with_a_small_queue()
    {
        static Arm[] Arms(double price) => [.. Enumerable.Range(0, 1500).Select(i => new Arm { Id = $"arm-{i}", Provider = "some-provider", InputUsdPerMillionTokens = price, OutputUsdPerMillionTokens = price })];
        using RouterStore store = RouterStore.Open(
            "/many", Given.Options(null, Arms(1)), new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 1 << 20 }, TimeProvider.System, _disk.Mount());
        store.Router.Reconfigure(Given.Options(null, Arms(2)));
        Assert.Equal(2, store.Router.ArmAt(7).InputUsdPerMillionTokens);
    }

    [Fact]
    public void A_crash_after_reconfiguring_brings_back_the_exploration_that_was()
    {
        static void Before(RouterOptions o) => (o.AdaptExploration, o.ExplorationRate) = (false, 0.1);
        static void After(RouterOptions o) => (o.AdaptExploration, o.ExplorationRate) = (true, 0.1);
        BanditRouter router = Open(o => o.Durability = Durability.EachCommit, Before);
        SegmentKey segment = router.SegmentOf("planner");
        for (int i = 0; i < 420; i++)
        {
            if (i == 400) router.Reconfigure(Given.Options(After));
            Assert.True(router.TryDecide(new Request(segment), out Decision d));
            router.Record(d, new Outcome { Kind = i < 200 ? OutcomeKind.Success : OutcomeKind.Failed });
        }

        double live = router.ExplorationRateOf(segment);
        _disk.Crash(null);
        _store!.Dispose();
        Assert.Equal(live, Open(also: After).ExplorationRateOf(segment));
    }

    /// <summary>Every entry of the journal as text.</summary>
    private string Written()
    {
        IStoreFiles files = _disk.Mount();
        using var reader = new JournalReader(JournalArchive.Segments("/store", files), files, 0);
        using var text = new MemoryStream();
        using var json = new System.Text.Json.Utf8JsonWriter(text);
        while (reader.TryRead(out long position, out ReadOnlyMemory<byte> payload))
        {
            EntryText.Write(json, position, payload);
            json.Flush();
            json.Reset();
        }

        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    [Fact]
    public void Settings_that_cannot_be_written_down_do_not_take_effect()
    {
        BanditRouter router = Open(o => o.BackPressure = BackPressure.Drop);
        _disk.Room = 0;
        SegmentKey segment = router.SegmentOf("planner");
        while (_store!.Statistics.Dropped < 100) router.TryDecide(new Request(segment), out _);
        RouterSettings settings = router.Settings;
        Assert.Throws<InvalidOperationException>(() => router.Reconfigure(Given.Options(o => o.ExplorationRate = 0.2)));
        Assert.Same(settings, router.Settings);
    }

    [Fact]
    public void Deciding_goes_on_while_the_disk_refuses_and_what_is_not_written_is_counted()
    {
        BanditRouter router = Open(o => o.BackPressure = BackPressure.Drop);
        _disk.Room = 0;
        SegmentKey segment = router.SegmentOf("planner");
        for (int i = 0; i < 5000; i++)
        {
            Assert.True(router.TryDecide(new Request(segment), out Decision decision));
            Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
        }

        Assert.Equal(5000, Enumerable.Range(0, 4).Sum(arm => router.EvidenceOf(segment, arm).Total));
        Assert.True(_store!.Statistics.Dropped > 1000);
        Assert.Contains("space", _store.Statistics.LastFault, StringComparison.Ordinal);
        _disk.Room = long.MaxValue;
        _store.SaveSnapshot(); // holds what was dropped
        Assert.Null(_store.Statistics.LastFault);
        _disk.Crash(null);
        _store.Dispose();
        Assert.Equal(5000, Enumerable.Range(0, 4).Sum(arm => Open().EvidenceOf(segment, arm).Total));
    }

    [Fact]
    public void Where_room_is_waited_for_an_outcome_that_cannot_be_kept_changes_nothing()
    {
        BanditRouter router = Open();
        _disk.Room = 0;
        SegmentKey segment = router.SegmentOf("planner");
        int counted = 0;
        Decision refused = default;
        while (refused.Id.IsNone)
        {
            Assert.True(router.TryDecide(new Request(segment), out Decision decision));
            try
            {
                router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
                counted++;
            }
            catch (JournalException e)
            {
                Assert.Contains("nothing was recorded", e.Message, StringComparison.Ordinal);
                refused = decision;
            }
        }

        Assert.Equal(counted, Enumerable.Range(0, 4).Sum(arm => router.EvidenceOf(segment, arm).Total));
        Assert.True(router.TryDecide(new Request(segment), out _));
        _disk.Room = long.MaxValue;
        _store!.Flush();
        Assert.Equal(Recorded.Applied, router.Record(refused, new Outcome { Kind = OutcomeKind.Success }));
    }

    [Fact]
    public async Task A_slow_disk_never_makes_a_decision_wait()
    {
        using var slow = new SlowFiles(_disk.Mount());
        using RouterStore store = RouterStore.Open("/store", Given.Options(), new RouterStoreOptions { QueueBytes = 1 << 16, SegmentBytes = 1 << 20 }, TimeProvider.System, slow);
        slow.Stop();
        SegmentKey segment = store.Router.SegmentOf("planner");
        var decided = Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++) store.Router.TryDecide(new Request(segment), out _);
        });
        await decided.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(store.Statistics.Dropped > 10_000);
        slow.Go();
    }

    [Theory]
    [InlineData(9.999, false)]
    [InlineData(10, true)]
    public void An_outcome_survives_a_power_failure_when_the_interval_has_passed_and_not_before(double seconds, bool survives)
    {
        var clock = new FakeTimeProvider();
        BanditRouter router = Open(o => (o.Durability, o.FlushInterval) = (Durability.Interval, TimeSpan.FromSeconds(10)), clock: clock);
        SegmentKey segment = router.SegmentOf("planner");
        Decision decision = router.Force(segment, 1);
        Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
        Assert.True(SpinWait.SpinUntil(() => _store!.Statistics.Written == _store.Statistics.Appended, TimeSpan.FromSeconds(30)));
        Assert.False(IsFlushed());
        clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(survives, SpinWait.SpinUntil(IsFlushed, survives ? TimeSpan.FromSeconds(30) : TimeSpan.FromMilliseconds(200))); // the writer looks at the clock every 20 ms
        _disk.Crash(new Unlucky());
        _store!.Dispose();

        router = Open();
        Assert.Equal(survives ? 1 : 0, router.EvidenceOf(segment, 1).Total);
        Assert.Equal(survives ? Recorded.AlreadyKnown : Recorded.Lost, router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));

        bool IsFlushed() => _store!.Statistics.Flushed == _store.Statistics.Appended;
    }

    [Fact]
    public void An_outcome_of_a_decision_that_a_crash_lost_is_refused_and_counted()
    {
        BanditRouter router = Open(o => o.Durability = Durability.Interval);
        SegmentKey segment = router.SegmentOf("planner");
        Decision kept = router.Force(segment, 1);
        _store!.Flush();
        _disk.FailingFlushes = int.MaxValue;
        router.AddArm(new Arm { Id = "new" });
        Decision lost = router.Force(router.SegmentOf("never written"), 4), other = router.Force(segment, 1);
        _disk.Crash(new Random(3));
        _store.Dispose();

        router = Open();
        Assert.Equal(Recorded.Lost, router.Record(lost, new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal(Recorded.Lost, router.Record(other, new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal(Recorded.Applied, router.Record(kept, new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal((2, 0, 1), (router.LateCount, router.RefusedCount, router.EvidenceOf(segment, 1).Total));
        for (int i = 0; i < 10; i++) router.Force(segment, 1); // the same sequences, by another incarnation
        Assert.Equal(Recorded.Lost, router.Record(other, new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal(1, router.EvidenceOf(segment, 1).Total);
    }

    [Fact]
    public void Numbers_of_values_that_were_never_written_are_not_given_to_others()
    {
        BanditRouter router = Open();
        router.SegmentOf("seen but never decided for");
        SegmentKey segment = router.SegmentOf("used");
        router.Feed(segment, 1, 3, 0);
        _store!.Dispose();
        router = Open();
        Assert.Equal("used", router.ValuesOf(Assert.Single(router.Segments()))[0]);
        Assert.Equal(3, router.EvidenceOf(router.SegmentOf("used"), 1).Total);
        SegmentKey other = router.SegmentOf("other");
        router.Feed(other, 1, 2, 0);
        _store.Dispose();
        router = Open();
        Assert.Equal((3, 2), (router.EvidenceOf(router.SegmentOf("used"), 1).Total, router.EvidenceOf(router.SegmentOf("other"), 1).Total));
    }

    [Fact]
    public void Options_of_another_schema_are_refused_and_a_second_writer_too()
    {
        string folder = Directory.CreateTempSubdirectory("bandits-second-").FullName;
        try
        {
            using (RouterStore store = RouterStore.Open(folder, Given.Options()))
            {
                store.Router.Feed(store.Router.SegmentOf("x"), 0, 1, 0);
                store.SaveSnapshot();
                var impatient = new RouterStoreOptions { LockWait = TimeSpan.Zero };
                Assert.Contains("another process", Assert.Throws<IOException>(() => RouterStore.Open(folder, Given.Options(), impatient)).Message, StringComparison.Ordinal);
                BanditRouter read = RouterStore.Read(folder, Given.Options(), out _);
                Assert.Equal(1, read.EvidenceOf(0).Total);
            }

            Assert.Throws<ArgumentException>(() => RouterStore.Open(folder, Given.Options(o => o.Dimensions = ["other"])));
            Assert.Throws<ArgumentException>(() => RouterStore.Open(folder, Given.Options(), new RouterStoreOptions { QueueBytes = 3 }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_store_that_was_closed_tells_those_who_go_on_recording()
    {
        BanditRouter router = Open();
        Decision decision = router.Force(router.SegmentOf("planner"), 1);
        _store!.Dispose();
        Assert.True(router.TryDecide(new Request(router.SegmentOf("planner")), out _));
        Assert.Throws<ObjectDisposedException>(() => router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal(0, router.EvidenceOf(1).Total);
    }

    [Fact]
    public void Files_older_than_both_snapshots_are_archived_within_their_limit()
    {
        BanditRouter router = Open(o => (o.QueueBytes, o.ArchiveBytes) = (1 << 19, 3 << 20));
        SegmentKey segment = router.SegmentOf("planner");
        for (int i = 0; i < 60_000; i++)
        {
            router.TryDecide(new Request(segment), out Decision decision);
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.01 });
            if (i % 10_000 == 9_999) _store!.SaveSnapshot();
        }

        IReadOnlyList<string> present = _disk.List("/store", ".journal"), archived = _disk.List("/store/archive", ".journal");
        Assert.InRange(archived.Count, 1, 3);
        Assert.True(present.Count < 8, $"{present.Count} files are kept.");
        _disk.Crash(null);
        _store!.Dispose();
        Assert.Equal(60_000, Enumerable.Range(0, 4).Sum(arm => Open().EvidenceOf(segment, arm).Total));
    }

    [Fact]
    public void A_future_version_is_refused_and_untouched()
    {
        BanditRouter router = Open();
        router.Feed(router.SegmentOf("planner"), 1, 3, 0);
        _store!.SaveSnapshot();
        router.Feed(router.SegmentOf("planner"), 1, 3, 0);
        _store.Dispose();
        string path = Assert.Single(_disk.List("/store", ".journal"));
        _disk.Put(path, Future.Journal(_disk.Read(path), 99));
        byte[] before = _disk.Read(path);
        Assert.Contains("version 99", Assert.Throws<JournalException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.Equal(before, _disk.Read(path));
        _disk.Put(path, Future.Journal(_disk.Read(path), JournalSegment.FormatVersion));
        before = _disk.Read(path);
        _disk.Put("/store/router.snapshot", Future.Snapshot(_disk.Read("/store/router.snapshot"), 99));
        Assert.Equal(SnapshotFault.FutureVersion, Assert.Throws<SnapshotException>(() => Open()).Fault);
        Assert.Equal(before, _disk.Read(path));
    }

    [Fact]
    public void With_both_snapshots_damaged_the_whole_journal_still_tells_everything()
    {
        BanditRouter router = Open();
        SegmentKey segment = router.SegmentOf("planner");
        for (int i = 0; i < 3; i++)
        {
            router.Feed(segment, 1, 3, 0);
            _store!.SaveSnapshot();
        }

        _store!.Dispose();
        _disk.Damage("/store/router.snapshot", 100, [0xff, 0xff, 0xff]);
        _disk.Damage("/store/router.snapshot.previous", 100, [0xff, 0xff, 0xff]);
        router = Open();
        Assert.Equal(9, router.EvidenceOf(segment, 1).Total);
        Assert.False(_store.Recovery.IsClean);
    }

    [Fact]
    public void Deciding_and_recording_with_a_journal_allocate_nothing()
    {
        BanditRouter router = Open(o => (o.QueueBytes, o.SegmentBytes) = (1 << 23, 1 << 26), o => o.LedgerCapacity = 1 << 15);
        SegmentKey segment = router.SegmentOf("planner", "core");
        var outcome = new Outcome { Kind = OutcomeKind.Partial, Quality = 0.25, CostUsd = 0.001, Latency = TimeSpan.FromSeconds(1), Source = "grader" };
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 3000; i++)
            {
                router.TryDecide(new Request(segment), out Decision decision);
                router.Record(decision, outcome);
                router.Record(decision, outcome with { Revision = 1 });
            }
        }));
        _store!.Flush();
        Assert.Equal(0, _store.Statistics.Dropped);
    }

    [Fact]
    public void Weights_of_origins_and_restarts_by_hand_are_kept()
    {
        BanditRouter router = Open();
        SegmentKey segment = router.SegmentOf("planner", "core");
        router.Join("history", 1, 0.5, [new JoinedEvidence(new[] { "planner", "core" }, "fast", Given.Evidence(30, 10))]);
        router.SetOriginWeight("history", 0.125);
        router.Feed(segment, 1, 5, 1);
        Decision early = router.Force(segment, 1);
        router.Restart(segment, "standard");
        router.Record(early, new Outcome { Kind = OutcomeKind.Success });
        router.Feed(segment, 1, 2, 0);
        Assert.Equal((2, 7, 1), (router.EvidenceOf(segment, 1).Total, router.ClosedEvidenceOf(segment, 1).Total, router.RestartsOf(segment, 1)));
        string before = StateText.Of(router);
        Assert.Throws<ArgumentException>(() => router.Restart(segment, "nobody"));
        Assert.Throws<ArgumentException>(() => router.SetOriginWeight("nobody", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => router.SetOriginWeight("history", 2));
        Assert.Equal(before, StateText.Of(router));
        RouterState told = router.CaptureState();
        _store!.Dispose();
        router = Open();
        States.AssertSame(told, router.CaptureState());
        Assert.Equal(0.125, Assert.Single(router.Origins).Weight);
    }

    /// <summary>A crash that keeps nothing but what was flushed.</summary>
    private sealed class Unlucky : Random
    {
        public override int Next(int maxValue) => 0;
    }

    /// <summary>Files whose writes can be made to wait.</summary>
    private sealed class SlowFiles(IStoreFiles files) : IStoreFiles, IDisposable
    {
        private readonly ManualResetEventSlim _gate = new(true);

        public void Stop() => _gate.Reset();

        public void Go() => _gate.Set();

        public void Dispose() => _gate.Dispose();

        public IReadOnlyList<string> List(string directory, string ending) => files.List(directory, ending);

        public IStoreFile Open(string path, StoreFileMode mode, long allotted = 0) => new SlowFile(this, files.Open(path, mode, allotted));

        public bool Exists(string path) => files.Exists(path);

        public void CreateDirectory(string directory) => files.CreateDirectory(directory);

        public void Rename(string from, string to) => files.Rename(from, to);

        public void Delete(string path) => files.Delete(path);

        public void FlushDirectory(string directory) => files.FlushDirectory(directory);

        private sealed class SlowFile(SlowFiles slow, IStoreFile file) : IStoreFile
        {
            public long Length
            {
                get => file.Length;
                set => file.Length = value;
            }

            public int Read(Span<byte> bytes, long at) => file.Read(bytes, at);

            public void Write(ReadOnlySpan<byte> bytes, long at)
            {
                slow._gate.Wait();
                file.Write(bytes, at);
            }

            public void Flush() => file.Flush();

            public void Dispose() => file.Dispose();
        }
    }
}
