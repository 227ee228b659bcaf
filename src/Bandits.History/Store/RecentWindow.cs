namespace Bandits.History;

/// <summary>Where the newest records stand in the log: the latest start first, records that started at once in log order.</summary>
/// <remarks>
/// A record whose times cannot be read comes after all others, the last appended first. Entries gather in a buffer that is cut back to the newest
/// when full, which is cheap for logs that are in order of time.
/// </remarks>
internal sealed class RecentWindow(int kept)
{
    private readonly List<Entry> _entries = [];
    private bool _ordered = true;
    private long _sequence;

    /// <summary>How many of the newest records this window is sure to hold.</summary>
    public int Kept => kept;

    public void Add(RecordParser record, ReadOnlySpan<byte> line, long position)
    {
        bool isKnown = LogTime.TryParse(record.Text(line, RecordField.StartedAt), out long ticks)
            || LogTime.TryParse(record.Text(line, RecordField.CompletedAt), out ticks);
        var entry = isKnown ? new Entry(ticks, -_sequence, position) : new Entry(long.MinValue, _sequence, position);
        _sequence++;
        if (_entries.Count > 0 && _ordered) _ordered = _entries[^1].CompareTo(entry) <= 0;
        _entries.Add(entry);
        if (_entries.Count >= 8L * kept) Cut();
    }

    /// <summary>Positions of the newest records, newest first.</summary>
    public List<long> Newest(int count)
    {
        Cut();
        var positions = new List<long>();
        for (int i = _entries.Count - 1; i >= 0 && positions.Count < count; i--) positions.Add(_entries[i].Position);
        return positions;
    }

    private void Cut()
    {
        if (!_ordered) _entries.Sort();
        _ordered = true;
        if (_entries.Count > kept) _entries.RemoveRange(0, _entries.Count - kept);
    }

    /// <summary>Ascending order is oldest first.</summary>
    private readonly record struct Entry(long Ticks, long Tie, long Position) : IComparable<Entry>
    {
        public int CompareTo(Entry other)
        {
            int order = Ticks.CompareTo(other.Ticks);
            return order != 0 ? order : Tie.CompareTo(other.Tie);
        }
    }
}
