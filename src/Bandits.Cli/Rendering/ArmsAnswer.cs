using System.Text.Json;
using Bandits.Cli.Stores;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>The arms; its JSON can be given back to <c>arms --set</c>.</summary>
internal sealed class ArmsAnswer(IReadOnlyList<DescribedArm> arms) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        if (arms.Count == 0)
        {
            console.Line("No arm is described yet: bandits arms --set FILE, or bandits import FILE.");
            return;
        }

        Table table = Layout.Table("arm", "provider", "tier", "capabilities", ">$/M in", ">$/M out", ">context");
        foreach ((Arm arm, ArmStatus status) in arms)
        {
            table.Row(
                Figures.Name(arm.Id) + (status == ArmStatus.Enabled ? "" : $" ({status.ToString().ToLowerInvariant()})"), arm.Provider,
                    arm.Tier.ToString().ToLowerInvariant(), string.Join(", ", arm.Capabilities),
                Figures.Number(arm.InputUsdPerMillionTokens), Figures.Number(arm.OutputUsdPerMillionTokens), arm.ContextWindow is { } window
                    ? Figures.Count(window) : "-");
        }

        console.Write(table);
    }

    public override void WriteJson(Utf8JsonWriter json) => ArmText.Write(json, arms);
}
