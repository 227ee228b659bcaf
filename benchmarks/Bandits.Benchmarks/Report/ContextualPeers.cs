using Bandits.Benchmarks.Rows;

namespace Bandits.Benchmarks.Report;

/// <summary>The figures of other contextual bandit libraries beside ours.</summary>
/// <remarks>Theirs were taken once on the same kind of machine and are quoted, not measured here.</remarks>
internal static class ContextualPeers
{
    public static void Write(TextWriter to, IReadOnlyList<Finding> findings)
    {
        string Ours(string name) => findings.FirstOrDefault(finding => finding.Name == name)?.Subject is { } subject ? Figures.Time(subject.Median) : "not measured in this run";

        to.WriteLine("| what | theirs | Bandits |");
        to.WriteLine("|---|---:|---:|");
        to.WriteLine($"| ParetoBandit, one decision, 26 coefficients, 3 arms | 42 us, 50 us under its budget pacer | {Ours(RowNames.RouteBudgeted)}, under a budget |");
        to.WriteLine("| ParetoBandit, one outcome, 26 coefficients | 47 us, 50 us under its budget pacer | no row of this size |");
        to.WriteLine($"| ParetoBandit, one decision, 385 coefficients | 400 us | {Ours(RowNames.LinearScore(385, 4))}, score of 4 arms alone |");
        to.WriteLine($"| ParetoBandit, one outcome, 385 coefficients | 941 us | {Ours(RowNames.LinearUpdate(385))}, update of the model alone |");
        to.WriteLine($"| MABWiser, LinUCB, one decision, 26 coefficients, 3 arms | 144 us | {Ours(RowNames.RouteBudgeted)}, under a budget |");
        to.WriteLine("| MABWiser, LinUCB, one outcome, 26 coefficients | 857 us | no row of this size |");
        to.WriteLine("| Vowpal Wabbit 9.11, one cached prediction | 5.1 us | another model: no row |");
        to.WriteLine("| Vowpal Wabbit 9.11, one learned event | 10.8 us | another model: no row |");
    }
}
