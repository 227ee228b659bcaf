namespace Bandits;

/// <summary>Where an adapter times decisions and traces recording: the core has no clock.</summary>
internal interface IRouterProbe
{
    /// <summary>A decision is timed when its sequence and this mask have no bit in common: 2^k - 1 times one of 2^k.</summary>
    ulong TimedMask { get; }

    /// <summary>Whether recording is traced now.</summary>
    bool IsTracing { get; }

    /// <summary>A timed decision begins; returns a moment to hand back, 0 when nobody wants to know.</summary>
    long Begin();

    /// <summary>A timed decision has been made.</summary>
    void Decided(long began);

    /// <summary>Recording begins; returns what stands for it, if anything.</summary>
    object? BeginRecord(in Decision decision, in Outcome outcome);

    /// <summary>Recording has ended: by a result, or else by an exception.</summary>
    void EndRecord(object? began, Recorded result, Exception? exception);
}
