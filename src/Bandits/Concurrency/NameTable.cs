using System.Collections.Concurrent;

namespace Bandits.Concurrency;

/// <summary>Numbers names in order of first appearance, up to a bound. Thread-safe; looking up a known name takes no lock and allocates nothing.</summary>
internal sealed class NameTable
{
    /// <summary>Longest name.</summary>
    public const int MostCharacters = 512;

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly int _most;
    private volatile string[] _names;
    private volatile int _count;

    public NameTable(int mostNames, string[] reserved)
    {
        _names = [.. reserved];
        _count = reserved.Length;
        _most = mostNames + reserved.Length;
        for (int i = 0; i < reserved.Length; i++) _numbers[reserved[i]] = i;
    }

    public int Count => _count;

    public string NameOf(int number) => _names[number];

    /// <summary>Gives a name the number it had before; false when the number has another name, the name another number, or it is beyond the bound.</summary>
    /// <remarks>Numbers in between whose names were never written down stay without one.</remarks>
    public bool TryPut(int number, string name)
    {
        lock (_gate)
        {
            if (_numbers.TryGetValue(name, out int known)) return known == number;
            if (number < 0 || number >= _most || (number < _count && _names[number].Length > 0)) return false;
            string[] names = _names;
            if (number >= names.Length) Array.Resize(ref names, Math.Max(number + 1, names.Length * 2));
            for (int i = _count; i < number; i++) names[i] = "";
            names[number] = name;
            _names = names;
            _count = Math.Max(_count, number + 1);
            _numbers[name] = number;
            return true;
        }
    }

    /// <summary>The number of <paramref name="name"/>, new if need be, or <paramref name="overflow"/> when the table is full, or the name too long or not well-formed.</summary>
    public int Intern(string name, int overflow)
    {
        if (_numbers.TryGetValue(name, out int number)) return number;
        if (name.Length > MostCharacters || !IsWellFormed(name)) return overflow;
        lock (_gate)
        {
            if (_numbers.TryGetValue(name, out number)) return number;
            number = _count;
            if (number >= _most) return overflow;
            string[] names = _names;
            if (number == names.Length) Array.Resize(ref names, names.Length * 2);
            names[number] = name;
            _names = names;
            _count = number + 1;
            _numbers[name] = number;
            return number;
        }
    }

    /// <summary>Whether every surrogate has its other half: what has not is written as another name than it is.</summary>
    private static bool IsWellFormed(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (!char.IsSurrogate(name[i])) continue;
            if (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[i + 1])) return false;
            i++;
        }

        return true;
    }
}
