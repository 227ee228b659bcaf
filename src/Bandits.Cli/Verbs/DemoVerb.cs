using System.CommandLine;
using System.Globalization;
using Bandits.Cli.Demo;
namespace Bandits.Cli.Verbs;

internal static class DemoVerb
{
    public static Command Create()
    {
        var v = new Command("demo", "");
        v.SetAction(_ => {
            foreach (double r in (double[])[0.002, 0.005, 0.02, 0.1,0.2, 0.3, 0.5, 1])
            {
                var rep = ReplayReport.Run(r);
                Console.WriteLine($"ref {r} V {rep.ValueUsd:F4}");
                foreach (var row in rep.Rows) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {row.Name,-16} q={row.Quality:F4} c={row.CostUsd:F5} u={row.UtilityUsd:F5} above={row.AboveMixing:F4}±{row.StandardError:F4} {string.Join(" ", row.Shares.Select(s => s.ToString("P0")))}"));
            }
        });
        return v;
    }
}
