using Bandits;
using Bandits.Reliability.Walks;
using Bandits.Storage;
using FsCheck;
using FsCheck.Fluent;

int count = int.Parse(args[0]);
int seed = args.Length > 1 ? int.Parse(args[1]) : 1;
var watch = System.Diagnostics.Stopwatch.StartNew();
for (int i = 0; i < count; i++)
{
    Operation[] walk = Operation.Walks(60).Sample(60, 1).First();
    try { Walk.Take(walk, (Durability)(i % 3), i % 5 == 0 ? Strategy.AdaptiveDrift : Strategy.Learning, seed + i); }
    catch (WalkException e) { Console.WriteLine(e.Message); Console.WriteLine(string.Join(" ", walk)); break; }
}
foreach ((string what, long n) in Walk.Tally.Counts) Console.WriteLine($"{n,8} {what}");
Console.WriteLine(watch.Elapsed);
