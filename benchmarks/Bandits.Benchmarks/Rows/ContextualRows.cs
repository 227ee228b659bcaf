using Bandits.Benchmarks.Baselines;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>Linear models, against what it takes to move their bytes: those of a symmetric matrix an arm, each number once.</summary>
internal static class ContextualRows
{
    /// <summary>Coefficients of 25 principal components and an intercept.</summary>
    private const int Few = 26;

    /// <summary>Arms of the small model, as in the portfolio that the regret page uses.</summary>
    private const int FewArms = 3;

    private const int Many = 128;

    /// <summary>Coefficients of a common embedding and an intercept.</summary>
    private const int Embedding = 385;

    private const int ManyArms = 4;
    private const string Read = "reading the same bytes, vector by vector";

    private static readonly int[] s_large = [Many, Embedding];

    public static IEnumerable<Row> All()
    {
        yield return Score(Few, FewArms, 256, Goal.AtMost(3.5));
        foreach (int dimension in s_large) yield return Score(dimension, ManyArms, dimension == Many ? 64 : 8, Goal.AtMost(1.4));
        yield return new TimedRow
        {
            Name = RowNames.RouteBudgeted,
            SetUp = Budgeted,
            Against = Read,
            RatioGoal = Goal.AtMost(6),
            BytesGoal = Goal.AtMost(0),
        };
        foreach (int dimension in s_large)
        {
            yield return new TimedRow
            {
                Name = RowNames.LinearUpdate(dimension),
                SetUp = () => Update(dimension),
                Against = "reading the same bytes, then changing each",
                RatioGoal = Goal.AtMost(1.9),
                BytesGoal = Goal.AtMost(0),
            };
        }
    }

    private static Contest Budgeted() => new(new RouteBudgeted(Few, FewArms), new ReadBytes(FewArms * LinearTraffic.Of(Few, FewArms).PackedLength, 256));

    private static TimedRow Score(int dimension, int arms, int count, Goal goal) => new()
    {
        Name = RowNames.LinearScore(dimension, arms),
        SetUp = () => Score(dimension, arms, count),
        Against = Read,
        RatioGoal = goal,
        BytesGoal = Goal.AtMost(0),
    };

    private static Contest Score(int dimension, int arms, int count)
    {
        LinearTraffic traffic = LinearTraffic.Of(dimension, arms);
        return new Contest(new LinearScore(traffic, count), new ReadBytes(arms * traffic.PackedLength, count));
    }

    private static Contest Update(int dimension)
    {
        LinearTraffic traffic = LinearTraffic.Of(dimension, 1);
        var update = new LinearUpdate(traffic);
        return new Contest(update, new ReadModifyWrite(traffic.PackedLength, update.Count));
    }
}
