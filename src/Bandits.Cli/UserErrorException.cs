namespace Bandits.Cli;

/// <summary>Something the user can put right; the message is the one line to show.</summary>
internal sealed class UserErrorException(string message) : Exception(message);
