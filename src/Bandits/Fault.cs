using System.Globalization;

namespace Bandits;

/// <summary>The wording of a validation fault: thing, value, allowed range with unit.</summary>
internal static class Fault
{
    public static string Range(string name, double value, string range) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; the allowed range is {range}.");

    public static void Check(ICollection<string> faults, bool allowed, string name, double value, string range)
    {
        if (!allowed) faults.Add(Range(name, value, range));
    }
}
