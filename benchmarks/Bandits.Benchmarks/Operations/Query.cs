using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>Asks one question of a history, again and again.</summary>
/// <param name="ask">The question.</param>
/// <param name="count">How often per run.</param>
internal sealed class Query(Func<object?> ask, int count) : IOperation
{
    public int Count => count;

    public long Run()
    {
        long answers = 0;
        for (int i = 0; i < count; i++) answers += ask() is null ? 0 : 1;
        return answers;
    }
}
