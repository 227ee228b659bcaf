using System.Buffers;
using System.Text.Unicode;

namespace Bandits.Benchmarks.Inputs;

/// <summary>Writes a made-up <c>execution_records.jsonl</c> with the fields, the spacing and roughly the proportions of a real one. Seeded.</summary>
/// <remarks>
/// Names and outcomes repeat every <see cref="Shapes"/> records while ids, times, costs and durations go on: logs of any length beyond that have
/// the same segments, models and rates.
/// </remarks>
internal sealed class ExecutionLog
{
    /// <summary>Records after which names and outcomes repeat.</summary>
    public const int Shapes = 10_000;

    private const int FieldCount = 22;
    private const int LongestRecord = 2048;
    private readonly Random _random;
    private readonly KeyOrder _order;
    private readonly TaskShape[] _shapes = new TaskShape[Shapes];
    private readonly byte[] _fields = new byte[LongestRecord];
    private readonly Range[] _ranges = new Range[FieldCount];
    private DateTime _time = new(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc);
    private int _written;
    private int _field;

    public ExecutionLog(int seed, KeyOrder order)
    {
        _random = new Random(seed);
        _order = order;
        for (int i = 0; i < Shapes; i++) _shapes[i] = TaskShape.Draw(_random);
    }

    /// <summary>Records written so far.</summary>
    public int RecordCount { get; private set; }

    /// <summary>Appends the next <paramref name="records"/> records.</summary>
    public void Write(IBufferWriter<byte> text, int records)
    {
        for (int i = 0; i < records; i++)
        {
            MakeFields(RecordCount, _shapes[RecordCount % Shapes]);
            RecordCount++;
            if (_order == KeyOrder.Shuffled) _random.Shuffle(_ranges);
            Join(text);
        }
    }

    private void MakeFields(int number, in TaskShape task)
    {
        _written = _field = 0;
        double cost = (task.Implementer.CostUsd + 0.3 * task.Planner.CostUsd) * task.Scale * LogNormal(0.45);
        double seconds = (task.Implementer.Seconds + 0.3 * task.Planner.Seconds) * task.Scale * LogNormal(0.5);
        int steps = 1 + _random.Next((int)(6 * task.Scale) + 2), step = 1 + _random.Next(steps);
        _time = _time.AddMilliseconds(_random.Next(80_000));
        Utf8.TryWrite(Rest, $"\"task_id\": \"TASK-{number:D7}\"", out int length);
        End(length);
        Name("task_area"u8, task.Area);
        Name("task_risk"u8, task.Risk);
        Name("task_complexity"u8, task.Complexity);
        Name("planner_model"u8, task.Planner.Id);
        Name("planner_provider"u8, task.Planner.Provider);
        Name("implementer_model"u8, task.Implementer.Id);
        Name("implementer_provider"u8, task.Implementer.Provider);
        Name("outcome"u8, task.Outcome);
        Utf8.TryWrite(Rest, $"\"duration_seconds\": {seconds:0.0##}", out length);
        End(length);
        Utf8.TryWrite(Rest, $"\"total_cost_usd\": {cost:0.0#####}", out length);
        End(length);
        Utf8.TryWrite(Rest, $"\"num_steps\": {steps}", out length);
        End(length);
        Utf8.TryWrite(Rest, $"\"num_retries\": {(task.IsSuccess && Chance(0.8) ? 0 : _random.Next(4))}", out length);
        End(length);
        Flag("quality_gate_passed"u8, task.IsSuccess || Chance(0.3));
        Flag("code_review_passed"u8, task.IsSuccess || task.Outcome == "partial" || Chance(0.4));
        Flag("plan_review_passed"u8, Chance(0.97));
        Name("error_type"u8, task.Error);
        bool told = task.Error is not null && Utf8.TryWrite(Rest, $"\"error_message\": \"{task.Error} while running step {step}\"", out length);
        if (told) End(length);
        else Name("error_message"u8, null);
        if (Utf8.TryWrite(Rest, $"\"failed_step\": \"step_{step}\"", out length) && told) End(length);
        else Name("failed_step"u8, null);
        Utf8.TryWrite(Rest, $"\"started_at\": \"{_time:yyyy-MM-ddTHH:mm:ss.ffffff}\"", out length);
        End(length);
        Utf8.TryWrite(Rest, $"\"completed_at\": \"{_time.AddSeconds((int)seconds):yyyy-MM-ddTHH:mm:ss.ffffff}\"", out length);
        End(length);
        if (Chance(0.5)) Utf8.TryWrite(Rest, $$"""
            "metadata": {"branch": "feature/{{number % 97}}", "tokens": {{_random.Next(500, 60_000)}}}
            """, out length);
        else Utf8.TryWrite(Rest, $"\"metadata\": {{}}", out length);
        End(length);
    }

    private Span<byte> Rest => _fields.AsSpan(_written);

    private void End(int length)
    {
        _ranges[_field++] = _written..(_written + length);
        _written += length;
    }

    private void Name(ReadOnlySpan<byte> key, string? value)
    {
        int start = _written;
        Put("\""u8);
        Put(key);
        Put("\": "u8);
        if (value is null) Put("null"u8);
        else if (Utf8.TryWrite(Rest, $"\"{value}\"", out int length)) _written += length;
        _ranges[_field++] = start.._written;
    }

    private void Flag(ReadOnlySpan<byte> key, bool value)
    {
        int start = _written;
        Put("\""u8);
        Put(key);
        Put("\": "u8);
        Put(value ? "true"u8 : "false"u8);
        _ranges[_field++] = start.._written;
    }

    private void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Rest);
        _written += text.Length;
    }

    private void Join(IBufferWriter<byte> text)
    {
        text.Write("{"u8);
        for (int i = 0; i < FieldCount; i++)
        {
            if (i > 0) text.Write(", "u8);
            text.Write(_fields.AsSpan(_ranges[i]));
        }

        text.Write("}\n"u8);
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    /// <summary>A factor with median 1 (Box-Muller).</summary>
    private double LogNormal(double sigma) =>
        Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
}
