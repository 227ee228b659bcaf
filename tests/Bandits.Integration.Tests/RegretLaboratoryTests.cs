using System.Text.Json;

namespace Bandits.Integration.Tests;

/// <summary>The regret laboratory as a program: what it prints, refuses and repeats.</summary>
public sealed class RegretLaboratoryTests
{
    private static readonly BenchmarkProgram Program = new("Bandits.Regret");

    /// <summary>Two-sided normal quantile at a false alarm of 1e-6.</summary>
    private const double Alarm = 4.892;

    [Fact]
    public void Json_is_an_array_of_the_six_fields_and_nothing_else_in_the_order_asked_for()
    {
        Run run = Program.Play("--environment", "bernoulli:0.9,0.8", "--environment", "gaussian:0.2/0.1,0.5/0.3", "--policies", "uniform,greedy", "--horizon", "50",
            "--seeds", "4", "--format", "json").Ok();
        JsonElement[] rows = [.. run.Json.EnumerateArray()];
        Assert.Equal(["bernoulli:0.9,0.8", "bernoulli:0.9,0.8", "gaussian:0.2/0.1,0.5/0.3", "gaussian:0.2/0.1,0.5/0.3"], rows.Select(static row =>
            row.GetProperty("environment").GetString()));
        Assert.Equal(["uniform", "greedy", "uniform", "greedy"], rows.Select(static row => row.GetProperty("policy").GetString()));
        Assert.All(rows, static row =>
        {
            Assert.Equal(["environment", "policy", "horizon", "seeds", "regret", "se"], row.EnumerateObject().Select(static field => field.Name));
            Assert.Equal((50, 4), (row.GetProperty("horizon").GetInt32(), row.GetProperty("seeds").GetInt32()));
            Assert.True(row.GetProperty("regret").GetDouble() >= 0 && row.GetProperty("se").GetDouble() >= 0);
        });
        Assert.Empty(run.Error);
    }

