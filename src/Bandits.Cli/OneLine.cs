namespace Bandits.Cli;

/// <summary>An exception's message as one line for people.</summary>
internal static class OneLine
{
    public static string Of(Exception e)
    {
        string message = e.Message;

        // Argument exceptions add the name of a parameter, which is a programmer's word.
        if (e is ArgumentException { ParamName: { } name }) message = message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal);
        return message.ReplaceLineEndings(" ");
    }
}
