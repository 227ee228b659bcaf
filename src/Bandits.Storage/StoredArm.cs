namespace Bandits.Storage;

/// <summary>An arm as snapshot and journal hold it: the same fields in the same order.</summary>
internal static class StoredArm
{
    /// <summary>Fields after the status that this program knows.</summary>
    private const int Known = 2;

    /// <exception cref="InvalidDataException">The status is none.</exception>
    /// <param name="reader">Where it stands.</param>
    /// <param name="more">Fields after the status: older files lack what came later, and of what is not known yet none is looked at.</param>
    public static (Arm Arm, ArmStatus Status) Read(ref PayloadReader reader, int more)
    {
        var arm = new Arm
        {
            Id = reader.String("arm id"),
            Provider = reader.String("provider"),
            Tier = (ArmTier)reader.Byte(),
            Capabilities = reader.Strings("capabilities"),
            InputUsdPerMillionTokens = reader.OptionalDouble(),
            OutputUsdPerMillionTokens = reader.OptionalDouble(),
            ContextWindow = reader.OptionalInt32(),
            PriorQuality = reader.Double(),
            PriorSamples = reader.Double(),
        };
        var status = (ArmStatus)reader.Byte();
        if (!Enum.IsDefined(status)) throw new InvalidDataException($"arm '{arm.Id}' has status {(int)status}; the allowed range is 0 to 2");
        if (more > 0) arm = Likened(arm, reader.OptionalString("similar arm"));
        if (more > 1) arm = arm with { ExplorationUsd = reader.OptionalDouble() };
        reader.Skip(Math.Max(0, more - Known));
        return (arm, status);
    }

    /// <summary>Whom it is like, as files say it.</summary>
    public static string? LikenessOf(Arm arm) => arm.PriorFromPriceTier ? Arm.PriceTierInFiles : arm.SimilarTo;

    /// <summary>A program that does not know of price tiers may have taken the price away since; a tier needs one.</summary>
    private static Arm Likened(Arm arm, string? likeness) =>
        likeness == Arm.PriceTierInFiles ? arm with { PriorFromPriceTier = arm.HasPriceAboveZero } : arm with { SimilarTo = likeness };
}
