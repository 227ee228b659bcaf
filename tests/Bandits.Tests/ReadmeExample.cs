namespace Bandits.Tests;

/// <summary>The README's example, compiled and run; the README shows exactly the lines between the marks.</summary>
public class ReadmeExample
{
    [Fact]
    public void The_example_decides_records_and_explains()
    {
        // <example>
        var options = new RouterOptions { Strategy = Strategy.Learning };
        options.Arms.Add(new Arm { Id = "small", Provider = "acme", InputUsdPerMillionTokens = 0.1, OutputUsdPerMillionTokens = 0.4 });
        options.Arms.Add(new Arm { Id = "large", Provider = "globex", InputUsdPerMillionTokens = 3, OutputUsdPerMillionTokens = 15 });
        var router = new BanditRouter(options);

        SegmentKey segment = router.SegmentOf("implementer", "core", "high", "large"); // role, area, risk, complexity: keep it
        if (router.TryDecide(new Request(segment), out Decision decision))
        {
            string model = router.ArmAt(decision.Arm).Id; // call it, and hand the receipt back with what became of it
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.012, Latency = TimeSpan.FromSeconds(8) });
            Console.WriteLine($"{model}, drawn with probability {decision.Propensity}");
        }

        Console.WriteLine(router.Explain(new Request(segment))); // estimate, spread, cost term, probability, eligible or why not
        // </example>
        Assert.Equal(1, router.EvidenceOf(segment, decision.Arm).QualityCount);
    }

    [Fact]
    public void The_readme_shows_the_example_that_was_run()
    {
        string root = Repository.Root;
        string[] source = File.ReadAllLines(Path.Combine(root, "tests", "Bandits.Tests", "ReadmeExample.cs"));
        int from = Array.FindIndex(source, l => l.Trim() == "// <example>"), to = Array.FindIndex(source, l => l.Trim() == "// </example>");
        string example = string.Join('\n', source[(from + 1)..to].Select(l => l.Length >= 8 ? l[8..] : ""));
        Assert.Contains(example, File.ReadAllText(Path.Combine(root, "README.md")).ReplaceLineEndings("\n"));
    }
}
