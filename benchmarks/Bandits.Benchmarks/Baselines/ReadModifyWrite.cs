using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. Adds up so many numbers, then goes through them again and changes each: what it takes to read a matrix and then to update it.</summary>
internal sealed class ReadModifyWrite(int length, int count) : IOperation
{
    private readonly double[] _numbers = ReadBytes.Filled(length);

    public int Count => count;

    public long Run()
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += ReadBytes.Sum(_numbers);
            Change(_numbers, (i & 1) == 0 ? 0.5 : -0.5);
        }

        return BitConverter.DoubleToInt64Bits(sum);
    }

    private static void Change(double[] numbers, double by)
    {
        ref double first = ref MemoryMarshal.GetArrayDataReference(numbers);
        var change = Vector256.Create(by);
        nuint i = 0, length = (nuint)numbers.Length;
        for (; i + 16 <= length; i += 16)
        {
            (Vector256.LoadUnsafe(ref first, i) + change).StoreUnsafe(ref first, i);
            (Vector256.LoadUnsafe(ref first, i + 4) + change).StoreUnsafe(ref first, i + 4);
            (Vector256.LoadUnsafe(ref first, i + 8) + change).StoreUnsafe(ref first, i + 8);
            (Vector256.LoadUnsafe(ref first, i + 12) + change).StoreUnsafe(ref first, i + 12);
        }

        for (; i < length; i++) numbers[i] += by;
    }
}
