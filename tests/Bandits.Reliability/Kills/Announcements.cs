using System.Globalization;
using System.Text;

namespace Bandits.Reliability.Kills;

/// <summary>What a writer tells whoever will kill it, a line each, with the operating system before the next step.</summary>
/// <remarks>
/// <code>
/// R            the store is open
/// T TOKEN      an outcome of this decision is about to be reported
/// A SEQUENCE   it was acknowledged
/// F COUNT      a flush returned; before it began so many lines had been written
/// P            the phase asked for is reached
/// E TEXT       the writer failed
/// </code>
/// </remarks>
internal sealed class Announcements(Stream output)
{
    public const char Ready = 'R', Told = 'T', Acknowledged = 'A', Flushed = 'F', AtPhase = 'P', Failed = 'E';

    private readonly Lock _gate = new();
    private long _count;

    /// <summary>Lines written.</summary>
    public long Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    public void Write(char kind, string text = "")
    {
        byte[] line = Encoding.UTF8.GetBytes($"{kind}{(text.Length > 0 ? " " : "")}{text.ReplaceLineEndings(" ")}\n");
        lock (_gate)
        {
            output.Write(line);
            output.Flush();
            _count++;
        }
    }

    public void Write(char kind, ulong number) => Write(kind, number.ToString(CultureInfo.InvariantCulture));
}
