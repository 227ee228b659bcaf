namespace Bandits.Rae.Import;

/// <summary>Pages through the memories of a layer, newest first, within bounds.</summary>
internal static class EvidenceListing
{
    private const int UsualPage = 200;

    /// <summary>Page up to which it grows again once a memory that made pages too long has been passed over.</summary>
    private const int PageAfterGiant = 25;

    /// <summary>Reads until a short page, or until what is older than <paramref name="until"/>.</summary>
    public static async Task<Listing> ReadAsync(RaeClient client, RaeOptions options, DateTimeOffset? until, Action<RaeMemory> take, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        DateTimeOffset? newest = null;
        int most = Math.Min(UsualPage, options.MaxMemories), limit = most, tooLong = 0;
        long offset = 0;
        while (offset < options.MaxMemories)
        {
            IReadOnlyList<RaeMemory> page;
            try
            {
                page = await client.ListAsync(options.EvidenceLayer, limit, offset, cancellationToken).ConfigureAwait(false);
            }
            catch (RaeException e) when (e.Fault == RaeFault.TooLong)
            {
                if (limit == 1)
                {
                    tooLong++;
                    offset++; // one memory is longer than anything that may be read: it is passed over
                    most = Math.Min(PageAfterGiant, options.MaxMemories);
                }
                else
                {
                    most = limit = Math.Max(1, limit / 4);
                }

                continue;
            }

            bool isOld = false;
            foreach (RaeMemory memory in page)
            {
                isOld |= memory.CreatedAt < until;
                if (memory.CreatedAt > (newest ?? DateTimeOffset.MinValue)) newest = memory.CreatedAt;
                if (memory.Id.Length > 0 && ids.Add(memory.Id)) take(memory);
            }

            if (isOld || page.Count < limit) return new Listing(ids.Count, tooLong, newest, IsComplete: true, IsAll: page.Count < limit);
            offset += page.Count;
            limit = Math.Min(most, 2 * limit);
        }

        return new Listing(ids.Count, tooLong, newest, IsComplete: false, IsAll: false);
    }
}

/// <summary>What was listed.</summary>
/// <param name="Memories">Memories seen, each once.</param>
/// <param name="TooLong">Memories passed over because one alone was longer than an answer may be.</param>
/// <param name="Newest">Time of the newest.</param>
/// <param name="IsComplete">Whether it went on to the end, or to what is older than was asked for, and was not cut by a bound.</param>
/// <param name="IsAll">Whether it went on to the end, so that there is nothing else.</param>
internal readonly record struct Listing(int Memories, int TooLong, DateTimeOffset? Newest, bool IsComplete, bool IsAll);
