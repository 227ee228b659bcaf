using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bandits.Integration.Tests;

/// <summary>The program that routes real prompts under a budget: what it prints, refuses and repeats.</summary>
public sealed class RoutingProgramTests
{
    private static readonly BenchmarkProgram Program = new("Bandits.Routing");

    private const double Rounding = 1e-9;

    private static readonly string[] Promised =
        ["experiment", "phase", "budget", "policy", "features", "quality", "quality_low", "quality_high", "cost", "cost_over_budget", "bound_no_context", "bound_area", "share"];

    [Fact]
    public void Json_of_the_set_that_ships_has_the_promised_fields_with_sane_values()
    {
        JsonElement[] rows = [.. Program.Play("--experiment", "budgets", "--seeds", "3", "--format", "json").Ok().Json.EnumerateArray()];
        Assert.Equal(14, rows.Length); // seven budgets, ours and always the cheapest
        Assert.All(rows, static row =>
        {
            Assert.All(Promised, field => Assert.True(row.TryGetProperty(field, out _), field));
            double Of(string field) => row.GetProperty(field).GetDouble();
            Assert.Equal(("paretobandit-val", "budgets", "all"), (row.GetProperty("set").GetString(), row.GetProperty("experiment").GetString(), row.GetProperty("phase").GetString()));
            Assert.InRange(Of("quality"), 0.7, 1);
            Assert.InRange(Of("quality"), Of("quality_low") - Rounding, Of("quality_high") + Rounding);
            Assert.Equal(Of("cost") / Of("budget"), Of("cost_over_budget"), Rounding);
            Assert.InRange(Of("cost_over_budget"), 0.001, 1.5);
            Assert.All((string[])["bound_area", "bound_shuffled_area"], bound => Assert.InRange(Of(bound), Of("bound_no_context") - Rounding, Of("bound_prompt") + Rounding));
            Assert.Equal(Of("quality") - Of("best_single"), Of("over_best_single"), Rounding);
            Assert.Equal(1, row.GetProperty("share").EnumerateObject().Sum(static share => share.Value.GetDouble()), Rounding);
        });
    }

    [Fact]
    public void Each_experiment_reports_its_variants_and_phases()
    {
        JsonElement[] rows = [.. Program.Play("--seeds", "1", "--budgets", "6e-4", "--format", "json").Ok().Json.EnumerateArray()];
        string[] Names(string field, string experiment) =>
            [.. rows.Where(row => row.GetProperty("experiment").GetString() == experiment).Select(row => row.GetProperty(field).GetString()!).Distinct()];
        Assert.Equal(["budgets", "price-drift", "regression", "new-arm", "quality"], rows.Select(static row => row.GetProperty("experiment").GetString()).Distinct());
        Assert.Equal(["silent", "announced"], Names("variant", "price-drift"));
        Assert.Equal(["to 0.75", "by 0.17"], Names("variant", "regression"));
        Assert.Equal(["good and cheap", "bad and cheap", "good and dear"], Names("variant", "new-arm"));
        Assert.Equal(["1", "2", "2, from 150", "3"], Names("phase", "price-drift"));
        Assert.Equal(["1", "2", "2, from 100", "3"], Names("phase", "regression"));
        Assert.Equal(["1", "2", "2, from 100"], Names("phase", "new-arm"));
        Assert.Equal(["paretobandit-val", "routellm"], Names("set", "quality"));
        Assert.Equal(["area", "none", "shuffled"], Names("features", "quality"));
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        string[] what = ["--experiment", "price-drift", "--experiment", "new-arm", "--seeds", "3", "--budgets", "6e-4", "--format", "csv"];
        string alone = Program.Play([.. what, "--threads", "1"]).Ok().Output;
        Assert.Equal(alone, Program.Play([.. what, "--threads", "2"]).Ok().Output);
        string[] lines = alone.TrimEnd().Split('\n');
        Assert.StartsWith("set,experiment,variant,phase,budget,policy,features,quality,quality_low,quality_high,cost,", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + 2 * 4 + 3 * 3, lines.Length);
    }

