using Bandits.Reliability;
using Bandits.Reliability.Fuzzing;
using Bandits.Reliability.Kills;
using Bandits.Reliability.Soaks;
using Bandits.Reliability.Walks;

namespace Bandits.Tests.Reliability;

/// <summary>A few seconds of each suite of <c>tests/Bandits.Reliability</c>; the others are taken at every push and by hand.</summary>
public sealed class ReliabilityTests
{
    private const int Seed = 20260901;

    [Fact]
    public void Walks_lose_nothing_acknowledged_and_count_nothing_twice() => WalkSuite.Run(Tier.Test, Seed);

    [Fact]
    public void Killed_writers_leave_everything_acknowledged() => KillSuite.Run(Tier.Test, Seed);

    [Fact]
    public void Many_threads_leave_a_store_that_agrees_with_itself() => SoakSuite.Run(Tier.Test, Seed);

    [Fact]
    public void Hostile_files_and_tokens_are_refused_or_harmless() => FuzzSuite.Run(Tier.Test, Seed);
}
