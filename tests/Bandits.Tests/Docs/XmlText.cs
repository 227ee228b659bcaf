using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Bandits.Tests.Docs;

/// <summary>The XML documentation of the libraries as plain text.</summary>
internal static partial class XmlText
{
    private static readonly Dictionary<string, XElement> Members = new[] { "Bandits", "Bandits.Storage", "Bandits.Extensions", "Bandits.Rae" }
        .SelectMany(name => XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{name}.xml")).Descendants("member"))
        .Where(member => member.Attribute("name")!.Value.StartsWith("P:Bandits.", StringComparison.Ordinal)) // generated code is in several
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>A part of a property's documentation, taken from where it is inherited when it has none of its own.</summary>
    public static string Of(Type type, string property, string part)
    {
        string name = $"P:{type.FullName}.{property}";
        XElement? member = Members.GetValueOrDefault(name) ?? throw new InvalidOperationException($"{name} has no documentation.");
        XElement? found = member.Element(part);
        if (found is null && member.Element("inheritdoc")?.Attribute("cref")?.Value is { } from) found = Members[from].Element(part);
        return found is null ? "" : Plain(found);
    }

    private static string Plain(XElement element)
    {
        var text = new StringBuilder();
        foreach (XNode node in element.Nodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement see when see.Attribute("cref") is { } cref => $"`{Last(cref.Value)}`",
                XElement c => $"`{c.Value}`",
                _ => "",
            });
        }

        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    private static string Last(string cref)
    {
        string name = cref[2..].Split('(')[0];
        string[] parts = name.Split('.');
        return cref[0] == 'T' || parts[^2] is "RouterOptions" or "BanditsOptions" or "RouterStoreOptions" or "RaeOptions" ? parts[^1] : $"{parts[^2]}.{parts[^1]}";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