    /// <summary>Names that others may rely on.</summary>
    [Fact]
    public void The_names_that_were_promised_are_known()
    {
        const string Names = "ucb1,moss,kl-ucb,kl-ucb+,bayes-ucb,imed,thompson,optimistic-thompson,tsallis-inf,epsilon-greedy,glr-kl-ucb,glr-thompson,"
            + "discounted-thompson,sliding-window-thompson,adaptive,adaptive-drift";
        foreach (string environment in (string[])["bernoulli:0.9,0.8", "piecewise:0.3,0.5,0.9;0.3,0.2,0.9@2000"])
        {
            Run run = Program.Play("--environment", environment, "--policies", Names, "--horizon", "30", "--seeds", "2", "--format", "json").Ok();
            Assert.Equal(Names.Split(','), run.Json.EnumerateArray().Select(static row => row.GetProperty("policy").GetString()));
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        string[] what = ["--environment", "iv+delay=geometric/20+lost=0.1", "--policies", "epsilon-greedy,learning,exp3.s", "--horizon", "3000", "--seeds", "7",
            "--format", "csv"];
        string alone = Program.Play([.. what, "--threads", "1"]).Ok().Output;
        Assert.Equal(alone, Program.Play([.. what, "--threads", "2"]).Ok().Output);
    }

    /// <summary>
    /// Each of these has two arms of one gap, so an even choice loses half of it a round; the mean over N seeds has half the gap squared times T / N for its
    /// variance.
    /// </summary>
    [Fact]
    public void Uniform_choice_loses_the_mean_gap_each_round()
    {
        const int Horizon = 2000, Seeds = 100;
        (string Environment, double Gap)[] cases =
        [
            ("bernoulli:0.9,0.8", 0.1), ("graded:0.2/3,0.8/3", 0.6), ("bernoulli:0.1,0.5;0.5,0.1@500", 0.4), ("bernoulli:0.2,0.6|0.6,0.2", 0.4),
            ("adversarial:2/0.5", 0.5), ("lognormal:0.9/0.1,0.9/0.3", 0.2), ("pareto:0.9/0.1,0.9/0.3", 0.2), ("gaussian:-10/2,10/2", 20),
                ("bernoulli:0.9,0.8,0.8+arrive=2@1+leave=2@2", 0.1),
        ];
        string[] environments = [.. cases.SelectMany(static c => (string[])["--environment", c.Environment])];
        JsonElement[] rows = [.. Program.Play([.. environments, "--policies", "uniform", "--horizon", $"{Horizon}", "--seeds", $"{Seeds}", "--format",
            "json"]).Ok().Json.EnumerateArray()];
        for (int i = 0; i < cases.Length; i++)
        {
            double half = cases[i].Gap / 2, error = half * Math.Sqrt((double)Horizon / Seeds), regret = rows[i].GetProperty("regret").GetDouble();
            Assert.True(Math.Abs(regret - half * Horizon) < Alarm * error, $"{cases[i].Environment}: {regret}, expected {half * Horizon} ± {error}");
            Assert.InRange(rows[i].GetProperty("se").GetDouble(), error / 2, error * 2);
        }
    }

    [Fact]
    public void Phases_begin_after_their_break_and_one_number_before_several_breaks_is_a_length()
    {
        string[] environments = ["piecewise:1,0;1,0;0,1@40,80", "piecewise:1,0;1,0;0,1@40", "piecewise:1,0;1,0;0,1@40,60", "bernoulli:1,0;0,0@30"];
        Run run = Program.Play([.. environments.SelectMany(static e => (string[])["--environment", e]), "--policies", "greedy", "--horizon", "100", "--seeds", "20",
            "--format", "json"]).Ok();
        double[] regret = [.. run.Json.EnumerateArray().Select(static row => row.GetProperty("regret").GetDouble())];
        Assert.Equal(regret[0], regret[1]);
        Assert.True(regret[0] < regret[2], "The best arm changes sooner in the third.");
        Assert.InRange(regret[3], 0.01, 1); // one wrong arm at most until its failure shows, and nothing to lose after the break
    }

    /// <summary>A dozen seeds, so with room: what a broken default would lose is many times as much. The full figures are in docs/regret.md.</summary>
    [Fact]
    public void The_two_defaults_keep_what_the_laboratory_found()
    {
        const string Many = "bernoulli:0.1..0.9x300";
        JsonElement[] rows =
        [
            .. Program.Play("--environment", "ii", "--environment", "iv", "--environment", "hidden-riser", "--policies", "adaptive,adaptive-drift,kl-ucb,glr-thompson", "--seeds", "12",
                "--format", "json").Ok().Json.EnumerateArray(),
            .. Program.Play("--environment", Many, "--policies", "adaptive,imed", "--horizon", "4000", "--seeds", "4", "--format", "json").Ok().Json.EnumerateArray(),
        ];
        double Regret(string environment, string policy) => rows.Single(row =>
            row.GetProperty("environment").GetString() == environment && row.GetProperty("policy").GetString() == policy).GetProperty("regret").GetDouble();
        Assert.InRange(Regret("ii", "adaptive"), 10, 0.8 * Regret("ii", "kl-ucb"));
        Assert.InRange(Regret("iv", "adaptive-drift"), 20, Regret("iv", "glr-thompson"));
        Assert.InRange(Regret("hidden-riser", "adaptive-drift"), 40, 0.5 * Regret("hidden-riser", "adaptive"));
        Assert.InRange(Regret(Many, "adaptive"), 100, 0.75 * Regret(Many, "imed"));
    }

    /// <summary>The figures of reference for these three lie above ours; a simulation that shares no code with the library sides with ours.</summary>
    [Theory]
    [InlineData("glr-kl-ucb", "Arm")]
    [InlineData("glr-kl-ucb-global", "All")]
    [InlineData("oracle-restart-kl-ucb", "Oracle")]
    public void Restarts_lose_what_they_lose_in_a_textbook_simulation(string policy, string scope)
    {
        const int Seeds = 60;
        JsonElement row = Program.Play("--environment", "iv", "--policies", policy, "--seeds", $"{Seeds}", "--format", "json").Ok().Json[0];
        (double mean, double error) = TextbookRestarts.Regret(Enum.Parse<TextbookRestarts.Scope>(scope), Seeds);
        double ours = row.GetProperty("regret").GetDouble(), combined = Math.Sqrt(error * error + Math.Pow(row.GetProperty("se").GetDouble(), 2));
        Assert.True(Math.Abs(ours - mean) < Alarm * combined, $"{ours} against {mean} ± {combined}");
    }

    [Theory]
    [InlineData("bernoulli:0.5,1.5", "the probability is 1.5; the allowed range is [0, 1]")]
    [InlineData("bernoulli:0.1,0.2;0.3", "phase 1, segment 0 has 1 arms where the first has 2")]
    [InlineData("bernoulli:0.1,0.2;0.3,0.4;0.5,0.6@5,4", "break 4 follows break 5")]
    [InlineData("bernoulli:0.1,0.2+delay=slow/3", "delay 'slow/3' is unknown")]
    [InlineData("bernoulli:0.1,0.2+lost=1", "lost is 1; the allowed range is [0, 1)")]
    [InlineData("outcomes:absent", "real outcomes 'absent' are absent")]
    public void A_wrong_environment_is_named_with_its_value_and_the_allowed_range(string environment, string says) =>
        IsUsageError(Program.Play("--environment", environment), environment, says);

    [Theory]
    [InlineData("--policies", "no-such", "there is no policy 'no-such'; the policies are all, uniform")]
    [InlineData("--seeds", "0", "--seeds is '0'; the allowed range is 1 to")]
    [InlineData("--horizon", "many", "--horizon is 'many'; the allowed range is 1 to")]
    [InlineData("--format", "xml", "--format is 'xml'; the allowed values are table, csv, json")]
    public void A_wrong_option_is_named_with_its_value_and_the_allowed_range(string option, string value, string says) =>
        IsUsageError(Program.Play(option, value), value, says);

    [Fact]
    public void The_page_and_its_pictures_are_written()
    {
        using var files = new CommandLine();
        Program.Play("--environment", "bernoulli:0.9,0.8", "--policies", "uniform,epsilon-greedy", "--horizon", "200", "--seeds", "5", "--write",
            files.PathOf("regret.md")).Ok();
        string page = File.ReadAllText(files.PathOf("regret.md"));
        Assert.Contains("(regret/bernoulli_0.9_0.8.svg)", page, StringComparison.Ordinal);
        Assert.Contains("| epsilon-greedy | 5 |", page, StringComparison.Ordinal);
        Assert.StartsWith("<?xml", File.ReadAllText(files.PathOf("regret/bernoulli_0.9_0.8.svg")), StringComparison.Ordinal);
        Assert.True(new FileInfo(files.PathOf("regret/bernoulli_0.9_0.8.png")).Length > 1000);
    }

    private static void IsUsageError(Run run, params string[] says)
    {
        Assert.Equal(2, run.Code);
        Assert.All(says, text => Assert.Contains(text, run.Error, StringComparison.Ordinal));
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }
}
