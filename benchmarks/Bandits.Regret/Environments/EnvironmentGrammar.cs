using System.Globalization;
using System.Text.RegularExpressions;

namespace Bandits.Regret.Environments;

/// <summary>The language in which environments are written; <see cref="Text"/> describes it.</summary>
internal static partial class EnvironmentGrammar
{
    private const int MostArms = 65535;
    private const int MostSegments = 1000;

    private static readonly LawFamily[] Families = [new Bernoulli(), new Gaussian(), new Graded(), new LognormalCost(), new ParetoCost()];

    /// <summary>The grammar, for <c>--help</c> and the document.</summary>
    public static string Text { get; } = $"""
        environment = (NAME | KIND ":" phases ["@" breaks]) {"{"} "+" suffix {"}"}
        phases      = segments {"{"} ";" segments {"}"}          laws that follow each other
        segments    = arms {"{"} "|" arms {"}"}                  segments with equal shares of the traffic
        arms        = arm {"{"} "," arm {"}"}                    arms are numbered from 0
        arm         = number {"{"} "/" number {"}"} ["x" COUNT]  COUNT alike: 0.05x3
                    | LOW ".." HIGH {"{"} "/" number {"}"} "x" COUNT   COUNT evenly spaced, both ends included: 0.1..0.9x9
        breaks      = ROUND {"{"} "," ROUND {"}"}                the first ROUND decisions belong to the first phase, and so on;
                                                        one fewer than phases, ascending.
                                                        One number before several breaks is the length of every phase but the last, which stays:
                                                        @2000 with five phases is @2000,4000,6000,8000. Left out: phases of equal length.

        kinds, and what an arm's numbers are ([...] may be left out):
        {string.Join('\n', Families.Select(static family => $"  {family.Name,-11} {family.About}"))}
          {"piecewise",-11} bernoulli with two phases or more
          {Adversarial.Name,-11} {Adversarial.About}
          {RealOutcomes.Name,-11} SET: real outcomes of real models, tasks drawn with replacement: paretobandit-val (ships), routellm (from ../shared/data)

        suffixes, any number, for any environment:
          +delay=fixed/N | geometric/MEAN | outcome/FAILURE-MEAN/SUCCESS-MEAN   decisions made before an outcome is known
          +lost=SHARE                       share of outcomes that never come
          +arrive=ARM@ROUND[,ARM@ROUND...]  the arm joins after ROUND decisions
          +leave=ARM@ROUND[,ARM@ROUND...]   the arm is disabled after ROUND decisions
          +areas                            outcomes: one segment for each area of the set
          +value=USD                        outcomes: utility = USD quality - cost; quality alone without it
        """;

    public static Blueprint Parse(string text)
    {
        try
        {
            string[] parts = SuffixStart().Split(text.Trim());
            if (!parts[0].Contains(':', StringComparison.Ordinal)) parts = [.. SuffixStart().Split(TextOf(parts[0].Trim())), .. parts.Skip(1)];
            int colon = parts[0].IndexOf(':', StringComparison.Ordinal);
            Blueprint environment = ReadKind(parts[0][..colon].Trim(), parts[0][(colon + 1)..], parts.Skip(1));
            foreach (string suffix in parts.Skip(1)) environment = WithSuffix(environment, suffix.Trim());
            return environment with { Name = text };
        }
        catch (UsageException e) when (!e.Message.StartsWith("environment '", StringComparison.Ordinal))
        {
            throw new UsageException($"environment '{text}': {e.Message}");
        }
    }

    private static string TextOf(string name) => NamedEnvironments.Find(name)?.Text
        ?? throw new UsageException($"there is no environment of this name; the names are "
            + $"{string.Join(", ", NamedEnvironments.All.Select(static e => e.Name))}, the kinds {Kinds}.");

    private static string Kinds => string.Join(", ", Families.Select(static family => family.Name).Concat(["piecewise", Adversarial.Name, RealOutcomes.Name]));

