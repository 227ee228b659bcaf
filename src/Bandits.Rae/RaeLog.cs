using Microsoft.Extensions.Logging;

namespace Bandits.Rae;

/// <summary>What is logged. Nothing of it holds the key or what was sent.</summary>
internal static partial class RaeLog
{
    [LoggerMessage(EventId = 4100, Level = LogLevel.Debug, Message = "Pushed {Pushed} requests to RAE ({Deduplicated} known already), {Waiting} wait.")]
    public static partial void Pushed(this ILogger logger, int pushed, int deduplicated, int waiting);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "The push to RAE was interrupted, {Waiting} requests wait: {Reason}")]
    public static partial void PushInterrupted(this ILogger logger, int waiting, string reason);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Error, Message = "RAE refused a request for good ({Status}); it is in the dead letters: {Reason}")]
    public static partial void Refused(this ILogger logger, int status, string reason);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning, Message = "The outbox of RAE has no room for a window of evidence; what it holds comes with the next. Raise OutboxBytes.")]
    public static partial void NoRoom(this ILogger logger);

    [LoggerMessage(EventId = 4104, Level = LogLevel.Debug, Message = "Pulled {Parts} parts of evidence from RAE, {Instances} other instances.")]
    public static partial void Pulled(this ILogger logger, int parts, int instances);

    [LoggerMessage(EventId = 4105, Level = LogLevel.Warning, Message = "{Count} memories in RAE cannot be used; the first: {Reason}")]
    public static partial void BadMemories(this ILogger logger, int count, string reason);

    [LoggerMessage(EventId = 4106, Level = LogLevel.Warning, Message = "The pull from RAE failed: {Reason}")]
    public static partial void PullFailed(this ILogger logger, string reason);

    [LoggerMessage(EventId = 4107, Level = LogLevel.Error, Message = "The exchange with RAE failed and will be tried again.")]
    public static partial void ExchangeFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 4108, Level = LogLevel.Information, Message = "The exchange with RAE ended; {Waiting} requests stay in the outbox.")]
    public static partial void Ended(this ILogger logger, int waiting);
}
