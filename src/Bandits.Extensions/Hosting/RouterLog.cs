using Microsoft.Extensions.Logging;

namespace Bandits.Extensions;

/// <summary>What is logged, under the category Bandits; event ids never change their meaning.</summary>
internal static partial class RouterLog
{
    [LoggerMessage(1, LogLevel.Information, "Router {Router} is open: strategy {Strategy}, {Arms} arms, {Segments} segments, store {Store}.")]
    public static partial void Opened(this ILogger log, string router, Strategy strategy, int arms, int segments, string store);

    [LoggerMessage(2, LogLevel.Warning, "Router {Router} could not restore everything: {Fault}")]
    public static partial void RecoveryFault(this ILogger log, string router, string fault);

    [LoggerMessage(3, LogLevel.Information, "Router {Router}: arm {Arm} is in the store and not in configuration, so it was disabled; its evidence is kept.")]
    public static partial void DisabledUnlisted(this ILogger log, string router, string arm);

    [LoggerMessage(4, LogLevel.Information, "Router {Router} took new options: {Arms} arms, strategy {Strategy}.")]
    public static partial void Reloaded(this ILogger log, string router, int arms, Strategy strategy);

    [LoggerMessage(5, LogLevel.Error, "Router {Router} refused new options, and the old ones stay: {Fault}")]
    public static partial void ReloadRefused(this ILogger log, string router, string fault);

    [LoggerMessage(6, LogLevel.Debug, "Router {Router}: {Count} decisions expired after {After} without an outcome.")]
    public static partial void Expired(this ILogger log, string router, int count, TimeSpan after);

    [LoggerMessage(7, LogLevel.Debug, "Router {Router}: {Operation} is done.")]
    public static partial void Written(this ILogger log, string router, string operation);

    [LoggerMessage(8, LogLevel.Error, "Router {Router}: {Operation} failed; what was to be written is kept while the process lives, and tried again.")]
    public static partial void WriteFailed(this ILogger log, string router, string operation, Exception exception);

    [LoggerMessage(9, LogLevel.Information, "Router {Router} is closed.")]
    public static partial void Closed(this ILogger log, string router);

    [LoggerMessage(10, LogLevel.Information, "Router {Router}: arm {Arm} is {Status} in the store, and configuration does not say otherwise.")]
    public static partial void KeptStatus(this ILogger log, string router, string arm, ArmStatus status);

    [LoggerMessage(11, LogLevel.Information, "Router {Router}: the {Component} of arm {Arm} is {Direction} than it was, everywhere, by {Evidence}.")]
    public static partial void ArmChanged(this ILogger log, string router, string component, string arm, string direction, string evidence);
}
