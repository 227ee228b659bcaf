using Bandits;
using Bandits.Reliability.Walks;
using Bandits.Storage;
using FsCheck;
using FsCheck.Fluent;

if (args[0] == "again")
{
    Operation[] again = [.. System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(args[1]), @"(\w+)\((\d+),(\d+)\)").Select(m => new Operation(Enum.Parse<OperationKind>(m.Groups[1].Value), int.Parse(m.Groups[2].Value), int.Parse(m.Groups[3].Value)))];
    int failed = 0;
    for (int i = 0; i < int.Parse(args[3]); i++)
    {
        try { Walk.Take(again, Enum.Parse<Durability>(args[2]), Strategy.Learning, i); }
        catch (WalkException e) { failed++; if (failed < 3) Console.WriteLine(e.Message); }
    }

    Console.WriteLine($"{failed} of 300 failed");
    return;
}

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
