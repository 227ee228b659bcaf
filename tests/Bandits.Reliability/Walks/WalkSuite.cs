using System.Diagnostics;
using System.Globalization;
using Bandits.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Bandits.Reliability.Walks;

/// <summary>Walks drawn at random. One that breaks a promise is made as short as it goes before it is shown.</summary>
public static class WalkSuite
{
    private const int MostSteps = 80;
    private const int Repetitions = 100;

    /// <summary>Longest time of a walk: hundreds of times what it takes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly Strategy[] Strategies = [Strategy.Learning, Strategy.Adaptive, Strategy.AdaptiveDrift, Strategy.Budgeted];

    /// <summary>What walks that never met it say nothing about.</summary>
    private static readonly string[] Required =
    [
        .. Enum.GetNames<OperationKind>(), .. Enum.GetNames<OutcomeKind>(), .. Enum.GetNames<Joined>(), nameof(Recorded.Applied), nameof(Recorded.Corrected), nameof(Recorded.AlreadyKnown), nameof(Recorded.Lost),
        nameof(Ineligibility.OverCap), nameof(DecisionTraits.LastResort), Tally.Refusals, Tally.NewestSnapshots, Tally.PreviousSnapshots, Tally.Holes, Tally.TornTails,
    ];

    /// <summary>Takes the tier's number of walks.</summary>
    /// <exception cref="BrokenPromiseException">A store broke a promise, or the walks met too little.</exception>
    public static SuiteReport Run(Tier tier, int seed)
    {
        var watch = Stopwatch.StartNew();
        var tally = new Tally();
        (Itinerary Walk, string Why)? broken = null;
        Property holds = Prop.ForAll(Arb.From(Itineraries(), static walk => walk.Shorter()), walk =>
        {
            try
            {
                walk.Take(tally);
                return true;
            }
            catch (BrokenPromiseException e)
            {
                broken = (walk, e.Message); // only a shorter one follows
                return false;
            }
        });
        try
        {
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(tier.Walks).WithReplay((ulong)seed, 1).WithQuietOnSuccess(true), holds);
        }
        catch (Exception e) when (broken is not null)
        {
            throw new BrokenPromiseException($"""
                {broken.Value.Why}
                {broken.Value.Walk}
                Again: write the steps to FILE, then --again FILE --durability {broken.Value.Walk.Durability} --strategy {broken.Value.Walk.Strategy} --seed {broken.Value.Walk.Seed}
                """, e);
        }

        string[] missing = [.. Required.Where(what => tally[what] == 0)];
        if (missing.Length > 0) throw new BrokenPromiseException($"{tier.Walks} walks from seed {seed} never met {string.Join(", ", missing)}: they show too little.");
        return new SuiteReport(
            "walks",
            "A store on a disk that fails, fills up, tears writes and loses what was not flushed: nothing acknowledged under its durability is lost, nothing counts twice, nothing is invented, and re-recording everything ends at the same sums.",
            "One thread at a time; a simulated disk; at most 80 steps. Bits that rot on the device without a crash are the business of the fuzz.",
            [("walks", SuiteReport.Text(tier.Walks)), .. tally.Counts.OrderByDescending(c => Array.IndexOf(Required, c.Key)).Select(c => (c.Key, SuiteReport.Text(c.Value)))], watch.Elapsed);
    }

    /// <summary>Takes one walk again and again, as threads may differ; says how often it broke.</summary>
    public static string Again(string text, Durability durability, Strategy strategy, int seed)
    {
        Operation[] steps = Operation.Parse(text);
        int failed = 0;
        string why = "";
        for (int i = 0; i < Repetitions; i++)
        {
            try
            {
                Walk.Take(steps, durability, strategy, seed, new Tally());
            }
            catch (BrokenPromiseException e)
            {
                failed++;
                why = e.Message;
            }
        }

        return $"{failed} of {Repetitions} failed. {why}";
    }

    private static Gen<Itinerary> Itineraries() =>
        from steps in Operation.Walks(MostSteps)
        from durability in Gen.Elements(Enum.GetValues<Durability>())
        from strategy in Gen.Elements(Strategies)
        from seed in Gen.Choose(1, 1 << 30)
        select new Itinerary(steps, durability, strategy, seed);

    private sealed record Itinerary(Operation[] Steps, Durability Durability, Strategy Strategy, int Seed)
    {
        public void Take(Tally tally) => Patience.Try("This walk", Longest, () => Walk.Take(Steps, Durability, Strategy, Seed, tally));

        /// <summary>Without a half, a quarter and so on down to a single step.</summary>
        public IEnumerable<Itinerary> Shorter()
        {
            for (int cut = Steps.Length / 2; cut > 0; cut /= 2)
                for (int from = 0; from + cut <= Steps.Length; from += cut)
                    yield return this with { Steps = [.. Steps[..from], .. Steps[(from + cut)..]] };
        }

        public override string ToString() => string.Join(' ', Steps.Select(step => step.ToString()).Append($"under {Durability}, {Strategy}, seed {Seed.ToString(CultureInfo.InvariantCulture)}"));
    }
}