    /// <summary>Without costs and with two models only quality can be played; the rest is told in notes and the output stays what it was asked to be.</summary>
    [Fact]
    public void Outcomes_without_costs_are_played_for_quality_alone()
    {
        using var files = new CommandLine();
        string file = files.Write("mine.jsonl", Rows(200, static (task, model) => $"\"area\":null,\"reward\":{(model == task % 2 ? 1 : 0)},\"cost_usd\":null", 2));
        Run run = Program.Play("--test", file, "--seeds", "2", "--format", "json").Ok();
        Assert.All(run.Json.EnumerateArray(), static row =>
        {
            Assert.Equal("quality", row.GetProperty("experiment").GetString());
            Assert.All((string[])["budget", "cost", "cost_over_budget"], field => Assert.Equal(JsonValueKind.Null, row.GetProperty(field).ValueKind));
        });
        Assert.Equal(3, run.Json.GetArrayLength());
        Assert.Equal(4, run.Error.TrimEnd().Split('\n').Length);
        Run nothing = Program.Play("--test", file, "--seeds", "2", "--experiment", "new-arm", "--format", "json").Ok();
        Assert.Equal(0, nothing.Json.GetArrayLength());
        Assert.Contains("note: experiment 'new-arm' is skipped on 'mine': not every outcome has a cost, or none has more than nothing.", nothing.Error, StringComparison.Ordinal);
        Assert.Contains("quality on mine, 2 seeds", Program.Play("--test", file, "--seeds", "2").Ok().Output, StringComparison.Ordinal);
    }

    /// <summary>A few costs that a source lacks do not take the budgets away.</summary>
    [Theory]
    [InlineData(20, 10)]
    [InlineData(5, 40)]
    public void Tasks_with_an_answer_of_unknown_cost_are_left_out_where_they_are_few(int every, int lost)
    {
        using var files = new CommandLine();
        string file = files.Write("mine.jsonl", Rows(200, (task, model) => $"\"area\":\"a\",\"reward\":{(model == 0 ? 0.5 : 0.9)},\"cost_usd\":{(task % every == 3 && model == 1 ? "null" : model == 0 ? "0.001" : "0.01")}", 2));
        Run run = Program.Play("--test", file, "--seeds", "2", "--experiment", "budgets", "--budgets", "0.004", "--format", "json").Ok();
        bool isPlayed = lost < 20;
        Assert.Equal(isPlayed ? 2 : 0, run.Json.GetArrayLength());
        Assert.Contains(isPlayed ? $"note: {lost} of 200 tasks of '{file}' are left out: an answer's cost is not known." : "note: experiment 'budgets' is skipped on 'mine': not every outcome has a cost", run.Error, StringComparison.Ordinal);
    }

    /// <summary>In one area the cheap model is right, in the other the dear one; the budget pays the dear one where it is needed.</summary>
    [Fact]
    public void What_the_training_file_teaches_is_used_and_the_models_of_both_files_take_part()
    {
        using var files = new CommandLine();
        static string Row(int task, int model) => $"\"area\":\"{(task % 2 == 0 ? "easy" : "hard")}\",\"reward\":{(model == 1 || task % 2 == 0 ? "0.9" : "0.1")},\"cost_usd\":{(model == 1 ? "0.01" : "0.001")}";
        string train = files.Write("train.jsonl", Rows(600, Row, 3)), test = files.Write("test.jsonl", Rows(400, Row, 2));
        Run run = Program.Play("--train", train, "--test", test, "--experiment", "budgets", "--budgets", "0.006", "--seeds", "3", "--format", "json").Ok();
        JsonElement row = run.Json[0];
        Assert.Equal(["model-0", "model-1"], row.GetProperty("share").EnumerateObject().Select(static share => share.Name));
        Assert.InRange(row.GetProperty("quality").GetDouble(), 0.85, 0.9001);
        Assert.InRange(row.GetProperty("cost_over_budget").GetDouble(), 0.85, 1.01);
        Assert.Equal("note: model 'model-2' is left out: it has answered 0.0 % of the tasks.", run.Error.TrimEnd());
    }

