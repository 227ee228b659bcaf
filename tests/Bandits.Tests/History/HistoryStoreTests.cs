using System.Text;
using Bandits.History;
using FsCheck.Xunit;

namespace Bandits.Tests.History;

public sealed class HistoryStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string LogPath => _directory.File("records.jsonl");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_imported_is_there_after_opening_again()
    {
        HistoryStatistics before;
        using (var store = HistoryStore.Open(_directory.Path))
        {
            Assert.Equal(200, store.Import(new MemoryStream(RecordLines.Log(200))).Imported);
            before = store.Analytics.Statistics();
        }

        using var again = HistoryStore.Open(_directory.Path);
        Assert.Equal((200, 0, 0), (again.Opening.Imported, again.Opening.AlreadyKnown, again.Opening.Rejected));
        Assert.True(ImportStreamTests.Same(before, again.Analytics.Statistics()));
        ImportAccount second = again.Import(new MemoryStream(RecordLines.Log(210)));
        Assert.Equal((210, 200, 10), (second.Read, second.AlreadyKnown, second.Imported));
    }

    [Fact]
    public void Raw_lines_are_kept_as_they_came()
    {
        string line = RecordLines.Spelled(5, 77);
        using (var store = HistoryStore.Open(_directory.Path)) store.Import(new MemoryStream(Encoding.UTF8.GetBytes($"\ufeff{line}\r\nbad\n\n{line}")));
        Assert.Equal(line + "\n", File.ReadAllText(LogPath));
    }

    [Property(MaxTest = 60)]
    public bool A_log_torn_anywhere_loses_at_most_the_torn_line(int seed)
    {
        using var directory = new TemporaryDirectory();
        byte[] log = RecordLines.Log(12);
        int cut = new Random(seed).Next(log.Length + 1);
        string path = directory.File("records.jsonl");
        File.WriteAllBytes(path, log[..cut]);
        int whole = log.AsSpan(0, cut).Count((byte)'\n');
        bool endsWhole = cut < log.Length && log[cut] == (byte)'\n'; // only the line end is missing: completed, not cut
        using (var store = HistoryStore.Open(directory.Path))
        {
            if (store.History.RecordCount != whole + (endsWhole ? 1 : 0) || store.Opening.Rejected != 0) return false;
            store.Import(new MemoryStream(log)); // the rest comes back from the source
            if (store.History.RecordCount != 12) return false;
        }

        return File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 12;
    }

    [Fact]
    public void Damage_in_the_middle_is_reported_and_costs_only_its_line()
    {
        byte[] log = RecordLines.Log(10);
        log[log.AsSpan().IndexOf((byte)'\n') + 3] = 0xff;
        File.WriteAllBytes(LogPath, log);
        using var store = HistoryStore.Open(_directory.Path);
        Assert.Equal((9, 1), (store.Opening.Imported, store.Opening.Rejected));
        Assert.Equal(2, store.Opening.Rejections[0].LineNumber);
    }

    [Fact]
    public void There_is_one_writer_and_any_number_of_readers()
    {
        using var writer = HistoryStore.Open(_directory.Path);
        writer.Import(new MemoryStream(RecordLines.Log(5)));
        Assert.Contains("one writer", Assert.Throws<IOException>(() => HistoryStore.Open(_directory.Path)).Message);
        using var reader = HistoryStore.OpenReadOnly(_directory.Path);
        Assert.Equal(5, reader.History.RecordCount);
        Assert.Throws<InvalidOperationException>(() => reader.CreateTracker());
        Assert.Throws<InvalidOperationException>(() => reader.Import(Stream.Null));
    }

    [Fact]
    public void Reading_a_store_that_does_not_exist_finds_nothing_and_creates_nothing()
    {
        string path = _directory.File("none");
        using var reader = HistoryStore.OpenReadOnly(path);
        Assert.Equal(0, reader.Analytics.Statistics().TotalTasks);
        Assert.Empty(reader.Recent(5));
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void Tracked_records_read_back_with_every_field()
    {
        ExecutionRecord record = Full("t-1");
        using (var store = HistoryStore.Open(_directory.Path))
        using (ExecutionTracker tracker = store.CreateTracker())
        {
            Assert.True(tracker.Record(record));
            Assert.False(tracker.Record(record));
            Assert.Equal(1, store.Analytics.Statistics().TotalTasks);
            Assert.Equal("t-1", Assert.Single(store.Recent(3)).TaskId); // seen before it is flushed
        }

        using var again = HistoryStore.OpenReadOnly(_directory.Path);
        Assert.Equal(record with { Reward = 0.75 }, Assert.Single(again.Records()));
    }

    [Fact]
    public void An_invalid_record_is_refused_and_changes_nothing()
    {
        using var store = HistoryStore.Open(_directory.Path);
        using ExecutionTracker tracker = store.CreateTracker(recordsPerFlush: 1);
        ExecutionRecord[] bad =
        [
            Full("") , Full("x") with { TotalCostUsd = -1 }, Full("x") with { DurationSeconds = double.NaN }, Full("x") with { NumSteps = -1 },
            Full("x") with { MetadataJson = "[]" }, Full("x") with { MetadataJson = "{" }, Full("x") with { MetadataJson = "{\"reward\":2}" },
            Full("x") with { Outcome = (TaskOutcome)9 }, Full("x") with { ErrorMessage = new string('e', 2 << 20) },
        ];
        foreach (ExecutionRecord record in bad) Assert.ThrowsAny<ArgumentException>(() => tracker.Record(record));
        Assert.Equal(0, store.History.RecordCount);
        Assert.Equal(0, new FileInfo(LogPath).Length);
    }

    [Fact]
    public void Trackers_may_be_used_from_many_threads()
    {
        using (var store = HistoryStore.Open(_directory.Path))
        using (ExecutionTracker tracker = store.CreateTracker(recordsPerFlush: 500))
            Parallel.For(0, 2000, i => tracker.Record(Full($"t{i % 1000}")));
        using var again = HistoryStore.Open(_directory.Path);
        Assert.Equal((1000, 0, 0), (again.Opening.Imported, again.Opening.AlreadyKnown, again.Opening.Rejected));
    }

    [Theory]
    [InlineData("out.jsonl")]
    [InlineData("out.jsonl.gz")]
    public void Importing_an_export_brings_nothing_new_and_loses_nothing(string name)
    {
        using var store = HistoryStore.Open(_directory.Path);
        store.Import(new MemoryStream(RecordLines.Log(300)));
        store.ExportFile(_directory.File(name));
        Assert.Equal((300, 300, 0), Account(store.ImportFile(_directory.File(name))));
        var fresh = new ExecutionHistory();
        Assert.Equal((300, 0, 300), Account(fresh.ImportFile(_directory.File(name))));
        Assert.True(ImportStreamTests.Same(store.Analytics.Statistics(), fresh.Analytics.Statistics()));

        static (long, long, long) Account(ImportAccount a) => (a.Read, a.AlreadyKnown, a.Imported);
    }

    [Fact]
    public void Recent_is_by_time_then_log_order_however_the_log_is_ordered()
    {
        using var store = HistoryStore.Open(_directory.Path);
        var random = new Random(5);
        var expected = new List<(DateTime Time, int Order, string Id)>();
        var text = new StringBuilder();
        for (int i = 0; i < 20_000; i++)
        {
            DateTime time = new DateTime(2026, 1, 1).AddMinutes(random.Next(50_000));
            expected.Add((time, i, $"t{i}"));
            text.Append(RecordLines.Simple($"t{i}", $",\"started_at\":\"{time:s}\"")).Append('\n');
        }

        text.Append(RecordLines.Simple("no-time-1")).Append('\n').Append(RecordLines.Simple("no-time-2"));
        store.Import(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));
        List<string> order = [.. expected.OrderByDescending(e => e.Time).ThenBy(e => e.Order).Select(e => e.Id), "no-time-2", "no-time-1"];
        Assert.Equal(order.Take(1024), store.Recent(1024).Select(r => r.TaskId));
        Assert.Equal(order.Take(3000), store.Recent(3000).Select(r => r.TaskId));
        Assert.Equal(order.TakeLast(2), store.Recent(20_002).TakeLast(2).Select(r => r.TaskId));
    }

    private static ExecutionRecord Full(string id) => new()
    {
        TaskId = id,
        TaskArea = "core",
        TaskRisk = "low",
        TaskComplexity = "small",
        PlannerModel = "opus",
        PlannerProvider = "claude",
        ImplementerModel = "flash",
        ImplementerProvider = "gemini",
        Outcome = TaskOutcome.HumanReview,
        DurationSeconds = 12.5,
        TotalCostUsd = 0.1,
        NumSteps = 3,
        NumRetries = 0,
        QualityGatePassed = true,
        CodeReviewPassed = false,
        PlanReviewPassed = null,
        ErrorType = "quote \" and line\nend",
        ErrorMessage = "é😀",
        FailedStep = "step_1",
        StartedAt = "2026-01-05T08:00:00",
        CompletedAt = "2026-01-05T08:01:00",
        MetadataJson = "{\"reward\":0.75,\"a\":[1]}",
    };
}
