namespace Bandits.History;

/// <summary>One import: every line is accepted, already known or rejected, and the account says how many.</summary>
internal sealed class ImportRun(ILineTaker taker, ImportOptions options, string source)
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly ImportAccount _account = new(source);
    private long _lineNumber;

    public ImportAccount Account => _account;

    public ImportAccount Run(Stream stream, CancellationToken cancellationToken)
    {
        long? length = stream.CanSeek ? stream.Length - stream.Position : null;
        using Stream text = SourceStream.OpenText(stream, out SourceStream counted);
        using var lines = new LineReader(text)
        {
            OnRead = () =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                options.OnProgress?.Invoke(new ImportProgress(counted.BytesRead, length, _account.Read));
            },
        };

        while (Step(lines))
        {
        }

        options.OnProgress?.Invoke(new ImportProgress(counted.BytesRead, length, _account.Read));
        return _account;
    }

    /// <summary>Reads one line or a piece of a long one; false at the end.</summary>
    public bool Step(LineReader lines)
    {
        long position = lines.Position;
        bool goOn;
        switch (lines.Next(out ReadOnlySpan<byte> line))
        {
            case LineKind.Line:
                goOn = Line(line, position);
                break;
            case LineKind.LongPiece:
                options.Rejects?.Write(line);
                goOn = true;
                break;
            case LineKind.LongEnd:
                goOn = TooLong(line);
                break;
            default:
                _account.SourceFault = lines.Fault;
                goOn = false;
                break;
        }

        _account.Bytes = lines.Position;
        return goOn;
    }

    public ImportAccount Run(ReadOnlySpan<byte> text)
    {
        int start = 0;
        for (bool goOn = true; goOn && start < text.Length;)
        {
            int length = text[start..].IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? text[start..] : text.Slice(start, length);
            int position = start;
            start += length < 0 ? line.Length : length + 1;
            if (line.EndsWith("\r"u8)) line = line[..^1];
            goOn = line.Length > HistoryLimits.LineBytes ? TooLong(line) : Line(line, position);
        }

        _account.Bytes = start;
        return _account;
    }

    /// <summary>One line; false when the import is to stop.</summary>
    private bool Line(ReadOnlySpan<byte> line, long position)
    {
        if (++_lineNumber == 1 && line.StartsWith(ByteOrderMark))
        {
            line = line[ByteOrderMark.Length..];
            position += ByteOrderMark.Length;
        }

        if (line.IsEmpty || (line[0] != (byte)'{' && line.IndexOfAnyExcept(" \t\r"u8) < 0))
        {
            _account.BlankLines++;
            return true;
        }

        switch (taker.Offer(line, position, out RecordFault fault))
        {
            case Offered.New: _account.Imported++; return true;
            case Offered.AlreadyKnown: _account.AlreadyKnown++; return true;
            default: return Reject(line, fault);
        }
    }

    private bool TooLong(ReadOnlySpan<byte> rest)
    {
        _lineNumber++;
        return Reject(rest, new RecordFault(RejectionReason.LineTooLong, RecordField.Unknown, $"longer than {HistoryLimits.LineBytes} bytes"));
    }

    private bool Reject(ReadOnlySpan<byte> line, in RecordFault fault)
    {
        string? field = fault.Field == RecordField.Unknown ? null : RecordFields.NameText(fault.Field);
        var rejected = new RejectedLine(source, _lineNumber, fault.Reason, field, fault.Message);
        _account.Reject(rejected, options.RejectionsKept);
        if (options.Rejects is { } rejects)
        {
            rejects.Write(line);
            rejects.Write("\n"u8);
        }

        options.OnRejected?.Invoke(rejected);
        _account.StoppedAtRejection = options.Strict;
        return !options.Strict;
    }
}
