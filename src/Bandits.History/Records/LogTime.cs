namespace Bandits.History;

/// <summary>ISO 8601 times as Python and others write them; a time without a zone is UTC.</summary>
internal static class LogTime
{
    /// <summary>Reads <c>YYYY-MM-DD[(T| )hh:mm[:ss[.fraction]][Z|+hh[:]mm]]</c> as UTC ticks; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long utcTicks)
    {
        utcTicks = 0;
        if (text.Length < 10 || text[4] != (byte)'-' || text[7] != (byte)'-') return false;
        int year = Number(text, 0, 4), month = Number(text, 5, 2), day = Number(text, 8, 2);
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        long ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
        ReadOnlySpan<byte> rest = text[10..];
        if (!rest.IsEmpty)
        {
            if (rest.Length < 6 || rest[0] is not ((byte)'T' or (byte)'t' or (byte)' ') || rest[3] != (byte)':') return false;
            int hour = Number(rest, 1, 2), minute = Number(rest, 4, 2);
            if ((uint)hour > 23 || (uint)minute > 59) return false;
            ticks += hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute;
            rest = rest[6..];
            if (!TrySeconds(ref rest, ref ticks) || !TryZone(rest, ref ticks)) return false;
        }

        if ((ulong)ticks > (ulong)DateTime.MaxValue.Ticks) return false;
        utcTicks = ticks;
        return true;
    }

    private static bool TrySeconds(ref ReadOnlySpan<byte> rest, ref long ticks)
    {
        if (rest.IsEmpty || rest[0] != (byte)':') return true;
        if (rest.Length < 3 || Number(rest, 1, 2) is var second && (uint)second > 59) return false;
        ticks += second * TimeSpan.TicksPerSecond;
        rest = rest[3..];
        if (rest.IsEmpty || rest[0] is not ((byte)'.' or (byte)',')) return true;
        int i = 1;
        for (long unit = TimeSpan.TicksPerSecond / 10; i < rest.Length && (uint)(rest[i] - '0') <= 9; i++, unit /= 10)
            ticks += (rest[i] - '0') * unit;
        bool any = i > 1;
        rest = rest[i..];
        return any;
    }

    private static bool TryZone(ReadOnlySpan<byte> zone, ref long ticks)
    {
        if (zone.IsEmpty || zone is [(byte)'Z'] or [(byte)'z']) return true;
        if (zone[0] is not ((byte)'+' or (byte)'-')) return false;
        bool colon = zone.Length == 6 && zone[3] == (byte)':';
        if (!colon && zone.Length is not (3 or 5)) return false;
        int hours = Number(zone, 1, 2), minutes = zone.Length == 3 ? 0 : Number(zone, colon ? 4 : 3, 2);
        if ((uint)hours > 23 || (uint)minutes > 59) return false;
        long offset = hours * TimeSpan.TicksPerHour + minutes * TimeSpan.TicksPerMinute;
        ticks -= zone[0] == (byte)'-' ? -offset : offset;
        return true;
    }

    /// <summary>The digits at <paramref name="start"/>, or -1.</summary>
    private static int Number(ReadOnlySpan<byte> text, int start, int length)
    {
        int number = 0;
        foreach (byte c in text.Slice(start, length))
        {
            if ((uint)(c - '0') > 9) return -1;
            number = number * 10 + (c - '0');
        }

        return number;
    }
}
