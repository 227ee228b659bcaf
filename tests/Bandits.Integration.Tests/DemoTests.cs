using System.Text.Json;

namespace Bandits.Integration.Tests;

public sealed class DemoTests : IDisposable
{
    private readonly CommandLine _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public void Demo_prints_every_strategy_within_80_columns_and_leaves_no_store()
    {
        string output = _command.Run("demo").Ok().Output;
        foreach (string word in (string[])["baseline", "performance", "cost", "balanced", "learning", "cheapest", "best single", "uniform", "best per area", "Try next"])
            Assert.Contains(word, output, StringComparison.Ordinal);
        foreach (string line in output.Split('\n'))
            Assert.True(line.TrimEnd().Length <= 80 || !line.Contains(' ', StringComparison.Ordinal), line); // a token is not broken
        Assert.False(Directory.Exists(_command.Store));
    }

    [Fact]
    public void In_the_replay_learning_beats_the_baseline_and_uniform_and_no_one_beats_hindsight()
    {
        JsonElement replay = _command.Json("demo").Ok().Json.GetProperty("replay");
        Dictionary<string, JsonElement> rows = replay.GetProperty("rows").EnumerateArray().ToDictionary(row => row.GetProperty("name").GetString()!);
        Assert.Equal(1785, replay.GetProperty("tasks").GetInt32());
        foreach (string weaker in (string[])["baseline", "uniform", "cheapest"]) Assert.True(Utility("learning") > Utility(weaker) + 0.02, weaker);
        foreach (string strategy in (string[])["baseline", "performance", "cost", "balanced", "learning"]) Assert.True(Utility(strategy) < Utility("best per area"), strategy);
        Assert.True(Utility("its last third") > Utility("learning"));
        Assert.Equal(0.7888, rows["cheapest"].GetProperty("quality").GetDouble(), 4);
        Assert.Equal(5.029e-4, rows["best single"].GetProperty("cost").GetDouble(), 7);

        double Utility(string name) => rows[name].GetProperty("utility").GetDouble();
    }
}
