using System.Globalization;

namespace Bandits.Rae.Import;

/// <summary>What a pull leaves to the next beside the states: how far back nothing new is expected, when each store was last heard of, and what has been waited for in vain.</summary>
internal sealed class PullNotes
{
    private const string SettledNote = "settled";
    private const string SeenNote = "seen";
    private const string WaitingNote = "waiting";
    private const string ListingsNote = "listings";

    /// <summary>Full listings in which nothing came of a chain after which it is no longer waited for: its store is gone for good, more often than not.</summary>
    private const int MostListings = 2;

    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Store, ulong Chain), (long Newest, int Listings)> _waits = [];

    public PullNotes(IReadOnlyDictionary<string, long> notes)
    {
        foreach ((string name, long value) in notes)
        {
            string[] words = name.Split(' ');
            if (name == SettledNote && value > 0 && value <= DateTimeOffset.MaxValue.UtcTicks) Settled = new DateTimeOffset(value, TimeSpan.Zero);
            if (words is [SeenNote, var seen]) _seen[seen] = value;
            if (words is [WaitingNote, var store, var number] && ulong.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong chain))
                _waits[(store, chain)] = (value, (int)Math.Clamp(notes.GetValueOrDefault(Name(ListingsNote, store, chain)), 0, MostListings));
        }
    }

    /// <summary>Time before which nothing new is expected; null where everything has to be listed.</summary>
    public DateTimeOffset? Settled { get; set; }

    /// <summary>Time of the newest memory of each store that is known, in ticks.</summary>
    public IReadOnlyDictionary<string, long> Seen => _seen;

    /// <summary>Replaces what is known of when stores were last heard of.</summary>
    public void See(IEnumerable<KeyValuePair<string, long>> newest)
    {
        _seen.Clear();
        foreach ((string store, long time) in newest) _seen[store] = time;
    }

    /// <summary>Takes note of what waits, and returns what is worth waiting for: that of which something new came, or which was not yet missed in enough listings of everything.</summary>
    public List<WaitingChain> Wait(IReadOnlyList<WaitingChain> waiting, bool isFull, int most)
    {
        var worth = new List<WaitingChain>();
        Dictionary<(string, ulong), (long Newest, int Listings)> before = new(_waits);
        if (isFull) _waits.Clear(); // what waits is among what was listed
        foreach (WaitingChain chain in waiting)
        {
            int listings = before.TryGetValue((chain.Store, chain.Chain), out (long Newest, int Listings) wait) && chain.Newest <= wait.Newest ? wait.Listings : 0;
            if (isFull) listings = Math.Min(MostListings, listings + 1);
            _waits[(chain.Store, chain.Chain)] = (Math.Max(chain.Newest, wait.Newest), listings);
            if (listings < MostListings) worth.Add(chain);
        }

        foreach ((string, ulong) old in _waits.OrderByDescending(wait => wait.Value.Newest).Skip(most).Select(wait => wait.Key).ToList()) _waits.Remove(old);
        return worth;
    }

    public Dictionary<string, long> ToNotes()
    {
        var notes = new Dictionary<string, long>(StringComparer.Ordinal) { [SettledNote] = Settled?.UtcTicks ?? 0 };
        foreach ((string store, long time) in _seen) notes[$"{SeenNote} {store}"] = time;
        foreach (((string store, ulong chain), (long newest, int listings)) in _waits)
        {
            notes[Name(WaitingNote, store, chain)] = newest;
            notes[Name(ListingsNote, store, chain)] = listings;
        }

        return notes;
    }

    private static string Name(string note, string store, ulong chain) => string.Create(CultureInfo.InvariantCulture, $"{note} {store} {chain:x16}");
}
