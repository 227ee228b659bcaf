using System.Text;
using Bandits.History;

namespace Bandits.Tests.History;

/// <summary>Bad lines, each with its reason; and odd lines that are good.</summary>
public sealed class HostileLineTests
{
    public static TheoryData<string, RejectionReason> BadLines
    {
        get
        {
            string S(string extra) => RecordLines.Simple(extra: "," + extra);
            string Without(string name) => RecordLines.Simple().Replace($"\"{name}\"", "\"other\"");
            string With(string name, string value) => S($"\"{name}\":{value}"); // the last of two equal keys wins
            return new TheoryData<string, RejectionReason>
            {
                { "{", RejectionReason.BrokenJson },
                { "}", RejectionReason.BrokenJson },
                { "plain text", RejectionReason.BrokenJson },
                { RecordLines.Simple()[..^1], RejectionReason.BrokenJson },
                { RecordLines.Simple()[..20], RejectionReason.BrokenJson },
                { RecordLines.Simple().Replace(",", ";"), RejectionReason.BrokenJson },
                { RecordLines.Simple().Replace(":", "="), RejectionReason.BrokenJson },
                { RecordLines.Simple().Replace('"', '\''), RejectionReason.BrokenJson },
                { RecordLines.Simple(extra: ","), RejectionReason.BrokenJson },
                { S("\"x\":01"), RejectionReason.BrokenJson },
                { S("\"x\":+1"), RejectionReason.BrokenJson },
                { S("\"x\":.5"), RejectionReason.BrokenJson },
                { S("\"x\":1."), RejectionReason.BrokenJson },
                { S("\"x\":1e"), RejectionReason.BrokenJson },
                { S("\"x\":0x10"), RejectionReason.BrokenJson },
                { S("\"x\":True"), RejectionReason.BrokenJson },
                { S("\"x\":nul"), RejectionReason.BrokenJson },
                { S("\"x\":undefined"), RejectionReason.BrokenJson },
                { S("\"x\":\"a\tb\""), RejectionReason.BrokenJson },
                { S("\"x\":\"a\\qb\""), RejectionReason.BrokenJson },
                { S("\"x\":\"a\\u12g4\""), RejectionReason.BrokenJson },
                { S("\"x\":\"never ends"), RejectionReason.BrokenJson },
                { S("\"x\":[1,2"), RejectionReason.BrokenJson },
                { S("\"x\":1 /* comment */"), RejectionReason.BrokenJson },
                { S("x:1"), RejectionReason.BrokenJson },
                { S("\"x\":" + new string('[', 70) + new string(']', 70)), RejectionReason.BrokenJson },
                { S("\"metadata\":" + string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70)), RejectionReason.BrokenJson },
                { "\u001e" + RecordLines.Simple(), RejectionReason.BrokenJson },
                { "[]", RejectionReason.NotOneObject },
                { "[" + RecordLines.Simple() + "]", RejectionReason.NotOneObject },
                { "\"text\"", RejectionReason.NotOneObject },
                { "42", RejectionReason.NotOneObject },
                { "-1.5e3", RejectionReason.NotOneObject },
                { "null", RejectionReason.NotOneObject },
                { "true", RejectionReason.NotOneObject },
                { RecordLines.Simple() + RecordLines.Simple("t2"), RejectionReason.NotOneObject },
                { RecordLines.Simple() + ",", RejectionReason.NotOneObject },
                { RecordLines.Simple() + " trailing", RejectionReason.NotOneObject },
                { RecordLines.Simple() + "\0", RejectionReason.NotOneObject },
                { "{}", RejectionReason.MissingField },
                { Without("task_id"), RejectionReason.MissingField },
                { Without("task_area"), RejectionReason.MissingField },
                { Without("task_risk"), RejectionReason.MissingField },
                { Without("implementer_model"), RejectionReason.MissingField },
                { Without("outcome"), RejectionReason.MissingField },
                { RecordLines.Simple().Replace("outcome", "OUTCOME"), RejectionReason.MissingField },
                { With("task_id", "null"), RejectionReason.MissingField },
                { With("task_id", "\"\""), RejectionReason.EmptyField },
                { With("task_area", "\"\""), RejectionReason.EmptyField },
                { With("implementer_model", "\"\""), RejectionReason.EmptyField },
                { With("task_id", "17"), RejectionReason.WrongType },
                { With("task_risk", "[\"low\"]"), RejectionReason.WrongType },
                { With("outcome", "true"), RejectionReason.WrongType },
                { With("planner_model", "{}"), RejectionReason.WrongType },
                { With("error_type", "false"), RejectionReason.WrongType },
                { With("started_at", "1767600000"), RejectionReason.WrongType },
                { With("duration_seconds", "\"12\""), RejectionReason.WrongType },
                { With("total_cost_usd", "true"), RejectionReason.WrongType },
                { With("num_steps", "\"3\""), RejectionReason.WrongType },
                { With("quality_gate_passed", "1"), RejectionReason.WrongType },
                { With("plan_review_passed", "\"yes\""), RejectionReason.WrongType },
                { With("metadata", "[]"), RejectionReason.WrongType },
                { With("metadata", "\"{}\""), RejectionReason.WrongType },
                { With("metadata", "{\"reward\":\"0.5\"}"), RejectionReason.WrongType },
                { With("metadata", "{\"reward\":{}}"), RejectionReason.WrongType },
                { With("outcome", "\"succes\""), RejectionReason.UnknownOutcome },
                { With("outcome", "\"SUCCESS\""), RejectionReason.UnknownOutcome },
                { With("outcome", "\"\""), RejectionReason.UnknownOutcome },
                { With("duration_seconds", "-0.001"), RejectionReason.NegativeNumber },
                { With("total_cost_usd", "-1e-300"), RejectionReason.NegativeNumber },
                { With("num_steps", "-1"), RejectionReason.NegativeNumber },
                { With("num_retries", "-0.5"), RejectionReason.NegativeNumber },
                { With("total_cost_usd", "1e999"), RejectionReason.NonFiniteNumber },
                { With("duration_seconds", "-1e999"), RejectionReason.NonFiniteNumber },
                { With("total_cost_usd", "NaN"), RejectionReason.NonFiniteNumber },
                { With("duration_seconds", "Infinity"), RejectionReason.NonFiniteNumber },
                { With("duration_seconds", "-Infinity"), RejectionReason.NonFiniteNumber },
                { With("num_steps", "1.5"), RejectionReason.FractionalCount },
                { With("num_retries", "15e-1"), RejectionReason.FractionalCount },
                { With("num_retries", "1.0000000000000000000000000001"), RejectionReason.FractionalCount },
                { With("num_steps", "2147483648"), RejectionReason.NumberOutOfRange },
                { With("num_steps", "1e400"), RejectionReason.NumberOutOfRange },
                { With("total_cost_usd", "1000000.01"), RejectionReason.NumberOutOfRange },
                { With("duration_seconds", "31536001"), RejectionReason.NumberOutOfRange },
                { With("metadata", "{\"reward\":1.01}"), RejectionReason.RewardOutOfRange },
                { With("metadata", "{\"reward\":-0.01}"), RejectionReason.RewardOutOfRange },
                { With("metadata", "{\"reward\":1e999}"), RejectionReason.RewardOutOfRange },
                { With("task_id", "\"\\ud800\""), RejectionReason.BrokenUtf8 },
                { With("metadata", "{\"a\":\"\\udc00\"}"), RejectionReason.BrokenUtf8 },
                { S($"\"x\":\"{new string('a', 1 << 20)}\""), RejectionReason.LineTooLong },
                { new string(' ', (1 << 20) + 1), RejectionReason.LineTooLong },
            };
        }
    }

    [Theory]
    [MemberData(nameof(BadLines))]
    public void A_bad_line_is_rejected_with_its_reason_and_the_import_goes_on(string bad, RejectionReason reason)
    {
        byte[] text = Encoding.UTF8.GetBytes($"{RecordLines.Simple("before")}\n{bad}\n{RecordLines.Simple("after")}\n");
        foreach (ImportAccount account in new[] { new ExecutionHistory().Import(text), new ExecutionHistory().Import(new MemoryStream(text)) })
        {
            Assert.Equal((3, 2, 1), (account.Read, account.Imported, account.Rejected));
            RejectedLine rejected = Assert.Single(account.Rejections);
            Assert.Equal((reason, 2), (rejected.Reason, rejected.LineNumber));
            Assert.Equal(1, account.RejectedFor(reason));
            Assert.StartsWith("-:2: ", rejected.ToString());
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xc0, 0x80 })] // overlong
    [InlineData(new byte[] { 0xe2, 0x82 })] // cut
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })] // a surrogate
    public void Bytes_that_are_not_utf8_are_rejected_wherever_they_stand(byte[] broken)
    {
        byte[] line = [.. Encoding.UTF8.GetBytes(RecordLines.Simple(extra: ",\"unknown\":\"")), .. broken, .. "\"}"u8];
        Assert.Equal(RejectionReason.BrokenUtf8, Assert.Single(new ExecutionHistory().Import(line).Rejections).Reason);
    }

    [Theory]
    [InlineData(",\"num_steps\":1.0,\"num_retries\":2e0")]
    [InlineData(",\"num_steps\":null,\"metadata\":null,\"planner_model\":null,\"duration_seconds\":null")]
    [InlineData(",\"metadata\":{\"reward\":null}")]
    [InlineData(",\"metadata\":{\"reward\":1.0,\"deep\":{\"reward\":\"not this one\"}}")]
    [InlineData(",\"total_cost_usd\":-0.0")]
    [InlineData(",\"outcome\":17,\"outcome\":\"failed\"")]
    [InlineData(",\"unknown\":\"\\ud800\"")]
    [InlineData(",\"\\ud800\":1")]
    [InlineData(",\"started_at\":\"yesterday\"")]
    [InlineData(",\"planner_model\":\"\"")]
    public void An_odd_line_is_accepted(string extra)
    {
        ImportAccount account = new ExecutionHistory().Import(Encoding.UTF8.GetBytes(RecordLines.Simple(extra: extra)));
        Assert.Empty(account.Rejections);
        Assert.Equal(1, account.Imported);
    }

    [Fact]
    public void Byte_order_mark_crlf_blank_lines_and_a_last_line_without_end_are_fine()
    {
        string text = $"\ufeff{RecordLines.Simple("1")}\r\n\r\n   \t\r\n\n  {RecordLines.Simple("2")}  \r\n{RecordLines.Simple("3")}";
        ImportAccount account = new ExecutionHistory().Import(Encoding.UTF8.GetBytes(text));
        Assert.Equal((3, 3, 3), (account.Read, account.Imported, account.BlankLines));
    }

    [Fact]
    public void Strict_stops_at_the_first_bad_line_and_keeps_what_came_before()
    {
        byte[] text = Encoding.UTF8.GetBytes($"{RecordLines.Simple("1")}\nbad\n{RecordLines.Simple("2")}\n");
        ImportAccount account = new ExecutionHistory().Import(text, new ImportOptions { Strict = true });
        Assert.True(account.StoppedAtRejection);
        Assert.Equal((2, 1, 1), (account.Read, account.Imported, account.Rejected));
        Assert.False(account.IsComplete);
    }

    [Fact]
    public void Rejects_are_copied_as_they_were_and_can_be_imported_once_mended()
    {
        string tooLong = new('x', 3 << 20);
        byte[] text = Encoding.UTF8.GetBytes($"bad one\n{RecordLines.Simple("1")}\n{tooLong}\n{{\"task_id\":1}}\n");
        var rejects = new MemoryStream();
        ImportAccount account = new ExecutionHistory().Import(new MemoryStream(text), new ImportOptions { Rejects = rejects });
        Assert.Equal(3, account.Rejected);
        Assert.Equal($"bad one\n{tooLong}\n{{\"task_id\":1}}\n", Encoding.UTF8.GetString(rejects.ToArray()));
    }

    [Fact]
    public void The_account_keeps_few_rejections_and_counts_all()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("bad\n", 1000)));
        int told = 0;
        ImportAccount account = new ExecutionHistory().Import(text, new ImportOptions { RejectionsKept = 7, OnRejected = _ => told++ });
        Assert.Equal((1000, 7, 1000), (account.Rejected, account.Rejections.Count, told));
    }
}
