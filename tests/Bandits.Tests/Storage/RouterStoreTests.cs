using Bandits.Storage;

namespace Bandits.Tests.Storage;

/// <summary>A store on real files: what one process left, the next one has.</summary>
public sealed class RouterStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bandits-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static RouterOptions Options(Strategy strategy = Strategy.Learning)
    {
        var options = new RouterOptions { Dimensions = ["role", "area"], Strategy = strategy, LedgerCapacity = 1024 };
        foreach (string id in (string[])["a", "b", "c"]) options.Arms.Add(new Arm { Id = id, InputUsdPerMillionTokens = 1, OutputUsdPerMillionTokens = 2 });
        return options;
    }

    private static readonly RouterStoreOptions Small = new() { QueueBytes = 1 << 20, SegmentBytes = 2 << 20 };

    [Theory]
    [InlineData(Strategy.Learning)]
    [InlineData(Strategy.Adaptive)]
    [InlineData(Strategy.AdaptiveDrift)]
    public void What_was_learnt_is_there_again(Strategy strategy)
    {
        var pending = new List<Decision>();
        RouterState before;
        using (RouterStore store = RouterStore.Open(_folder, Options(strategy), Small))
        {
            Assert.True(store.Recovery.IsClean);
            BanditRouter router = store.Router;
            for (int i = 0; i < 3000; i++)
            {
                Assert.True(router.TryDecide(new Request(router.SegmentOf("r" + i % 3, "area" + i % 5)) { TimeTicks = 1000 + i }, out Decision decision));
                Assert.False(double.IsNaN(decision.Propensity));
                if (i % 3 == 0) pending.Add(decision);
                else router.Record(decision, new Outcome { Kind = i % 7 < 3 ? OutcomeKind.Failed : OutcomeKind.Success, CostUsd = 0.01 * (i % 4), Source = "test" });
                if (i == 1500) store.SaveSnapshot();
            }

            router.AddArm(new Arm { Id = "d" });
            router.DisableArm("a");
            Assert.Equal(0, store.Statistics.Dropped);
            before = router.CaptureState();
        }

        using (RouterStore store = RouterStore.Open(_folder, Options(strategy), Small))
        {
            Assert.True(store.Recovery.IsClean, string.Join("\n", store.Recovery.Faults.Concat(store.Recovery.Damage.Select(d => d.ToString()))));
            Assert.Equal(SnapshotUsed.Newest, store.Recovery.Snapshot);
            Assert.True(store.Recovery.Entries > 2000);
            RouterState after = store.Router.CaptureState();
            States.AssertSame(before, after);
            Assert.Equal(ArmStatus.Disabled, store.Router.StatusAt(0));
            Assert.Equal("d", store.Router.ArmAt(3).Id);
            foreach (Decision decision in pending.TakeLast(200)) Assert.Equal(Recorded.Applied, store.Router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
            foreach (Decision decision in pending.TakeLast(200)) Assert.Equal(Recorded.AlreadyKnown, store.Router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
        }
    }
}
