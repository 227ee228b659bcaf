using System.Security.Cryptography;
using System.Text;

namespace Bandits.Storage;

/// <summary>The name of a store as an origin of evidence: sixteen hexadecimal digits in a file of its directory, which stay when its token key is replaced, and which a copy has too.</summary>
internal static class StoreName
{
    public const string FileName = "store.name";

    private const int Length = 16;

    /// <summary>The name of the store; that of its key is written where there is none. Hold a <see cref="StoreLock"/>.</summary>
    /// <exception cref="InvalidDataException">The file is no name.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static string LoadOrCreate(string directory, byte[] key)
    {
        string path = Path.Combine(directory, FileName);
        if (File.Exists(path)) return Load(path);
        string name = Of(key);
        WholeFile.Write(path, Encoding.ASCII.GetBytes(name + "\n"));
        return name;
    }

    /// <summary>The name of a store that nobody may be writing: null when the directory has neither name nor key.</summary>
    /// <exception cref="InvalidDataException">The file is no name, or no key.</exception>
    public static string? Find(string directory)
    {
        string path = Path.Combine(directory, FileName);
        return File.Exists(path) ? Load(path) : TokenKey.LoadOrNone(directory) is { } key ? Of(key) : null;
    }

    /// <summary>The name that goes with a key.</summary>
    public static string Of(byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, "bandits store name"u8).AsSpan(0, Length / 2));

    /// <summary>Whether the text begins with a name, and ends there or goes on with a slash.</summary>
    public static bool Begins(string text)
    {
        if (text.Length < Length || (text.Length > Length && text[Length] != '/')) return false;
        foreach (char digit in text.AsSpan(0, Length))
            if (!char.IsAsciiHexDigitLower(digit)) return false;
        return true;
    }

    private static string Load(string path)
    {
        string name = File.ReadAllText(path).TrimEnd();
        if (name.Length == Length && Begins(name)) return name;
        throw new InvalidDataException($"'{path}' holds no name of a store: {Length} hexadecimal digits in lower case. Put the right one back: under another name other stores would count its evidence twice.");
    }
}