    [Fact]
    public void Twenty_tasks_of_which_some_answers_are_missing_are_enough()
    {
        using var files = new CommandLine();
        string file = files.Write("few.jsonl", Rows(20, static (task, model) => $"\"area\":\"a\",\"reward\":{(task == 7 && model == 3 ? "null" : "0.5")},\"cost_usd\":{(model + 1) * 0.001}", 4));
        JsonElement[] rows = [.. Program.Play("--test", file, "--seeds", "30", "--format", "json").Ok().Json.EnumerateArray()];
        Assert.Equal(["budgets", "price-drift", "regression", "new-arm", "quality"], rows.Select(static row => row.GetProperty("experiment").GetString()).Distinct());
        Assert.All(rows, static row => Assert.Equal(0.5, row.GetProperty("bound_prompt").GetDouble(), 0.5));
    }

    [Fact]
    public void Texts_are_played_in_every_experiment()
    {
        JsonElement[] rows = [.. Program.Play("--features", "text,area+text", "--seeds", "1", "--budgets", "6e-4", "--experiment", "budgets", "--experiment", "price-drift", "--experiment", "regression", "--experiment", "new-arm",
            "--format", "json").Ok().Json.EnumerateArray()];
        foreach (IGrouping<string, JsonElement> experiment in rows.GroupBy(static row => row.GetProperty("experiment").GetString()!))
        {
            JsonElement[] ours = [.. experiment.Where(static row => row.GetProperty("policy").GetString() == "bandits")];
            Assert.Equal(["text", "area+text"], ours.Select(static row => row.GetProperty("features").GetString()).Distinct());
            Assert.Equal(ours.Length, 2 * ours.Count(static row => row.GetProperty("features").GetString() == "text"));
            Assert.All(ours, row => Assert.All(Promised, field => Assert.True(row.TryGetProperty(field, out _), field)));
        }

        Assert.Equal(4, rows.Select(static row => row.GetProperty("experiment").GetString()).Distinct().Count());
    }

    /// <summary>One word of the prompt says which model is right; without areas only the text can know it.</summary>
    [Fact]
    public void What_a_prompt_says_is_learnt()
    {
        using var files = new CommandLine();
        (string outcomes, string prompts) = Worded(files, "all", 800, 0, static task => task % 2 == 0 ? "alpha" : "omega");
        JsonElement[] rows = [.. Program.Play("--test", outcomes, "--tasks", prompts, "--features", "none,text", "--experiment", "quality", "--seeds", "2", "--format", "json").Ok().Json.EnumerateArray()];
        double Of(string features) => Array.Find(rows, row => row.GetProperty("features").GetString() == features).GetProperty("quality").GetDouble();
        Assert.InRange(Of("none"), 0.4, 0.6);
        Assert.InRange(Of("text"), 0.8, 1);
    }

    /// <summary>
    /// Words that only judged prompts have are unknown to a fit that has not seen them, so it makes no difference which they are, though they tell the right model. Fitted to them as well it would: words of many texts become
    /// features. In prompts that are learnt from they do make a difference.
    /// </summary>
    [Fact]
    public void Features_are_not_fitted_to_the_prompts_that_are_judged()
    {
        using var files = new CommandLine();
        static string Right(int task) => task % 2 == 0 ? "alpha" : "omega";
        string Played(string name, Func<int, string> learnt, Func<int, string> judged)
        {
            (string train, string trainPrompts) = Worded(files, $"train-{name}", 200, 0, learnt);
            (string test, string testPrompts) = Worded(files, $"test-{name}", 200, 1000, judged);
            string[] rows = Program.Play("--train", train, "--test", test, "--tasks", trainPrompts, "--tasks", testPrompts, "--features", "text", "--experiment", "quality", "--seeds", "2", "--format", "csv").Ok().Output.Split('\n');
            return rows[1][rows[1].IndexOf(',', StringComparison.Ordinal)..]; // without the name of the set
        }

        string blind = Played("blind", static _ => "gamma", static _ => "omega");
        Assert.Contains(",text,", blind, StringComparison.Ordinal);
        Assert.Equal(blind, Played("telling", static _ => "gamma", Right));
        Assert.NotEqual(blind, Played("learnt", Right, Right));
    }

