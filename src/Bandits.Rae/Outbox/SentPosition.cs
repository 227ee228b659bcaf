using System.Globalization;
using System.Text;

namespace Bandits.Rae.Outbox;

/// <summary>How far the outbox was sent: a small file written in place, without waiting for the device. When it is lost, a batch is sent again, which changes nothing.</summary>
internal sealed class SentPosition(string path)
{
    private const int Digits = 16;

    /// <summary>The position; 0 where the file says nothing that can be believed: it holds the number and its complement.</summary>
    public long Read()
    {
        if (!File.Exists(path)) return 0;
        string text = Encoding.ASCII.GetString(File.ReadAllBytes(path));
        return text.Length >= 2 * Digits
            && ulong.TryParse(text.AsSpan(0, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong position)
            && ulong.TryParse(text.AsSpan(Digits, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong complement)
            && position == ~complement && position <= long.MaxValue ? (long)position : 0;
    }

    public void Write(long position)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{position:x16}{~position:x16}\n")));
    }
}
