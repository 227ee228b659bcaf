using System.IO.Hashing;
using Bandits.History;

namespace Bandits.Tests.History;

public sealed class IdentitySetTests
{
    [Fact]
    public void At_most_32_bytes_are_held_per_record_at_any_size()
    {
        var set = new IdentitySet();
        for (int i = 1; i <= 300_000; i++)
        {
            Assert.True(set.Add(Hash(i)));
            if (i >= 8 && set.Bytes > 32L * i) Assert.Fail($"{set.Bytes} bytes for {i} records");
        }

        Assert.Equal(300_000, set.Count);
        for (int i = 1; i <= 300_000; i += 7) Assert.False(set.Add(Hash(i)));
        Assert.Equal(300_000, set.Count);
    }

    [Fact]
    public void Zero_and_crowded_neighbours_are_identities_like_any_other()
    {
        var set = new IdentitySet();
        Assert.True(set.Add(UInt128.Zero));
        Assert.False(set.Add(UInt128.Zero));
        for (uint i = 2; i < 2000; i++) Assert.True(set.Add(UInt128.MaxValue - i)); // all at home in the last slot: they wrap around
        for (uint i = 2; i < 2000; i++) Assert.False(set.Add(UInt128.MaxValue - i));
        Assert.False(set.Add(UInt128.Zero));
    }

    private static UInt128 Hash(int i) => XxHash128.HashToUInt128(BitConverter.GetBytes(i));
}