    [Fact]
    public void Texts_that_are_missing_are_named()
    {
        using var files = new CommandLine();
        string file = files.Write("silent.jsonl", Rows(8, static (task, _) => $"\"area\":\"a\",\"reward\":0.5,\"cost_usd\":0.001", 2));
        IsUsageError(Program.Play("--test", file, "--features", "area+text", "--seeds", "1"), "--features area+text needs the texts of the prompts: 8 of the 8 tasks of 'silent' have none, 'task-0' for one; --tasks FILE gives them");
        string some = files.Write("texts.jsonl", "{\"task_id\":\"task-0\",\"prompt\":\"hello\"}\n{\"task_id\":\"task-1\",\"prompt\":\"\"}\n");
        IsUsageError(Program.Play("--test", file, "--tasks", some, "--features", "text", "--seeds", "1"), "7 of the 8 tasks of 'silent' have none, 'task-1' for one");
        string few = files.Write("few.jsonl", Rows(2, static (_, _) => "\"area\":\"a\",\"reward\":0.5,\"cost_usd\":0.001", 2));
        string both = files.Write("both.jsonl", "{\"task_id\":\"task-0\",\"prompt\":\"hello\"}\n{\"task_id\":\"task-1\",\"prompt\":\"hello\"}\n");
        IsUsageError(Program.Play("--test", few, "--tasks", both, "--features", "text", "--seeds", "1"), "'few' has 1 task(s) to learn from, and it takes 2 or more");
    }

    [Theory]
    [InlineData("--seeds", "0", "--seeds is '0'; the allowed range is 1 to")]
    [InlineData("--threads", "-1", "--threads is '-1'; the allowed range is 1 to")]
    [InlineData("--format", "xml", "--format is 'xml'; the allowed values are table, csv, json")]
    [InlineData("--budgets", "1e-4,0", "--budgets has '0'; the allowed range is 1e-9 to")]
    [InlineData("--budgets", "", "--budgets has ''")]
    [InlineData("--features", "area,colour", "--features is 'colour'; the allowed values are area, text, area+text, none, shuffled")]
    [InlineData("--experiment", "chaos", "--experiment is 'chaos'; the allowed values are budgets, price-drift, regression, new-arm, quality")]
    [InlineData("--new-arm", "nobody", "--new-arm is 'nobody'; the models are meta-llama/llama-3.1-8b-instruct, ")]
    [InlineData("--test", "absent.jsonl", "'absent.jsonl' cannot be read: ")]
    [InlineData("--tasks", "absent.jsonl", "'absent.jsonl' cannot be read: ")]
    [InlineData("--colour", "red", "Unrecognized command or argument '--colour'")]
    public void A_wrong_option_is_named_with_its_value_and_what_is_allowed(string option, string value, string says) => IsUsageError(Program.Play(option, value), says);

    [Theory]
    [InlineData("", "holds no outcomes")]
    [InlineData("no json", "line 1: the line is no JSON.")]
    [InlineData("[1]", "line 1: the line is no JSON object")]
    [InlineData("""{"model":"m","reward":1}""", "line 1: task_id is absent; it must be a text")]
    [InlineData("""{"task_id":7,"model":"m","reward":1}""", "line 1: task_id is 7; it must be a text")]
    [InlineData("""{"task_id":"t","model":null,"reward":1}""", "line 1: model is absent; it must be a text")]
    [InlineData("""{"task_id":"t","model":"m"}""", "line 1: reward is absent; it must be a number in [0, 1], or null")]
    [InlineData("""{"task_id":"t","model":"m","reward":1.5}""", "line 1: reward is 1.5; it must be a number in [0, 1], or null")]
    [InlineData("""{"task_id":"t","model":"m","reward":"good"}""", "line 1: reward is \"good\"")]
    [InlineData("""{"task_id":"t","model":"m","reward":1,"area":3}""", "line 1: area is 3; it must be a text")]
    [InlineData("""{"task_id":"t","model":"m","reward":1,"cost_usd":-0.1}""", "line 1: cost_usd is -0.1; it must be a number in [0, 10000], or null")]
    [InlineData("""{"task_id":"t","model":"m","reward":1,"cost_usd":1e999}""", "line 1: cost_usd is 1e999")]
    [InlineData("""{"task_id":"t","model":"m","reward":1}""", "1 model(s) have answered at least 90 % of the tasks; 2 or more are needed")]
    [InlineData("{\"task_id\":\"t\",\"model\":\"m\",\"reward\":1}\n{\"task_id\":\"t\",\"model\":\"n\",\"reward\":1}", "1 task(s) to be judged on have an answer of every model; 2 or more are needed")]
    public void A_file_that_is_none_is_named_with_the_line_and_what_is_wrong(string content, string says)
    {
        using var files = new CommandLine();
        IsUsageError(Program.Play("--test", files.Write("bad.jsonl", content), "--seeds", "1"), says);
    }

