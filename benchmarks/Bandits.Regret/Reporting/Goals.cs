using Bandits.Regret.Running;

namespace Bandits.Regret.Reporting;

/// <summary>A promise about a default and how this run keeps it.</summary>
/// <param name="Environment">Where.</param>
/// <param name="Claim">What is promised, with the figures.</param>
/// <param name="IsMet">Whether the means keep it.</param>
internal sealed record Goal(string Environment, string Claim, bool IsMet)
{
    private const string Default = "adaptive";
    private const string DriftDefault = "adaptive-drift";
    private const string PooledDefault = "adaptive/pooled";

    /// <summary>How far the default may be from the best stationary policy.</summary>
    private const double MostShare = 1.15;

    /// <summary>Or how far in regret, where the best is small.</summary>
    private const double MostRegret = 5;

    /// <summary>How far the default for drift may be from the oracle that restarts.</summary>
    private const double MostOfOracle = 2;

    /// <summary>The share of the default's regret that the default for drift may have on a hidden riser.</summary>
    private const double MostOnRiser = 0.5;

    /// <summary>The goals that this run can judge.</summary>
    public static IEnumerable<Goal> Of(IEnumerable<Study> studies)
    {
        foreach (Study study in studies)
        {
            string name = study.Instance.Name;
            Finding? adaptive = study.Of(Default), drift = study.Of(DriftDefault), pooled = study.Of(PooledDefault);
            if (study.Instance.IsStationary)
            {
                IEnumerable<Finding> alone = study.Findings.Where(static f => !f.Policy.Name.Contains('/', StringComparison.Ordinal));
                if (adaptive is not null && NearTheBest(study, adaptive, alone) is { } near) yield return near;
                if (pooled is not null && NearTheBest(study, pooled, study.Findings) is { } nearToo) yield return nearToo;
            }

            if (drift is null) continue;
            Finding? oracle = study.Findings.Where(static f => f.Policy.RestartsAtBreaks).MinBy(static f => f.Regret.Mean);
            if (name == "iv" && oracle is not null)
            {
                double most = MostOfOracle * oracle.Regret.Mean;
                string claim = $"{DriftDefault} {Numbers.WithError(drift.Regret)} at most {Numbers.Short(most)}: twice {oracle.Policy.Name}";
                yield return new Goal(name, claim, drift.Regret.Mean <= most);
            }

            if (name == "hidden-riser" && adaptive is not null)
            {
                double most = MostOnRiser * adaptive.Regret.Mean;
                string claim = $"{DriftDefault} {Numbers.WithError(drift.Regret)} at most {Numbers.Short(most)}: half of {Default}";
                yield return new Goal(name, claim, drift.Regret.Mean <= most);
            }
        }
    }

    /// <summary>That a default is near the best of its rivals: policies without modifiers, or all where segments may borrow from each other.</summary>
    private static Goal? NearTheBest(Study study, Finding mine, IEnumerable<Finding> among)
    {
        Finding? best = among.Where(f => f != mine && f.Policy.Name is not (Default or DriftDefault)).MinBy(static f => f.Regret.Mean);
        if (best is null) return null;
        double most = Math.Max(MostShare * best.Regret.Mean, best.Regret.Mean + MostRegret);
        string beside = $"15 % or 5 above the best, {best.Policy.Name} {Numbers.WithError(best.Regret)}";
        string claim = $"{mine.Policy.Name} {Numbers.WithError(mine.Regret)} at most {Numbers.Short(most)}: {beside}";
        return new Goal(study.Instance.Name, claim, mine.Regret.Mean <= most);
    }
}
