namespace Bandits;

/// <summary>Why an arm may not be chosen for a request. Reasons combine.</summary>
[Flags]
public enum Ineligibility : ushort
{
    /// <summary>The arm is eligible.</summary>
    None = 0,

    /// <summary>The arm is disabled.</summary>
    Disabled = 1,

    /// <summary>The arm is retired.</summary>
    Retired = 2,

    /// <summary>The arm lacks a required capability.</summary>
    MissingCapability = 4,

    /// <summary>The arm's provider is excluded by the request.</summary>
    ExcludedProvider = 8,

    /// <summary>The arm is excluded by the request.</summary>
    ExcludedArm = 16,

    /// <summary>The arm's expected cost is above the request's ceiling.</summary>
    TooExpensive = 32,

    /// <summary>The arm's context window is smaller than the request needs, or unknown.</summary>
    ContextTooSmall = 64,

    /// <summary>The arm asked to be left alone (Retry-After) until later than the request's time.</summary>
    RetryAfter = 128,

    /// <summary>The lower bound of the arm's quality is below the floor of the objective.</summary>
    BelowQualityFloor = 256,

    /// <summary>There is no arm at all.</summary>
    NoArms = 512,

    /// <summary>A spend cap that holds for the arm has no room for what its call may cost; see <see cref="RouterOptions.SpendCaps"/>.</summary>
    OverCap = 1024,

    /// <summary>The arm surely exceeds <see cref="RouterOptions.LatencyLimit"/> more often than it may.</summary>
    TooSlow = 2048,
}
