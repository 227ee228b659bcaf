using System.Runtime.CompilerServices;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Baselines;

/// <summary>
/// Frozen, never edit. Beta draws by the ratio of two Marsaglia-Tsang gammas over ziggurat normals, constants cached a law, pseudo-counts of 1 or more:
/// what rows divide by that say "frozen-baseline Beta draws". Self-contained, with a generator and tables of its own.
/// </summary>
internal sealed class FrozenBetaDraw : IOperation
{
    private const int Layers = 256;
    private const double TailStart = 3.6541528853610088;
    private const double LayerArea = 0.00492867323397465524494;
    private const double Grid = 1L << 53;
    private static readonly Layer[] s_layers = Build();
    private readonly Law[] _laws;
    private readonly int _drawsEach;
    private Generator _generator = new() { State = 17 };

    /// <param name="alphas">First pseudo-counts, 1 or more; a multiple of <paramref name="drawsEach"/> of them.</param>
    /// <param name="betas">Second pseudo-counts, 1 or more.</param>
    /// <param name="drawsEach">Draws that count as one operation: 4 stands for four arms.</param>
    public FrozenBetaDraw(double[] alphas, double[] betas, int drawsEach = 1)
    {
        _laws = new Law[alphas.Length / drawsEach * drawsEach];
        for (int i = 0; i < _laws.Length; i++) _laws[i] = new Law(Gamma.Of(alphas[i]), Gamma.Of(betas[i]));
        _drawsEach = drawsEach;
    }

    public int Count => _laws.Length / _drawsEach;

    public long Run()
    {
        Law[] laws = _laws;
        Generator generator = _generator;
        double sum = 0;
        for (int i = 0; i < laws.Length; i++)
        {
            double of = laws[i].Of.Sample(ref generator), against = laws[i].Against.Sample(ref generator);
            sum += of / (of + against);
        }

        _generator = generator;
        return BitConverter.DoubleToInt64Bits(sum);
    }

    private static Layer[] Build()
    {
        var layers = new Layer[Layers];
        double width = LayerArea / Math.Exp(-0.5 * TailStart * TailStart), next = TailStart;
        for (int i = 0; i < Layers; i++)
        {
            double height = Math.Exp(-0.5 * width * width);
            layers[i] = new Layer(width / Grid, next / width * Grid, height);
            (width, next) = (next, i + 2 < Layers ? Math.Sqrt(-2 * Math.Log(LayerArea / next + Math.Exp(-0.5 * next * next))) : 0);
        }

        return layers;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Normal(ref Generator generator)
    {
        ulong bits = generator.Next();
        ref readonly Layer layer = ref s_layers[(int)(bits & (Layers - 1))];
        double abscissa = ((long)bits >> 10) | 1, x = abscissa * layer.Width;
        return Math.Abs(abscissa) < layer.Inside ? x : NormalOutside(ref generator, (int)(bits & (Layers - 1)), x);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double NormalOutside(ref Generator generator, int at, double x)
    {
        while (true)
        {
            if (at == 0)
            {
                double beyond = -Math.Log(generator.Unit()) / TailStart;
                if (-2 * Math.Log(generator.Unit()) >= beyond * beyond) return x < 0 ? -(TailStart + beyond) : TailStart + beyond;
                continue;
            }

            double below = s_layers[at].Height, above = at + 1 < Layers ? s_layers[at + 1].Height : 1;
            if (below + generator.Unit() * (above - below) < Math.Exp(-0.5 * x * x)) return x;
            ulong bits = generator.Next();
            at = (int)(bits & (Layers - 1));
            double abscissa = ((long)bits >> 10) | 1;
            x = abscissa * s_layers[at].Width;
            if (Math.Abs(abscissa) < s_layers[at].Inside) return x;
        }
    }

    private struct Generator
    {
        public ulong State;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Next()
        {
            ulong z = State += 0x9e3779b97f4a7c15;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            return z ^ (z >> 31);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public double Unit() => ((long)(Next() >> 11) | 1) / Grid;
    }

    private readonly record struct Layer(double Width, double Inside, double Height);

    private readonly record struct Law(Gamma Of, Gamma Against);

    private readonly record struct Gamma(double D, double C, double Squeeze)
    {
        public static Gamma Of(double shape)
        {
            double d = shape - 1.0 / 3;
            return new Gamma(d, 1 / Math.Sqrt(9 * d), 0.0331 * 2 / 3 / d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public double Sample(ref Generator generator)
        {
            double x = Normal(ref generator), u = generator.Unit();
            double root = 1 + C * x, square = x * x, v = root * root * root;
            return root > 0 && u < 1 - Squeeze * (square * square) ? D * v : SampleOutside(ref generator, x, u);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private double SampleOutside(ref Generator generator, double x, double u)
        {
            while (true)
            {
                double root = 1 + C * x, v = root * root * root;
                if (root > 0 && Math.Log(u) < 0.5 * x * x + D * (1 - v + Math.Log(v))) return D * v;
                x = Normal(ref generator);
                u = generator.Unit();
            }
        }
    }
}
