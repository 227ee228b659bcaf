namespace Bandits.Storage;

/// <summary>A store's own evidence as it leaves the store: what others join, under which name and version.</summary>
/// <remarks>
/// <para>Version: (number of the latest opening) x 2^42 + position in the journal / 8, as frames are aligned; enough for two million openings and 32 TiB of journal, beyond which it stands still, which is told. Every opening has the next number, and within one the position only grows, so a later reading never has a lower version,
/// and whatever way the evidence takes, the same version never counts twice.</para>
/// <para>Evidence of attempts after a failure stays where it is: it belongs to the order in which that store tries its arms.</para>
/// </remarks>
/// <param name="Name">Name of the store.</param>
/// <param name="Dimensions">Names of the segment's dimensions.</param>
/// <param name="Version">Version: every outcome before it is in the cells; of a store that is learning, later ones may be.</param>
/// <param name="Cells">The cells that hold anything, by the names of their values and arms.</param>
/// <param name="Faults">What could not be read or named.</param>
internal sealed record StoreEvidence(string Name, IReadOnlyList<string> Dimensions, long Version, List<JoinedEvidence> Cells, IReadOnlyList<string> Faults)
{
    private const int PositionBits = 42;
    private const long LastPosition = (1L << PositionBits) - 1;
    private const long LastOpening = (1L << (62 - PositionBits)) - 1;

    /// <summary>Version of what an opening knew at a position.</summary>
    public static long VersionOf(long openingNumber, long position) => (Math.Min(openingNumber, LastOpening) << PositionBits) + Math.Min(position / Journal.Frame.Alignment, LastPosition);

    private static void TellLimits(long openingNumber, long position, List<string> faults)
    {
        if (openingNumber >= LastOpening || position / Journal.Frame.Alignment >= LastPosition)
            faults.Add($"The store has been opened {openingNumber} times and written {position} bytes of journal; versions end at {LastOpening} openings and {LastPosition * Journal.Frame.Alignment} bytes, so others learn nothing more from it under its name.");
    }

    /// <summary>Of a store that is open, while others decide and record.</summary>
    public static StoreEvidence Of(RouterStore store)
    {
        var faults = new List<string>();
        (long position, int nodes) = store.Router.CaptureTail();
        TellLimits(store.Router.OpeningNumber, position, faults);
        List<JoinedEvidence> cells = CellsOf(store.Router, store.Router.CaptureSegments(nodes), static segment => segment.Own, faults);
        return new StoreEvidence(store.Name, store.Router.Dimensions, VersionOf(store.Router.OpeningNumber, position), cells, faults);
    }

    /// <summary>Of a store that another process may be writing: as it was a moment ago. Takes no lock and changes nothing.</summary>
    /// <exception cref="FileNotFoundException">It is no store.</exception>
    /// <inheritdoc cref="RouterStore.Read" path="/exception"/>
    public static StoreEvidence Read(string directory)
    {
        string path = Path.GetFullPath(directory);
        string name = Directory.Exists(path) && StoreName.Find(path) is { } found ? found : throw new FileNotFoundException($"'{directory}' is no store: it has no {StoreName.FileName} and no {TokenKey.FileName}.");
        RouterOptions options = StoredSettings.Find(path)?.ToOptions() ?? new RouterOptions();
        BanditRouter router = RouterStore.Read(path, options, out RecoveryReport report);
        var faults = new List<string>(report.Faults);
        (_, int nodes) = router.CaptureTail();
        TellLimits(router.OpeningNumber - 1, report.To, faults);
        List<JoinedEvidence> cells = CellsOf(router, router.CaptureSegments(nodes), static segment => segment.Own, faults);
        return new StoreEvidence(name, router.Dimensions, VersionOf(router.OpeningNumber - 1, report.To), cells, faults); // this reading counts as an opening
    }

    /// <summary>Cells by the names of their values and arms: the numbers mean nothing elsewhere.</summary>
    public static List<JoinedEvidence> CellsOf(BanditRouter router, IEnumerable<SegmentState> segments, Func<SegmentState, long[]> wordsOf, List<string> faults)
    {
        var cells = new List<JoinedEvidence>();
        foreach (SegmentState segment in segments)
        {
            if (segment.IsConditional) continue;
            long[] words = wordsOf(segment);
            string[] names = router.ValuesOf(new SegmentKey(segment.Key));
            for (int arm = 0; arm < words.Length / Evidence.WordCount; arm++)
            {
                Evidence evidence = Evidence.FromWords(words.AsSpan(arm * Evidence.WordCount));
                if (evidence == default) continue;
                string id = router.ArmAt(arm).Id;
                if (Array.IndexOf(names, "") >= 0) faults.Add($"Evidence of arm '{id}' was left out: the store has lost the name of a value of its segment.");
                else cells.Add(new JoinedEvidence(names, id, evidence));
            }
        }

        return cells;
    }
}
