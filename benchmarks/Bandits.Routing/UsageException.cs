namespace Bandits.Routing;

/// <summary>The command line asks for something that does not exist; the message names the thing, its value and what is allowed.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    public static UsageException Range(string thing, object value, string allowed) =>
        new(FormattableString.Invariant($"{thing} is {value}; the allowed range is {allowed}."));
}
