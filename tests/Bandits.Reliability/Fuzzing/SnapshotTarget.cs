using System.Buffers.Binary;
using Bandits.Storage;

namespace Bandits.Reliability.Fuzzing;

/// <summary>The reader of snapshots, and the router made from what it read.</summary>
internal sealed class SnapshotTarget : IFuzzTarget
{
    private const int LengthAt = 12;

    public string Name => "snapshot";

    /// <summary>What reading takes, and what the router takes that is made of it: tables of fixed size, and as many cells as the options allow.</summary>
    public long MostAllocated(int bytes) => 256L * bytes + (8 << 20);

    public byte[] Next(Random random)
    {
        byte[] whole = Sample.All[random.Next(Sample.All.Length)].Snapshot, donor = Sample.All[random.Next(Sample.All.Length)].Snapshot[RouterSnapshot.HeaderBytes..];
        if (random.Next(10) == 0) return Mutation.Bytes(whole, donor, random);
        byte[] payload = whole[RouterSnapshot.HeaderBytes..];
        byte[] sealedAgain = [.. whole[..RouterSnapshot.HeaderBytes], .. random.Next(4) == 0 ? Mutation.Bytes(payload, donor, random) : Mutation.MessagePack(payload, donor, random)];
        BinaryPrimitives.WriteInt64LittleEndian(sealedAgain.AsSpan(LengthAt), sealedAgain.Length - RouterSnapshot.HeaderBytes);
        if (random.Next(20) == 0) sealedAgain[8] = (byte)random.Next(5); // the version
        RouterSnapshot.Seal(sealedAgain);
        return sealedAgain;
    }

    public Fed Feed(byte[] input, Random random)
    {
        RouterOptions options = Sample.All[random.Next(Sample.All.Length)].Options();
        long before = GC.GetAllocatedBytesForCurrentThread();
        RouterState state;
        try
        {
            state = RouterSnapshot.FromBytes(input);
        }
        catch (SnapshotException)
        {
            return new Fed(true, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        BanditRouter router;
        try
        {
            router = BanditRouter.Restore(options, state, out _);
        }
        catch (ArgumentException) when (!state.Dimensions.AsSpan().SequenceEqual(["role", "area"]))
        {
            return new Fed(true, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        catch (InsufficientMemoryException)
        {
            return new Fed(true, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Afterwards.Live(router);
        return new Fed(false, allocated);
    }
}
