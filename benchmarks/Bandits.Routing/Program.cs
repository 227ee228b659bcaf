using Bandits;
using Bandits.Routing.Bounds;
using Bandits.Routing.Outcomes;
using Bandits.Routing.Running;

var set = OutcomeSet.Read("/work/shared/data/paretobandit-val/data.jsonl.gz");
string[] models = [.. set.Models.Where(m => set.AnsweredBy(m) == 1)];
RoutingTask[] tasks = set.Restrict(models);
Arm[] arms = PriceList.ArmsOf(models, ["/work/shared/data/paretobandit-val/data.jsonl.gz"], tasks);
double lo = tasks.Average(t => t.CostUsd.Min()), hi = 1.504e-2; lo = 2.929e-5;
int seeds = 20;
for (int b = 0; b < 7; b++)
{
    double budget = lo * Math.Pow(hi / lo, b / 6.0);
    var rs = new List<(double q, double c, double w, double none, double area, double shuf, double se, double cheap)>(); var shares = new double[3];
    Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
    {
        var order = Runner.Shuffle(tasks, seed, 1);
        var train = order[..(order.Length / 2)]; var test = order[(order.Length / 2)..];
        var router = new BanditRouter(Runner.OptionsOf(arms, budget, (ulong)seed));
        var res = Runner.Run(router, [new Stretch("train", train), new Stretch("test", test)], Context.Area)[1];
        double[][] q = [.. test.Select(t => t.Quality)], c = [.. test.Select(t => t.CostUsd)];
        string[] areas = [.. test.Select(t => t.Area).Distinct()]; int[] g = [.. test.Select(t => Array.IndexOf(areas, t.Area))]; int[] sh = Runner.Shuffle(g, seed, 2);
        var bn = SpendBound.Of(q, c, new int[test.Length], budget); var ba = SpendBound.Of(q, c, g, budget); var bs = SpendBound.Of(q, c, sh, budget);
        var d = ba.QualityByTask(q, g).Zip(bs.QualityByTask(q, sh), (x, y) => x - y).ToArray(); double se = Math.Sqrt(d.Sum(x => (x - d.Average()) * (x - d.Average())) / d.Length / d.Length);
        lock (rs) { rs.Add((res.MeanQuality, res.MeanCostUsd / budget, res.WorstWindow(100) / budget, bn.Quality, ba.Quality, bs.Quality, se, test.Average(t => t.CostUsd[0]) / budget)); foreach (int a in res.Arms) shares[a]++; }
    });
    double A(Func<(double q, double c, double w, double none, double area, double shuf, double se, double cheap), double> f) => rs.Average(f);
    Console.WriteLine($"{budget:E2} q {A(x => x.q):F4} vs none {A(x => x.q - x.none):F4} vs half {A(x => x.q - (x.area + x.shuf) / 2):F4} gap {A(x => x.area - x.shuf):F4} 2se {2 * A(x => x.se):F4} c/B {A(x => x.c):F4} p95 {rs.Select(x => x.c).Order().ElementAt(18):F3} worst {rs.Max(x => x.w):F2} cheap {A(x => x.cheap):F3} sh {string.Join(" ", shares.Select(s => (s / shares.Sum()).ToString("F3")))}");
}
