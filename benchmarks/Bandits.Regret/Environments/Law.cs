namespace Bandits.Regret.Environments;

/// <summary>The law of what one arm brings: quality in [0, 1], perhaps a cost, and the exact mean of its utility.</summary>
internal abstract class Law
{
    /// <summary>Exact mean utility, in the units in which regret is counted.</summary>
    public abstract double Mean { get; }

    /// <summary>Whether quality is 0 or 1.</summary>
    public virtual bool IsBinary => false;

    /// <summary>Exact mean cost, USD.</summary>
    public virtual double MeanCostUsd => 0;

    /// <summary>What this arm brings in this round; the same whoever asks, and however often.</summary>
    public abstract void Draw(ulong key, int round, int arm, out double quality, out double costUsd);
}

/// <summary>A family of laws that the command line can name.</summary>
internal abstract class LawFamily
{
    /// <summary>The word before the colon.</summary>
    public abstract string Name { get; }

    /// <summary>The numbers of one arm, in the order written.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What the numbers mean, one line.</summary>
    public abstract string About { get; }

    /// <summary>Whether outcomes carry a cost, which then counts in the utility.</summary>
    public virtual bool HasCost => false;

    /// <summary>The laws of all arms of all phases and segments, in the order written.</summary>
    public abstract Law[] Make(double[][] arms);
}

/// <summary>One number of an arm: its name, range and, where it may be left out, default.</summary>
internal sealed record Parameter(string Name, double Least, double Most, double? Default = null, bool ExcludesLeast = false)
{
    public string Range => FormattableString.Invariant($"{(ExcludesLeast ? "(" : "[")}{Least}, {Most}]");

    public bool Allows(double value) => value <= Most && (ExcludesLeast ? value > Least : value >= Least);
}
