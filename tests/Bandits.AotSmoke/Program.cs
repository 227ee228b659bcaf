using Bandits;

// Runs the main paths compiled ahead of time; the exit code says whether they work.
var options = new RouterOptions { Strategy = Strategy.Learning, Seed = 7 };
options.Arms.Add(new Arm { Id = "small", Provider = "a", Tier = ArmTier.Fast, Capabilities = ["code"], InputUsdPerMillionTokens = 0.1, OutputUsdPerMillionTokens = 0.1 });
options.Arms.Add(new Arm { Id = "large", Provider = "b", Tier = ArmTier.Standard, Capabilities = ["code"], InputUsdPerMillionTokens = 3, OutputUsdPerMillionTokens = 15 });
var router = new BanditRouter(options);
SegmentKey segment = router.SegmentOf("implementer", "core", "high", "large");
int large = 0;
for (int i = 0; i < 2000; i++)
{
    if (!router.TryDecide(new Request(segment), out Decision decision)) return Fail("no arm was eligible");
    if (router.ArmAt(decision.Arm).Id == "large") large++;
    bool succeeds = decision.Arm == 1 ? i % 20 != 0 : i % 2 == 0;
    Recorded recorded = router.Record(decision, new Outcome { Kind = succeeds ? OutcomeKind.Success : OutcomeKind.Failed, CostUsd = decision.Arm == 1 ? 0.01 : 0.0001 });
    if (recorded != Recorded.Applied) return Fail($"recording said {recorded}");
}

if (large < 1500) return Fail($"the better arm was chosen {large} times of 2000");
BanditRouter restored = BanditRouter.Restore(options, router.CaptureState(), out IReadOnlyList<string> faults);
if (faults.Count > 0) return Fail(faults[0]);
if (restored.EvidenceOf(segment, 1) != router.EvidenceOf(segment, 1)) return Fail("evidence changed on the way through its state");
Console.WriteLine(router.Explain(new Request(segment)));
Console.WriteLine("native smoke test passed");
return 0;

static int Fail(string why)
{
    Console.Error.WriteLine($"native smoke test failed: {why}");
    return 1;
}
