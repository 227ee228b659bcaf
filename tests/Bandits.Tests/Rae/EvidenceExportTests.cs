using System.Text.Json;
using Bandits.Rae;
using Bandits.Rae.Export;
using Bandits.Rae.Formats;
using Bandits.Rae.Import;
using Bandits.Rae.Outbox;
using Bandits.Storage;

namespace Bandits.Tests.Rae;

/// <summary>Export and import together, with a crash between any two files that are written.</summary>
public sealed class EvidenceExportTests : IDisposable
{
    private static readonly RaeOptions Options = new() { Endpoint = "https://rae.example", CellsPerPart = 2, WindowsPerChain = 5 };
    private readonly string _folder = Directory.CreateTempSubdirectory("bandits-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>After every step the files may be those of an earlier moment: the bookkeeping before the last window, or before any; the outbox of now.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_crash_leads_to_another_chain_and_never_to_a_wrong_state(int seed)
    {
        var random = new Random(seed);
        var cells = new SortedDictionary<string, JoinedEvidence>(StringComparer.Ordinal);
        var sent = new EvidenceChains([], Options);
        var states = new Dictionary<long, string>();
        string bookkeeping = Path.Combine(_folder, "exported.json");
        for (int version = 1; version <= 60; version++)
        {
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                JoinedEvidence cell = Cell("v" + random.Next(7), random.Next(5));
                if (cell.Evidence == default) cells.Remove(CellName.Of(cell));
                else cells[CellName.Of(cell)] = cell;
            }

            states[version] = Text(cells.Values);
            byte[]? before = File.Exists(bookkeeping) ? File.ReadAllBytes(bookkeeping) : null;
            var outbox = new DiskOutbox(_folder, 1 << 20);
            var export = new EvidenceExport(_folder, outbox, Options);
            Assert.True(export.TryCollect(new StoreEvidence("0123456789abcdef", ["d"], version, [.. cells.Values], []), beginsChain: false));
            if (random.Next(4) == 0)
            {
                if (before is null) File.Delete(bookkeeping);
                else File.WriteAllBytes(bookkeeping, before); // killed after the outbox was written and before the bookkeeping was
                continue;
            }

            for (int count = random.Next(12); count > 0 && outbox.TryPeek(out OutboxItem item); count--)
            {
                Send(sent, item);
                if (random.Next(8) > 0) outbox.Done(); // else killed before it was noted: it is sent again
                else outbox = new DiskOutbox(_folder, 1 << 20);
            }

            foreach (EvidenceState head in sent.Heads()) Assert.Equal(states[head.Sequence], Text(head.Cells));
        }

        var last = new DiskOutbox(_folder, 1 << 20);
        Assert.True(new EvidenceExport(_folder, last, Options).TryCollect(new StoreEvidence("0123456789abcdef", ["d"], 61, [.. cells.Values], []), beginsChain: false));
        while (last.TryPeek(out OutboxItem item))
        {
            Send(sent, item);
            last.Done();
        }

        Assert.Equal(Text(cells.Values), Text(Assert.Single(sent.Heads()).Cells));
        Assert.Empty(sent.Faults); // no two windows of one number
    }

    [Fact]
    public void Bookkeeping_that_cannot_be_read_begins_a_chain()
    {
        var outbox = new DiskOutbox(_folder, 1 << 20);
        StoreEvidence now = new("0123456789abcdef", ["d"], 1, [Cell("a", 1)], []);
        new EvidenceExport(_folder, outbox, Options).TryCollect(now, beginsChain: false);
        new EvidenceExport(_folder, outbox, Options).TryCollect(now, beginsChain: false);
        Assert.Equal(1, outbox.Waiting); // nothing new
        File.WriteAllText(Path.Combine(_folder, "exported.json"), "{\"notes\":{},\"states\":[{}]}");
        new EvidenceExport(_folder, outbox, Options).TryCollect(now, beginsChain: false);
        Assert.Equal(1, outbox.Waiting); // in place of the one that waited
    }

    private static void Send(EvidenceChains sent, in OutboxItem item)
    {
        using JsonDocument request = JsonDocument.Parse(item.Request);
        EvidencePart? part = EvidencePartReader.Read(request.RootElement.GetProperty("metadata"), out string? fault);
        Assert.True(part is not null, fault);
        Assert.Null(sent.Add(part));
    }

    private static JoinedEvidence Cell(string value, int outcomes)
    {
        var evidence = new Evidence();
        for (int i = 0; i < outcomes; i++) evidence.Add(new Outcome { Kind = OutcomeKind.Success, CostUsd = i });
        return new JoinedEvidence(new[] { value }, "arm", evidence);
    }

    private static string Text(IEnumerable<JoinedEvidence> cells) => string.Join('\n', cells.Select(cell => $"{CellName.Of(cell)} {EvidenceWords.Write(cell.Evidence)}"));
}
