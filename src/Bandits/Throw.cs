using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Bandits;

/// <summary>Cold throws, kept out of hot methods so that those stay small. Every message names the thing, the value and the range.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static void OutOfRange(string name, double value, string range) =>
        throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; the allowed range is {range}."));

    [DoesNotReturn]
    public static void Argument(string message) => throw new ArgumentException(message);

    [DoesNotReturn]
    public static void Invalid(string message) => throw new InvalidOperationException(message);

    [DoesNotReturn]
    public static void Unreadable(string why) => throw new FormatException($"The bytes cannot be read: {why}.");
}