    private static Blueprint ReadKind(string kind, string rest, IEnumerable<string> suffixes)
    {
        switch (kind)
        {
            case Adversarial.Name:
                double[] numbers = Numbers(rest, Adversarial.Parameters, "the adversary");
                if (numbers[0] != Math.Floor(numbers[0])) throw UsageException.Range("the number of arms", numbers[0], "2 to 65535, whole");
                return new Blueprint
                {
                    Name = "",
                    Arms = (int)numbers[0],
                    Shares = [1],
                    PhasesWithin = horizon => Adversarial.Phases((int)numbers[0], numbers[1], numbers[2], horizon),
                };
            case RealOutcomes.Name:
                return ReadOutcomes(rest.Trim(), suffixes);
            case "piecewise" when !rest.Contains(';', StringComparison.Ordinal):
                throw new UsageException("piecewise has 1 phase; it needs 2 or more, separated by ';'.");
        }

        LawFamily family = Array.Find(Families, f => f.Name == (kind == "piecewise" ? "bernoulli" : kind))
            ?? throw new UsageException($"there is no kind '{kind}'; the kinds are {Kinds}.");
        string[] halves = rest.Split('@');
        if (halves.Length > 2) throw new UsageException($"'@' occurs {halves.Length - 1} times; it is allowed once, before the breaks.");
        string[] phases = halves[0].Split(';');
        int arms = 0, segments = 0;
        var numbersOfArms = new List<double[]>();
        for (int phase = 0; phase < phases.Length; phase++)
        {
            string[] parts = phases[phase].Split('|');
            if (phase > 0 && parts.Length != segments) throw new UsageException($"phase {phase} has {parts.Length} segments where phase 0 has {segments}.");
            segments = parts.Length;
            if (segments > MostSegments) throw UsageException.Range("the number of segments", segments, $"1 to {MostSegments}");
            for (int segment = 0; segment < segments; segment++)
            {
                int before = numbersOfArms.Count;
                foreach (string arm in parts[segment].Split(',')) ReadArm(arm.Trim(), family, numbersOfArms);
                int here = numbersOfArms.Count - before;
                if (here > MostArms) throw UsageException.Range("the number of arms", here, $"1 to {MostArms}");
                if (before > 0 && here != arms) throw new UsageException($"phase {phase}, segment {segment} has {here} arms where the first has {arms}.");
                arms = here;
            }
        }

        Law[] laws = family.Make([.. numbersOfArms]);
        Law[][] byPhase = [.. laws.Chunk(arms * segments)];
        int[]? breaks = halves.Length == 2 ? ReadBreaks(halves[1], phases.Length) : null;
        return new Blueprint
        {
            Name = "",
            Arms = arms,
            Shares = [.. Enumerable.Repeat(1.0 / segments, segments)],
            HasCost = family.HasCost,
            PhasesWithin = horizon => [.. byPhase.Select((l, p) => new Phase(p == 0 ? 0 : breaks?[p - 1] ?? (int)((long)horizon * p / byPhase.Length), l))],
        };
    }

    private static Blueprint ReadOutcomes(string set, IEnumerable<string> suffixes)
    {
        bool byArea = suffixes.Contains("areas");
        double? value = null;
        if (suffixes.LastOrDefault(static s => s.StartsWith("value=", StringComparison.Ordinal)) is { } text)
        {
            value = Number(text["value=".Length..], "value");
            if (!(value is > 0 and <= 1e6)) throw UsageException.Range("value", value, "(0, 1e6] USD");
        }

        RealOutcomes outcomes = RealOutcomes.Load(set);
        (Law[] laws, double[] shares) = outcomes.Laws(byArea, value);
        return new Blueprint
        {
            Name = "",
            IsReal = true,
            Arms = outcomes.Arms.Length,
            Shares = shares,
            HasCost = value is not null,
            ValueUsd = value ?? 1,
            PhasesWithin = _ => [new Phase(0, laws)],
        };
    }

    private static Blueprint WithSuffix(Blueprint environment, string suffix)
    {
        int equals = suffix.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? suffix : suffix[..equals], value = equals < 0 ? "" : suffix[(equals + 1)..];
        switch (name)
        {
            case "delay": return environment with { Delivery = environment.Delivery.WithDelay(value) };
            case "lost":
                double share = Number(value, "lost");
                return share is >= 0 and < 1
                    ? environment with { Delivery = environment.Delivery with { LostShare = share } }
                    : throw UsageException.Range("lost", share, "[0, 1)");
            case "arrive": return environment with { Arrivals = ReadMoves(value, "arrive", environment.Arms) };
            case "leave": return environment with { Departures = ReadMoves(value, "leave", environment.Arms) };
            case "areas" or "value": // read with the outcomes they belong to
                return environment.IsReal ? environment : throw new UsageException($"+{name} belongs to {RealOutcomes.Name}.");
            default: throw new UsageException($"there is no suffix '+{name}'; there are +delay, +lost, +arrive, +leave, +areas, +value.");
        }
    }

