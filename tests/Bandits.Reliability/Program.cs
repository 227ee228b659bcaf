using Bandits.Reliability;
using Bandits.Reliability.Kills;
using Bandits.Reliability.Soaks;
using Bandits.Storage;
if (args[0] == "--writer") return Writer.Run(args[1], Enum.Parse<Durability>(args[3]), int.Parse(args[5]), Enum.Parse<Phase>(args[7]), int.Parse(args[9]));
var r = SoakSuite.Run(Tier.Push with { Soak = TimeSpan.FromSeconds(int.Parse(args[0])) }, 1);
Console.WriteLine(r);
foreach (var f in r.Figures) Console.WriteLine(f);
return 0;
