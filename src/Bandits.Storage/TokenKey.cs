using System.Security.Cryptography;

namespace Bandits.Storage;

/// <summary>The secret key of a store's decision tokens (<see cref="RouterOptions.TokenKey"/>): a file in the store directory, made when it is first needed.</summary>
/// <remarks>
/// Whoever can read the file can write tokens that the store takes. When it is lost, a new key is made and the tokens issued before are refused. On Unix only its owner may read it;
/// elsewhere the directory's rights hold.
/// </remarks>
public static class TokenKey
{
    /// <summary>Name of the key file in the directory.</summary>
    public const string FileName = "token.key";

    private const int Length = 32; // bytes, as many as the digest has; a longer key gains nothing

    /// <summary>The key of the store; drawn at random and written when there is none. Hold a <see cref="StoreLock"/>.</summary>
    /// <param name="directory">Store directory; it exists.</param>
    /// <exception cref="InvalidDataException">The file is no key: it has the wrong length.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static byte[] LoadOrCreate(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        string path = Path.Combine(Path.GetFullPath(directory), FileName);
        return File.Exists(path) ? Load(path) : Create(path);
    }

    /// <summary>The key of a store; null when it has none.</summary>
    /// <exception cref="InvalidDataException">The file is no key: it has the wrong length.</exception>
    internal static byte[]? LoadOrNone(string directory)
    {
        string path = Path.Combine(directory, FileName);
        return File.Exists(path) ? Load(path) : null;
    }

    private static byte[] Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length != Length)
        {
            throw new InvalidDataException(
                $"The key file '{path}' has {file.Length} bytes; a key has {Length}. Put the right one back, or delete it: then a new key is made and tokens issued before are refused.");
        }

        var key = new byte[Length];
        file.ReadExactly(key);
        return key;
    }

    private static byte[] Create(string path)
    {
        byte[] key = RandomNumberGenerator.GetBytes(Length);
        WholeFile.Write(path, key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return key;
    }
}
