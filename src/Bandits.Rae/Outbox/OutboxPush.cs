using Bandits.Rae.Export;
using Bandits.Rae.Formats;
using Microsoft.Extensions.Logging;

namespace Bandits.Rae.Outbox;

/// <summary>Sends the outbox in order, at least once each: what was not confirmed is sent again, and its content tells the server that it has it.</summary>
/// <remarks>
/// The server marks the latest write of a project before it stores it, so that its "I have this" after a failure may be wrong: whatever it claims to have is looked for, and sent with another content where it is not.
/// </remarks>
internal sealed class OutboxPush(RaeClient client, DiskOutbox outbox, DeadLetters dead, EvidenceExport evidence, StuckRequest stuck, ILogger logger)
{
    /// <summary>Memories among which something just stored is looked for.</summary>
    private const int MostLooked = 1000;

    private const int Page = 100;

    /// <summary>Other contents that are tried.</summary>
    private const int MostVariants = 3;

    private int _pushed;
    private int _deduplicated;
    private int _dead;

    /// <summary>Sends until the outbox is empty, the server will not take more, or the time is up.</summary>
    public async Task<PushReport> RunAsync(TimeProvider clock, TimeSpan most, CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        string? error = client.Rest is var rest && rest > TimeSpan.Zero ? $"The server asked to be left alone for another {Math.Ceiling(rest.TotalSeconds)} s." : null;
        while (error is null && clock.GetElapsedTime(start) < most && outbox.TryPeek(out OutboxItem item))
        {
            try
            {
                if (stuck.IsSuspect(item.End)) await client.ListAsync(MemoryText.LayerOf(item.Request), 1, 0, cancellationToken).ConfigureAwait(false); // closes the circuit that this request alone may have opened
                if (await SendAsync(item.Request, cancellationToken).ConfigureAwait(false)) _deduplicated++;
                Confirm();
            }
            catch (RaeException e) when (e.Fault == RaeFault.Refused)
            {
                Park(item, e);
            }
            catch (RaeException e)
            {
                bool? isListed = e.Status >= 500 && stuck.IsHopeless(item.End) ? await IsListedAsync(item.Request, cancellationToken).ConfigureAwait(false) : null;
                if (isListed == true) Confirm();
                else if (isListed == false) Park(item, e); // the server lives and has failed at this one often enough: it must not hold up all that comes behind it
                else error = e.Message;
            }
        }

        if (error is null) logger.Pushed(_pushed, _deduplicated, outbox.Waiting);
        else if (outbox.Waiting > 0) logger.PushInterrupted(outbox.Waiting, error);
        return new PushReport(_pushed, _deduplicated, _dead, outbox.Waiting, outbox.Waiting > 0 ? error : null);
    }

    private void Confirm()
    {
        _pushed++;
        outbox.Done();
    }

    private void Park(in OutboxItem item, RaeException e)
    {
        _dead++;
        dead.TryAdd(item.Request, e);
        logger.Refused(e.Status, e.Message);
        if (item.Kind == OutboxKind.Evidence) evidence.Refused(); // takes out what belongs to it, this one too
        else outbox.Done();
    }

    /// <summary>Whether the server lists what it failed at; null when it does not answer that either.</summary>
    private async Task<bool?> IsListedAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        try
        {
            await client.ListAsync(MemoryText.LayerOf(request), 1, 0, cancellationToken).ConfigureAwait(false);
            return await IsStoredAsync(MemoryText.ContentOf(request), MemoryText.LayerOf(request), cancellationToken).ConfigureAwait(false);
        }
        catch (RaeException)
        {
            return null;
        }
    }

    /// <summary>Returns when the server has it; true when it had it before.</summary>
    private async Task<bool> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        for (int variant = 0; ; variant++)
        {
            CreatedMemory created = await client.CreateAsync(variant == 0 ? request : MemoryText.WithContent(request, variant), cancellationToken).ConfigureAwait(false);
            if (!created.IsDuplicate) return false;
            if (await IsStoredAsync(MemoryText.ContentOf(request), MemoryText.LayerOf(request), cancellationToken).ConfigureAwait(false)) return true;
            if (variant == MostVariants) throw new RaeException(RaeFault.NotUnderstood, 200, "The server says that it has what it does not list.");
        }
    }

    /// <summary>Whether a memory of this content, or of it with a variant's ending, is among the newest; true where the server lists nothing, so that nobody can know.</summary>
    private async Task<bool> IsStoredAsync(string content, string layer, CancellationToken cancellationToken)
    {
        int size = Page;
        for (int offset = 0; offset < MostLooked; offset += size)
        {
            IReadOnlyList<RaeMemory> page;
            try
            {
                page = await client.ListAsync(layer, size, offset, cancellationToken).ConfigureAwait(false);
            }
            catch (RaeException e) when (e.Fault == RaeFault.TooLong && size > 1)
            {
                size /= 2;
                offset -= size; // the same again, in smaller pages
                continue;
            }
            catch (RaeException e) when (e.Fault is RaeFault.Refused or RaeFault.TooLong)
            {
                return true;
            }

            foreach (RaeMemory memory in page)
                if (memory.Content.StartsWith(content, StringComparison.Ordinal)) return true;
            if (page.Count < size) return false;
        }

        return false;
    }
}
