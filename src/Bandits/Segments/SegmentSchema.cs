using Bandits.Concurrency;

namespace Bandits.Segments;

/// <summary>The dimensions of a segment and the interned values of each, packed into one 64-bit key, broadest dimension in the high bits.</summary>
/// <remarks>
/// A value is a number below 2^bits, bits = 64 / dimensions but at most 16: 0 stands for "any" (parents only), 1 for values beyond
/// the bound ("(other)"), 2 for an absent value ("(none)"), the rest are interned in order of first appearance.
/// </remarks>
internal sealed class SegmentSchema
{
    private const string AnyName = "(any)";
    public const string OtherName = "(other)";
    public const string NoneName = "(none)";
    private const int Any = 0;
    private const int Other = 1;
    private const int None = 2;
    public const int Reserved = 3;
    private readonly NameTable[] _values;
    private readonly int _bits;

    public SegmentSchema(IReadOnlyList<string> dimensions, int maxValuesPerDimension)
    {
        Dimensions = [.. dimensions];
        _bits = Dimensions.Length == 0 ? 0 : Math.Min(16, 64 / Dimensions.Length);
        int most = Math.Min(maxValuesPerDimension, (1 << _bits) - Reserved);
        _values = new NameTable[Dimensions.Length];
        for (int d = 0; d < _values.Length; d++) _values[d] = new NameTable(most, [AnyName, OtherName, NoneName]);
    }

    public string[] Dimensions { get; }

    public int Depth => Dimensions.Length;

    /// <summary>The segment of all values beyond the bounds.</summary>
    public ulong OtherKey => Repeat(Other);

    /// <summary>The segment in which every value is absent; where there are no dimensions, the root.</summary>
    public ulong NoneKey => Repeat(None);

    /// <summary>Packs values, interning new ones; missing trailing values and null or empty ones are absent.</summary>
    public ulong Pack(ReadOnlySpan<string?> values)
    {
        if (values.Length > Depth) Throw.Argument($"The segment has {values.Length} values; the schema has {Depth} dimensions.");
        ulong key = 0;
        for (int d = 0; d < Depth; d++)
        {
            string? value = d < values.Length ? values[d] : null;
            int number = string.IsNullOrEmpty(value) ? None : _values[d].Intern(value, Other);
            if (number == Any) number = None; // a value that happens to be spelt like the parents' placeholder
            key |= (ulong)number << Shift(d);
        }

        return key;
    }

    /// <summary>The interned values of a dimension in order of first appearance.</summary>
    public string[] ValuesOf(int dimension)
    {
        NameTable values = _values[dimension];
        var names = new string[values.Count - Reserved];
        for (int i = 0; i < names.Length; i++) names[i] = values.NameOf(i + Reserved);
        return names;
    }

    /// <summary>Numbers issued in a dimension, reserved ones included.</summary>
    public int CountOf(int dimension) => _values[dimension].Count;

    /// <summary>The names behind a leaf's key, in the order of the dimensions.</summary>
    public string[] NamesOf(ulong key)
    {
        var names = new string[Depth];
        for (int d = 0; d < names.Length; d++) names[d] = NameAt(key, d);
        return names;
    }

    /// <summary>Gives a number of a dimension the name it had before; false when that cannot be.</summary>
    public bool TryPut(int dimension, int number, string name) => _values[dimension].TryPut(number, name);

    /// <summary>Gives the numbers in a leaf's key the names they had before; false when one has another name, or is out of bounds.</summary>
    public bool TryName(ulong key, ReadOnlySpan<string> names)
    {
        if (names.Length != Depth) return false;
        for (int d = 0; d < names.Length; d++)
            if (!_values[d].TryPut(ValueAt(key, d), names[d])) return false;
        return true;
    }

    /// <summary>Whether a value is one that every dimension has.</summary>
    public static bool IsReserved(string value) => value is AnyName or OtherName or NoneName;

    /// <summary>The number of a value in a dimension, interning it.</summary>
    public int Intern(int dimension, string value) => _values[dimension].Intern(value, Other);

    /// <summary>The numbers of those values that have one of their own: a value beyond the bound must not stand for all others.</summary>
    public int[] Distinct(int dimension, string[] values)
    {
        var numbers = new List<int>();
        foreach (string value in values)
        {
            int number = Intern(dimension, value);
            if (number != Other || value == OtherName) numbers.Add(number);
        }

        return [.. numbers];
    }

    public int ValueAt(ulong key, int dimension) => (int)(key >> Shift(dimension)) & ((1 << _bits) - 1);

    public string NameAt(ulong key, int dimension) => _values[dimension].NameOf(ValueAt(key, dimension));

    /// <summary>The ancestor of <paramref name="key"/> that keeps only the first <paramref name="depth"/> dimensions.</summary>
    public ulong Ancestor(ulong key, int depth) => depth == 0 ? 0 : key & (ulong.MaxValue << Shift(depth - 1));

    /// <summary>True when every value of a leaf key is one this schema has issued.</summary>
    public bool IsLeaf(ulong key)
    {
        for (int d = 0; d < Depth; d++)
            if (ValueAt(key, d) == Any || ValueAt(key, d) >= _values[d].Count || NameAt(key, d).Length == 0) return false;
        return Depth > 0 ? (key & ~(ulong.MaxValue << Shift(Depth - 1))) == 0 : key == 0;
    }

    private int Shift(int dimension) => 64 - _bits * (dimension + 1);

    private ulong Repeat(int value)
    {
        ulong key = 0;
        for (int d = 0; d < Depth; d++) key |= (ulong)value << Shift(d);
        return key;
    }
}
