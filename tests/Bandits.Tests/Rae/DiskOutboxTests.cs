using System.Text;
using Bandits.Rae.Outbox;
using Bandits.Tests.Support;

namespace Bandits.Tests.Rae;

/// <summary>What was put into the outbox and is not dealt with comes out again, in order, whatever happened in between.</summary>
public sealed class DiskOutboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bandits-outbox-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Random batches, acknowledgements, drops and reopenings, against a plain list.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_is_a_queue_over_restarts(int seed)
    {
        var random = new Random(seed);
        var expected = new List<(OutboxKind Kind, string Text)>();
        DiskOutbox outbox = Open();
        int next = 0;
        for (int step = 0; step < 400; step++)
        {
            switch (random.Next(8))
            {
                case < 3:
                    var kind = (OutboxKind)random.Next(1, 3);
                    List<string> texts = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new string('x', random.Next(40)) + next++)];
                    Assert.True(outbox.TryAdd(kind, [.. texts.Select(Encoding.UTF8.GetBytes)]));
                    expected.AddRange(texts.Select(text => (kind, text)));
                    break;
                case < 6 when expected.Count > 0:
                    Assert.True(outbox.TryPeek(out OutboxItem item));
                    Assert.Equal(expected[0], (item.Kind, Encoding.UTF8.GetString(item.Request.Span)));
                    outbox.Done();
                    expected.RemoveAt(0);
                    break;
                case 6 when random.Next(6) == 0:
                    Assert.Equal(expected.RemoveAll(e => e.Kind == OutboxKind.Evidence), outbox.Drop(OutboxKind.Evidence));
                    break;
                case 7:
                    outbox = Open();
                    break;
            }

            Assert.Equal(expected.Count, outbox.Waiting);
            Assert.False(outbox.HasLost);
        }
    }

    [Fact]
    public void What_does_not_fit_is_not_taken_at_all()
    {
        DiskOutbox outbox = Open(4096);
        Assert.True(outbox.TryAdd(OutboxKind.Evidence, [new byte[2000]]));
        Assert.False(outbox.TryAdd(OutboxKind.Evidence, [new byte[1000], new byte[2000]]));
        Assert.Equal(1, outbox.Waiting);
        Assert.True(outbox.TryAdd(OutboxKind.Evidence, [new byte[1000]]));
        Assert.False(outbox.TryAdd(OutboxKind.Record, [new byte[100]])); // records leave half of the room to evidence
    }

    /// <summary>A lost note of what was sent sends a batch again; a damaged batch is told, and the others are whole.</summary>
    [Fact]
    public void Damage_costs_repetition_or_is_told()
    {
        DiskOutbox outbox = Open();
        outbox.TryAdd(OutboxKind.Evidence, ["one"u8.ToArray(), "two"u8.ToArray()]);
        outbox.TryAdd(OutboxKind.Evidence, ["three"u8.ToArray()]);
        Assert.True(outbox.TryPeek(out _));
        outbox.Done();
        File.WriteAllText(Path.Combine(_folder, "outbox.sent"), "torn");
        outbox = Open();
        Assert.Equal(3, outbox.Waiting);
        string first = Directory.GetFiles(_folder, "*.journal").Order(StringComparer.Ordinal).First();
        byte[] bytes = File.ReadAllBytes(first);
        bytes[^20] ^= 1;
        File.WriteAllBytes(first, bytes);
        outbox = Open();
        Assert.True(outbox.HasLost);
        Assert.True(outbox.TryPeek(out OutboxItem item));
        Assert.Equal("one", Encoding.UTF8.GetString(item.Request.Span));
        outbox.Done();
        Assert.True(outbox.TryPeek(out item));
        Assert.Equal("three", Encoding.UTF8.GetString(item.Request.Span));
    }

    private DiskOutbox Open(long most = 1 << 20) => new(_folder, most);
}
