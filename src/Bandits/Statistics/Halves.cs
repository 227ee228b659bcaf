namespace Bandits.Statistics;

/// <summary>Whole numbers of 64 bits in states that are made of doubles, which hold 53 bits exactly: each as two halves of 32 bits.</summary>
internal static class Halves
{
    private const int Bits = 32;

    public static double High(ulong whole) => whole >> Bits;

    public static double Low(ulong whole) => (uint)whole;

    /// <summary>The number of such halves; 0 or more, below 2^32.</summary>
    public static ulong Whole(double high, double low) => ((ulong)high << Bits) | (ulong)low;

    /// <summary>The number of at most 63 bits of which these are the halves; false when they are not.</summary>
    public static bool TryWhole(double high, double low, out long whole)
    {
        bool isSound = high is >= 0 and <= int.MaxValue && low is >= 0 and <= uint.MaxValue && high == Math.Floor(high) && low == Math.Floor(low);
        whole = isSound ? (long)Whole(high, low) : 0;
        return isSound;
    }
}
