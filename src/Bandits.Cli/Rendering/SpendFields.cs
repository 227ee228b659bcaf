using System.Globalization;
using System.Text.Json;
using Bandits.Storage;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What a store says was spent, under the budget and the caps it was last opened with, and which arms have changed everywhere.</summary>
internal static class SpendFields
{
    public static void Write(IAnsiConsole console, StoreReport report)
    {
        if (report.Spending is { } s)
        {
            console.Pairs(
                ("budget", $"{Figures.Usd(s.UsdPerDecision)} a decision"),
                ("charged", $"{Figures.Usd(s.ChargedUsd)} for {Figures.Count(s.Decisions)} decisions"),
                ("credit", Figures.Usd(s.CreditUsd)),
                ("price of a dollar", $"{Figures.Number(s.LowPrice)} for {Figures.Rate(s.LowShare)} of decisions, else {Figures.Number(s.HighPrice)}"));
        }

        if (report.Caps is { Accounts.Count: > 0 } caps)
        {
            Table table = Layout.Table("cap", "tenant", "window from", ">limit", ">spent", ">of it reserved", ">passed by");
            foreach (CapAccount account in caps.Accounts)
            {
                table.Row(
                    account.Cap, account.Tenant == 0 ? "-" : TenantOf(account), WindowOf(account), Figures.Usd(account.CapUsd), Figures.Usd(account.SpentUsd), Figures.Usd(account.ReservedUsd),
                    Figures.Usd(account.OvershootUsd));
            }

            console.Write(table);
        }

        foreach (ArmChange change in report.Changes)
            console.Line($"{Figures.Name(change.ArmId)}: {NameOf(change.Component)} is {(change.IsHigher ? "higher" : "lower")} than it was, by {(change.IsAnnounced ? "new prices" : $"the outcome of {change.DetectedBy}")}");
    }

    public static void Write(Utf8JsonWriter json, StoreReport report)
    {
        if (report.Spending is { } s)
        {
            json.WriteStartObject("spending");
            json.Field("usd_per_decision", s.UsdPerDecision);
            json.Field("decisions", s.Decisions);
            json.Field("charged_usd", s.ChargedUsd);
            json.Field("credit_usd", s.CreditUsd);
            json.Field("low_price", s.LowPrice);
            json.Field("high_price", s.HighPrice);
            json.Field("low_share", s.LowShare);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("spending");
        }

        json.WriteStartArray("caps");
        foreach (CapAccount account in report.Caps?.Accounts ?? [])
        {
            json.WriteStartObject();
            json.Field("cap", account.Cap);
            json.Field("tenant", account.Tenant == 0 ? null : TenantOf(account));
            json.Field("window", WindowOf(account));
            json.Field("limit_usd", account.CapUsd);
            json.Field("spent_usd", account.SpentUsd);
            json.Field("reserved_usd", account.ReservedUsd);
            json.Field("overshoot_usd", account.OvershootUsd);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("arm_changes");
        foreach (ArmChange change in report.Changes)
        {
            json.WriteStartObject();
            json.Field("arm", change.ArmId);
            json.Field("component", NameOf(change.Component));
            json.Field("higher", change.IsHigher);
            json.Field("announced", change.IsAnnounced);
            json.Field("detected_by", change.IsAnnounced ? null : change.DetectedBy.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string TenantOf(CapAccount account) => account.Tenant.ToString("x16", CultureInfo.InvariantCulture);

    private static string WindowOf(CapAccount account) => new DateTime(account.WindowTicks, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mmZ", CultureInfo.InvariantCulture);

    private static string NameOf(OutcomeComponents component) => component.ToString().ToLowerInvariant();
}
