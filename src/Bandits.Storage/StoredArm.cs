namespace Bandits.Storage;

/// <summary>An arm as snapshot and journal hold it: the same fields in the same order.</summary>
internal static class StoredArm
{
    /// <exception cref="InvalidDataException">The status is none.</exception>
    public static (Arm Arm, ArmStatus Status) Read(ref PayloadReader reader)
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
        return (arm, status);
    }
}
