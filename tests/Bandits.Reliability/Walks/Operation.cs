using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Bandits.Reliability.Walks;

/// <summary>What can happen to a store.</summary>
public enum OperationKind
{
    Route,
    RouteAfterFailure,
    RouteAgain,
    Report,
    ReportPart,
    Correct,
    Repeat,
    Expire,
    Restart,
    Join,
    JoinOwn,
    AddArm,
    Disable,
    Snapshot,
    Flush,
    Close,
    Kill,
    PowerFailure,
    DieInSnapshot,
    FailFlush,
    FailRename,
    FillDisk,
    FreeDisk,
}

/// <summary>One step of a walk; what the numbers choose depends on what there is to choose from.</summary>
public readonly partial record struct Operation(OperationKind Kind, int A, int B)
{
    public override string ToString() => $"{Kind}({A},{B})";

    private static readonly (int Weight, OperationKind Kind)[] Weights =
    [
        (30, OperationKind.Route), (5, OperationKind.RouteAfterFailure), (3, OperationKind.RouteAgain), (25, OperationKind.Report), (15, OperationKind.ReportPart), (12, OperationKind.Correct),
        (10, OperationKind.Repeat), (4, OperationKind.Expire), (3, OperationKind.Restart), (4, OperationKind.Join), (2, OperationKind.JoinOwn), (2, OperationKind.AddArm), (2, OperationKind.Disable),
        (4, OperationKind.Snapshot), (5, OperationKind.Flush), (2, OperationKind.Close), (4, OperationKind.Kill), (4, OperationKind.PowerFailure), (3, OperationKind.DieInSnapshot), (2, OperationKind.FailFlush),
        (1, OperationKind.FailRename), (1, OperationKind.FillDisk), (3, OperationKind.FreeDisk),
    ];

    /// <summary>The steps in a text, as <see cref="ToString"/> writes them.</summary>
    public static Operation[] Parse(string text) =>
        [.. Spelling().Matches(text).Select(step => new Operation(Enum.Parse<OperationKind>(step.Groups[1].Value), Number(step.Groups[2]), Number(step.Groups[3])))];

    /// <summary>Walks of up to so many steps.</summary>
    public static Gen<Operation[]> Walks(int most)
    {
        Gen<OperationKind> kind = Gen.Frequency([.. Weights.Select(w => (w.Weight, Gen.Constant(w.Kind)))]);
        Gen<Operation> operation =
            from k in kind
            from a in Gen.Choose(0, 1 << 20)
            from b in Gen.Choose(0, 1 << 20)
            select new Operation(k, a, b);
        return Gen.Choose(1, most).SelectMany(length => operation.ArrayOf(length));
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\w+)\((\d+),(\d+)\)")]
    private static partial Regex Spelling();
}
