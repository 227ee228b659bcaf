using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using Bandits.Rae.Formats;
using Bandits.Rae.Outbox;
using Bandits.Storage;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Rae.Export;

/// <summary>Reads outcomes off the journal and puts records of them into the outbox, a sample where there are more than the declared rate allows.</summary>
/// <remarks>
/// The sample is the outcomes with the smallest hashes of their positions: every one has the same chance, and reading the same entries again chooses the same. Each record says among how many it was chosen.
/// </remarks>
internal sealed class DecisionExport
{
    private const string PositionNote = "position", TimeNote = "time", OfOutcomesNote = "outcomes", LeftOutNote = "left_out";

    /// <summary>What a pause may save up.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly string _path;
    private readonly DiskOutbox _outbox;
    private readonly RaeOptions _options;
    private readonly TimeProvider _clock;
    private readonly JournalNames _names = new();
    private readonly ArrayBufferWriter<byte> _text = new();
    private bool _knowsNames;
    private long _position;
    private long _time;

    public DecisionExport(string directory, DiskOutbox outbox, RaeOptions options, TimeProvider clock)
    {
        (_path, _outbox, _options, _clock) = (Path.Combine(directory, "records.json"), outbox, options, clock);
        Bookkeeping kept = Bookkeeping.Read(_path);
        (_position, _time, Outcomes, LeftOut) = (kept[PositionNote], kept[TimeNote], Math.Max(0, kept[OfOutcomesNote]), Math.Max(0, kept[LeftOutNote]));
    }

    /// <summary>Outcomes read so far.</summary>
    public long Outcomes { get; private set; }

    /// <summary>Of these, how many were left out: beyond the rate, or without room in the outbox.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Reads what the store's journal tells since the last time; the first time only notes where it ends.</summary>
    public void Collect(string storeDirectory, string storeName)
    {
        if (_options.RecordsPerMinute == 0) return;
        long now = _clock.GetUtcNow().UtcTicks;
        bool isFirst = _position < 0;
        var sample = new PriorityQueue<(long Position, byte[] Entry), ulong>();
        int most = Allowance(now);
        if (most == 0 && !isFirst) return; // what comes meanwhile has its chance when there is one
        long outcomes = Read(storeDirectory, isFirst, most, sample);
        if (isFirst) outcomes = 0;
        List<byte[]> requests = ToRequests(sample, storeName, outcomes);
        bool isIn = _outbox.TryAdd(OutboxKind.Record, requests);
        Outcomes += outcomes;
        LeftOut += outcomes - (isIn ? requests.Count : 0);
        _time = isFirst ? now : now - Math.Min(now - _time, LongestPause.Ticks) + (long)(most * (double)TimeSpan.TicksPerMinute / _options.RecordsPerMinute); // what is less than one record is kept
        new Bookkeeping(new Dictionary<string, long> { [PositionNote] = _position, [TimeNote] = _time, [OfOutcomesNote] = Outcomes, [LeftOutNote] = LeftOut }, []).Write(_path);
    }

    private int Allowance(long now)
    {
        if (now < _time) _time = now; // the clock was put back
        return (int)Math.Floor(_options.RecordsPerMinute * Math.Min(now - _time, LongestPause.Ticks) / (double)TimeSpan.TicksPerMinute);
    }

    private long Read(string storeDirectory, bool isFirst, int most, PriorityQueue<(long, byte[]), ulong> sample)
    {
        List<(long First, string Path)> segments =
            [.. JournalArchive.Segments(Path.Combine(storeDirectory, JournalArchive.Folder), DiskFiles.Instance), .. JournalArchive.Segments(storeDirectory, DiskFiles.Instance)];
        segments.Sort();
        int from = Math.Max(0, segments.FindLastIndex(segment => segment.First <= Math.Max(0, _position)));
        segments.RemoveRange(0, isFirst ? Math.Max(0, segments.Count - 1) : from);
        if (segments.Count == 0) return 0;
        long begin = _knowsNames ? _position : segments[0].First; // a file names what its entries refer to
        long outcomes = 0;
        using var reader = new JournalReader(segments, DiskFiles.Instance, Math.Max(begin, segments[0].First));
        while (reader.TryRead(out long position, out ReadOnlyMemory<byte> payload))
        {
            EntryKind kind = KindOf(payload);
            if (kind is EntryKind.Arm or EntryKind.Segment or EntryKind.Settings) TakeName(position, payload);
            else if (kind == EntryKind.Outcome && position >= _position && !isFirst)
            {
                outcomes++;
                Sample(sample, most, position, payload);
            }
        }

        _position = Math.Max(0, reader.Position); // a journal that lost its end goes on before where it was read to
        _knowsNames = true;
        return outcomes;
    }

    /// <summary>Keeps the smallest hashes: the queue gives up the largest first.</summary>
    private static void Sample(PriorityQueue<(long Position, byte[] Entry), ulong> sample, int most, long position, ReadOnlyMemory<byte> payload)
    {
        ulong order = ~XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in position)));
        if (sample.Count < most) sample.Enqueue((position, payload.ToArray()), order);
        else if (most > 0 && sample.TryPeek(out _, out ulong largest) && order > largest) sample.DequeueEnqueue((position, payload.ToArray()), order);
    }

    private List<byte[]> ToRequests(PriorityQueue<(long Position, byte[] Entry), ulong> sample, string store, long outcomes)
    {
        var chosen = new List<(long Position, byte[] Entry)>();
        while (sample.TryDequeue(out (long, byte[]) entry, out _)) chosen.Add(entry);
        chosen.Sort((a, b) => a.Position.CompareTo(b.Position));
        var requests = new List<byte[]>();
        foreach ((long position, byte[] entry) in chosen)
        {
            using JsonDocument outcome = ToJson(position, entry);
            try
            {
                if (!_names.TryName(outcome.RootElement, out string[] segment, out string arm)) continue;
                var context = new DecisionRecord.Context(store, _names.Dimensions, segment, arm, _names.Policy, outcomes, chosen.Count);
                if (DecisionRecord.ToRequest(outcome.RootElement, context, _options) is { } request) requests.Add(request);
            }
            catch (Exception e) when (IsDamaged(e))
            {
                // Whole, but of another shape: it is left out, and counted as such.
            }
        }

        return requests;
    }

    private void TakeName(long position, ReadOnlyMemory<byte> payload)
    {
        using JsonDocument entry = ToJson(position, payload);
        try
        {
            _names.Take(entry.RootElement);
        }
        catch (Exception e) when (IsDamaged(e))
        {
            // What it names stays unknown, and outcomes that need it are left out.
        }
    }

    private static bool IsDamaged(Exception e) => e is KeyNotFoundException or InvalidOperationException or FormatException;

    private JsonDocument ToJson(long position, ReadOnlyMemory<byte> payload)
    {
        _text.Clear();
        using (var json = new Utf8JsonWriter(_text)) EntryText.Write(json, position, payload);
        return JsonDocument.Parse(_text.WrittenMemory.ToArray());
    }

    private static EntryKind KindOf(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var reader = new PayloadReader(payload);
            reader.FieldsOrMore(1, "an entry");
            return (EntryKind)reader.Byte();
        }
        catch (Exception e) when (PayloadReader.IsFault(e))
        {
            return 0;
        }
    }
}
