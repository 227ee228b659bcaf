namespace Bandits.Benchmarks;

/// <summary>What was asked for on the command line.</summary>
internal sealed record RunOptions(bool IsQuick, string? Filter, string? Page)
{
    public const string Usage = """
        usage: Bandits.Benchmarks [--quick] [--filter TEXT] [--write FILE]
               Bandits.Benchmarks --bdn [BenchmarkDotNet arguments]

          --quick        under half a minute: shows that everything runs and allocates what it should
          --filter TEXT  only rows whose name contains TEXT
          --write FILE   writes the page (docs/performance.md)
          --bdn          runs the BenchmarkDotNet classes instead

        Exit code 1 when a goal for bytes is missed (bytes are exact), 2 for a wrong argument; never for times.
        """;

    /// <summary>Null when the arguments make no sense.</summary>
    public static RunOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new RunOptions(false, null, null);
        for (int i = 0; i < arguments.Length; i++)
        {
            bool hasValue = i + 1 < arguments.Length;
            switch (arguments[i])
            {
                case "--quick": options = options with { IsQuick = true }; break;
                case "--filter" when hasValue: options = options with { Filter = arguments[++i] }; break;
                case "--write" when hasValue: options = options with { Page = arguments[++i] }; break;
                default: return null;
            }
        }

        return options;
    }
}
