namespace Bandits.Segments;

/// <summary>What restating the costs of a cell at another price has changed: to be added to what its evidence says. Adds up over cells, as evidence does.</summary>
/// <param name="Costed">Outcomes of known cost.</param>
/// <param name="CostUsd">Their cost, USD.</param>
/// <param name="CostSquares">Sum of its squares, USD squared.</param>
internal readonly record struct CostShift(double Costed, double CostUsd, double CostSquares)
{
    /// <summary>Three numbers for each arm, up to the last that says anything.</summary>
    public static double[] ToNumbers(CostShift[] shifts)
    {
        int count = shifts.Length;
        while (count > 0 && shifts[count - 1] == default) count--;
        var numbers = new double[3 * count];
        for (int arm = 0; arm < count; arm++) (numbers[3 * arm], numbers[3 * arm + 1], numbers[3 * arm + 2]) = (shifts[arm].Costed, shifts[arm].CostUsd, shifts[arm].CostSquares);
        return numbers;
    }

    public static CostShift operator +(CostShift left, CostShift right) => new(left.Costed + right.Costed, left.CostUsd + right.CostUsd, left.CostSquares + right.CostSquares);

    public static CostShift operator -(CostShift left, CostShift right) => new(left.Costed - right.Costed, left.CostUsd - right.CostUsd, left.CostSquares - right.CostSquares);

    /// <summary>The shift of a cell after its costs have become <paramref name="factor"/> times what they were, and count for at most <paramref name="most"/> outcomes.</summary>
    public CostShift Restated(in Evidence cell, double factor, double most)
    {
        double costed = Math.Max(0, cell.CostCount + Costed), weight = costed > most ? most / costed : 1;
        double usd = Math.Max(0, cell.CostSumUsd + CostUsd) * factor, squares = Math.Max(0, cell.CostSquareSumUsd + CostSquares) * factor * factor;
        return new CostShift(weight * costed - cell.CostCount, weight * usd - cell.CostSumUsd, weight * squares - cell.CostSquareSumUsd);
    }
}
