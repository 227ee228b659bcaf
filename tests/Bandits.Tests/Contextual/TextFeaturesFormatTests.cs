using System.Buffers.Binary;
using Bandits.Contextual;

namespace Bandits.Tests.Contextual;

public sealed class TextFeaturesFormatTests
{
    private static readonly byte[] Sound = TextFeatures.Fit(
        ["a list of apples", "a list of apples and pears", "sorts a list"], new TextFeaturesOptions { Dimensions = 2, HashBits = 8, LongestCharacterNGram = 0 }).ToBytes();

    [Fact]
    public void Cut_short_anywhere_it_is_refused()
    {
        for (int length = 0; length < Sound.Length; length++) Assert.Throws<FormatException>(() => TextFeatures.FromBytes(Sound.AsSpan(0, length)));
        Assert.Throws<FormatException>(() => TextFeatures.FromBytes([.. Sound, 0]));
    }

    [Fact]
    public void Any_flipped_bit_is_noticed()
    {
        for (int bit = 0; bit < 8 * Sound.Length; bit++)
        {
            byte[] bytes = [.. Sound];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<FormatException>(() => TextFeatures.FromBytes(bytes));
        }
    }

    /// <summary>Bytes whose hash was made to fit are refused, or are features like any other.</summary>
    [Fact]
    public void Forged_bytes_are_refused_or_give_finite_features()
    {
        var random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. Sound];
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(TextFeaturesFormat.HeaderLength, bytes.Length)] = (byte)random.Next(256);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(20), TextFeaturesFormat.HashOf(bytes.AsSpan(TextFeaturesFormat.HeaderLength)));
            try
            {
                Assert.All(TextFeaturesTests.Write(TextFeatures.FromBytes(bytes), "a list of 3 pears?"), feature => Assert.InRange(feature, -TextFeatures.Limit, TextFeatures.Limit));
            }
            catch (FormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1_000, 19_000);
    }

    /// <summary>A header may announce anything; memory is taken for what is there.</summary>
    [Theory]
    [InlineData(0, 31)]
    [InlineData(16, int.MaxValue)]
    [InlineData(24, int.MaxValue)]
    [InlineData(24, -1)]
    public void What_is_announced_but_not_there_costs_nothing(int field, int value)
    {
        byte[] bytes = [.. Sound];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(TextFeaturesFormat.HeaderLength + field), value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(20), TextFeaturesFormat.HashOf(bytes.AsSpan(TextFeaturesFormat.HeaderLength)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(() => TextFeatures.FromBytes(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void The_page_names_the_version_in_force() => Assert.Contains(
        $"# The text features format, version {TextFeaturesFormat.FormatVersion}", File.ReadAllText(Path.Combine(Repository.Root, "docs", "text-features-format.md")), StringComparison.Ordinal);
}
