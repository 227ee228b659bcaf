namespace Bandits.Benchmarks.Rows;

/// <summary>Names of the rows that the comparison with the original quotes.</summary>
internal static class RowNames
{
    public const string RouteKept = "route: learning, nothing recorded in between";
    public const string RouteAnew = "route: learning, right after an outcome in the same segment";
    public const string Import = "import to aggregates, keys in the order the original writes";
    public const string KeptBytes = "import: bytes kept per distinct record besides the file";
    public const string Savings = "query: savings";
    public const string RouteBudgeted = "route with budget, 3 arms, 26 coefficients, everything included";

    public static string LinearScore(int coefficients, int arms) => $"linear model, score of {arms} arms, {coefficients} coefficients";

    public static string LinearUpdate(int coefficients) => $"linear model, update of one arm, {coefficients} coefficients";
}