    [Fact]
    public void The_page_and_its_pictures_are_written()
    {
        using var files = new CommandLine();
        Program.Play("--seeds", "2", "--budgets", "3e-4,2e-3", "--write", files.PathOf("routing.md")).Ok();
        string page = File.ReadAllText(files.PathOf("routing.md"));
        foreach (string text in (string[])["# Routing real prompts", "## Goals", "| **missed** |", "| met |", "## budgets on paretobandit-val", "### price-drift, announced", "## quality on routellm", "## What the text of a prompt adds", "| paretobandit-val | 3.00e-4 | area+text |", "| routellm | any | text |", "| commit | "])
            Assert.Contains(text, page, StringComparison.Ordinal);
        string[] pictures = ["frontier", "budgets-spending", "price-drift-spending", "price-drift-traffic", "regression-traffic", "new-arm-traffic"];
        foreach (string picture in pictures)
        {
            string name = $"routing/paretobandit-val-{picture}";
            Assert.Contains($"({name}.svg)", page, StringComparison.Ordinal);
            Assert.StartsWith("<?xml", File.ReadAllText(files.PathOf($"{name}.svg")), StringComparison.Ordinal);
            Assert.True(new FileInfo(files.PathOf($"{name}.png")).Length > 10_000);
        }
    }

    [Fact]
    public void What_cannot_be_written_is_a_usage_error()
    {
        using var files = new CommandLine();
        Run run = Program.Play("--seeds", "1", "--experiment", "budgets", "--budgets", "1e-3", "--out", Path.Combine(files.Write("file", "in the way"), "pictures"));
        Assert.Equal(2, run.Code);
        Assert.Contains("cannot be written", run.Error, StringComparison.Ordinal);
    }

    /// <summary>One line a task and model.</summary>
    private static string Rows(int tasks, Func<int, int, string> rest, int models)
    {
        var text = new StringBuilder();
        for (int task = 0; task < tasks; task++)
            for (int model = 0; model < models; model++) text.Append(CultureInfo.InvariantCulture, $"{{\"task_id\":\"task-{task}\",\"model\":\"model-{model}\",{rest(task, model)}}}\n");
        return text.ToString();
    }

    /// <summary>Tasks of two models of which the even ones suit the first, with prompts that are alike but for a word of five letters.</summary>
    private static (string Outcomes, string Prompts) Worded(CommandLine files, string name, int tasks, int first, Func<int, string> word)
    {
        StringBuilder outcomes = new(), prompts = new();
        for (int task = first; task < first + tasks; task++)
        {
            for (int model = 0; model < 2; model++)
                outcomes.Append(CultureInfo.InvariantCulture, $"{{\"task_id\":\"t{task}\",\"model\":\"m{model}\",\"area\":null,\"reward\":{(model == task % 2 ? 1 : 0)},\"cost_usd\":null}}\n");
            prompts.Append(CultureInfo.InvariantCulture, $"{{\"task_id\":\"t{task}\",\"prompt\":\"please answer ; {word(task)} ; in {(task % 3 == 0 ? "full" : "short")}\"}}\n");
        }

        return (files.Write($"{name}.jsonl", outcomes.ToString()), files.Write($"{name}-prompts.jsonl", prompts.ToString()));
    }

    private static void IsUsageError(Run run, string says)
    {
        Assert.Equal(2, run.Code);
        Assert.StartsWith("bandits-routing: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }
}
