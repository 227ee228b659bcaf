namespace Bandits.Routing.Bounds;

/// <summary>Hindsight bounds of one phase, means over seeds.</summary>
/// <param name="NoContext">Treating all tasks alike.</param>
/// <param name="Area">Treating tasks of an area alike.</param>
/// <param name="Shuffled">The same with the labels of areas dealt out at random: what fitting noise gives.</param>
/// <param name="Prompt">Knowing every prompt.</param>
/// <param name="GapError">Standard error of <see cref="Area"/> - <see cref="Shuffled"/>, paired by task; the mean over seeds, which share their tasks.</param>
/// <param name="FreeAreaCostUsd">What the bound by area would spend if it might, USD.</param>
internal sealed record Hindsight(double NoContext, double Area, double Shuffled, double Prompt, double GapError, double FreeAreaCostUsd)
{
    public static Hindsight Mean(IReadOnlyList<Hindsight> seeds)
    {
        double Of(Func<Hindsight, double> part) => seeds.Average(part);
        return new Hindsight(
            Of(static b => b.NoContext), Of(static b => b.Area), Of(static b => b.Shuffled), Of(static b => b.Prompt), Of(static b => b.GapError), Of(static b => b.FreeAreaCostUsd));
    }
}