    private static Dictionary<int, int> ReadMoves(string text, string name, int arms)
    {
        var moves = new Dictionary<int, int>();
        foreach (string move in text.Split(','))
        {
            string[] parts = move.Split('@');
            if (parts.Length != 2) throw new UsageException($"{name} '{move}' is not of the form ARM@ROUND.");
            int arm = Whole(parts[0], $"{name}: arm", 0, arms - 1);
            if (!moves.TryAdd(arm, Whole(parts[1], $"{name}: round", 1, int.MaxValue))) throw new UsageException($"{name}: arm {arm} is given twice.");
        }

        return moves;
    }

    private static int[] ReadBreaks(string text, int phases)
    {
        int[] breaks = Array.ConvertAll(text.Split(','), part => Whole(part, "break", 1, int.MaxValue));
        if (phases == 1) throw new UsageException("there are breaks after '@' but only 1 phase; phases are separated by ';'.");
        if (breaks.Length == 1) breaks = [.. Enumerable.Range(1, phases - 1).Select(phase => (int)Math.Min(int.MaxValue, (long)breaks[0] * phase))];
        if (breaks.Length != phases - 1)
            throw new UsageException($"there are {breaks.Length} breaks for {phases} phases; allowed are {phases - 1}, or 1 for phases of one length.");
        for (int i = 1; i < breaks.Length; i++)
            if (breaks[i] <= breaks[i - 1]) throw new UsageException($"break {breaks[i]} follows break {breaks[i - 1]}; breaks ascend.");
        return breaks;
    }

    /// <summary>Reads one arm or several alike.</summary>
    private static void ReadArm(string text, LawFamily family, List<double[]> into)
    {
        string thing = $"arm '{text}'";
        if (text.Length == 0) throw new UsageException("an arm is empty; arms are numbers separated by ','.");
        int times = text.LastIndexOf('x'), dots = text.IndexOf("..", StringComparison.Ordinal);
        int count = times < 0 ? 1 : Whole(text[(times + 1)..], $"{thing}: the count after 'x'", 1, MostArms);
        string one = times < 0 ? text : text[..times];
        if (dots < 0)
        {
            double[] numbers = Numbers(one, family.Parameters, thing);
            for (int i = 0; i < count; i++) into.Add(numbers);
            return;
        }

        if (count < 2) throw new UsageException($"{thing}: a range needs a count of 2 or more, as in 0.1..0.9x9.");
        string low = one[..dots], rest = one[(dots + 2)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        double[] first = Numbers(slash < 0 ? low : low + rest[slash..], family.Parameters, thing), last = Numbers(rest, family.Parameters, thing);
        for (int i = 0; i < count; i++) into.Add([((count - 1 - i) * first[0] + i * last[0]) / (count - 1), .. first.AsSpan(1)]);
    }

    private static double[] Numbers(string text, IReadOnlyList<Parameter> parameters, string thing)
    {
        string[] parts = text.Split('/');
        string all = string.Join('/', parameters.Select(static p => p.Name));
        if (parts.Length > parameters.Count) throw new UsageException($"{thing} has {parts.Length} numbers; allowed are {all}.");
        var numbers = new double[parameters.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            Parameter parameter = parameters[i];
            numbers[i] = i < parts.Length ? Number(parts[i], $"{thing}: the {parameter.Name}")
                : parameter.Default ?? throw new UsageException($"{thing} lacks its {parameter.Name}; an arm is {all}.");
            if (!parameter.Allows(numbers[i])) throw UsageException.Range($"{thing}: the {parameter.Name}", numbers[i], parameter.Range);
        }

        return numbers;
    }

    private static double Number(string text, string thing) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number : throw new UsageException($"{thing} is '{text}', which is not a finite number.");

    private static int Whole(string text, string thing, int least, int most) =>
        !int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number)
            ? throw new UsageException($"{thing} is '{text}'; it must be a whole number in [{least}, {most}].")
        : number >= least && number <= most ? number : throw UsageException.Range(thing, number, $"[{least}, {most}]");

    /// <summary>A plus sign before a letter; one before a digit belongs to a number.</summary>
    [GeneratedRegex(@"\+(?=[a-zA-Z])")]
    private static partial Regex SuffixStart();
}
