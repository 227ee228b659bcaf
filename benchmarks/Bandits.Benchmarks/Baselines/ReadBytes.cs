using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. Adds up so many numbers, four at a time in eight sums: what it takes to read them at all.</summary>
internal sealed class ReadBytes(int length, int count) : IOperation
{
    private readonly double[] _numbers = Filled(length);

    public int Count => count;

    public long Run()
    {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += Sum(_numbers);
        return BitConverter.DoubleToInt64Bits(sum);
    }

    public static double[] Filled(int length)
    {
        var numbers = new double[length];
        for (int i = 0; i < length; i++) numbers[i] = 1 + i % 10 * 0.1;
        return numbers;
    }

    public static double Sum(double[] numbers)
    {
        ref double first = ref MemoryMarshal.GetArrayDataReference(numbers);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        nuint i = 0, length = (nuint)numbers.Length;
        for (; i + 32 <= length; i += 32)
        {
            s0 += Vector256.LoadUnsafe(ref first, i);
            s1 += Vector256.LoadUnsafe(ref first, i + 4);
            s2 += Vector256.LoadUnsafe(ref first, i + 8);
            s3 += Vector256.LoadUnsafe(ref first, i + 12);
            s4 += Vector256.LoadUnsafe(ref first, i + 16);
            s5 += Vector256.LoadUnsafe(ref first, i + 20);
            s6 += Vector256.LoadUnsafe(ref first, i + 24);
            s7 += Vector256.LoadUnsafe(ref first, i + 28);
        }

        double rest = 0;
        for (; i < length; i++) rest += numbers[i];
        return rest + Vector256.Sum((s0 + s1 + (s2 + s3)) + (s4 + s5 + (s6 + s7)));
    }
}
