using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Bandits.Numerics;

namespace Bandits.Statistics;

/// <summary>Quadrature on one panel, from its start to its end and from its start to every node.</summary>
/// <remarks>
/// <code>
/// Source      Gauss-Legendre quadrature, DLMF 3.5(v); running integrals by the spectral integration matrix, Greengard (1991), SIAM J. Numer. Anal. 28
/// Rule        whole = sum_j w_j f_j;  up to node i = sum_j M_ij f_j,  M_ij = w_j sum_k (2k+1) P_k(2u_j - 1) integral_0^{u_i} P_k(2u - 1) du,  k = 0..n-1
///             stretched: from an end e with an integrable singularity |y - e|^(c-1), y = e +- d v^m, m c = 1 or 2
/// Symbols     u_i -> nodes in (0, 1), symmetric;  n -> Nodes;  v -> u from a lower end, 1 - u from an upper end
/// Cost        n^2 multiplications for all running integrals of one function, four at a time
/// Guarantee   whole exact to degree 2n - 1, running integrals to degree n - 1
/// </code>
/// </remarks>
internal static class PanelRule
{
    /// <summary>Nodes of a panel, a multiple of four.</summary>
    public const int Nodes = 16;

    /// <summary>Vectors of four that the nodes fill.</summary>
    public const int Vectors = Nodes / 4;

    private const int MostNewtonSteps = 50;
    private static readonly double[] s_abscissas = new double[Nodes];
    private static readonly double[] s_weights = new double[Nodes];
    private static readonly double[] s_logs = new double[Nodes];

    /// <summary>M, column by column.</summary>
    private static readonly double[] s_running = new double[Nodes * Nodes];

    static PanelRule()
    {
        Span<double> at = stackalloc double[Nodes + 1], atNode = stackalloc double[Nodes + 1];
        for (int i = 0; i < Nodes / 2; i++)
        {
            double x = -Math.Cos(Math.PI * (i + 0.75) / (Nodes + 0.5)), slope = 1;
            for (int step = 0; step < MostNewtonSteps; step++)
            {
                Legendre(x, at);
                slope = Nodes * (at[Nodes - 1] - x * at[Nodes]) / (1 - x * x);
                double change = at[Nodes] / slope;
                x -= change;
                if (Math.Abs(change) < 1e-16) break;
            }

            double weight = 1 / ((1 - x * x) * slope * slope);
            (s_abscissas[i], s_abscissas[Nodes - 1 - i]) = ((1 + x) / 2, (1 - x) / 2);
            (s_weights[i], s_weights[Nodes - 1 - i]) = (weight, weight);
        }

        for (int i = 0; i < Nodes; i++)
        {
            s_logs[i] = Math.Log(s_abscissas[i]);
            double x = 2 * s_abscissas[i] - 1;
            Legendre(x, at);
            for (int j = 0; j < Nodes; j++)
            {
                Legendre(2 * s_abscissas[j] - 1, atNode);
                double sum = (1 + x) / 2; // the integral of P_0
                for (int k = 1; k < Nodes; k++) sum += atNode[k] * (at[k + 1] - at[k - 1]) / 2;
                s_running[j * Nodes + i] = s_weights[j] * sum;
            }
        }
    }

    /// <summary>u_i.</summary>
    public static ReadOnlySpan<double> Abscissas => s_abscissas;

    /// <summary>w_i, of sum 1.</summary>
    public static ReadOnlySpan<Vector256<double>> Weights => MemoryMarshal.Cast<double, Vector256<double>>(s_weights);

    /// <summary>Distances from the panel's start, and the length that each node stands for over its weight.</summary>
    public static void Place(double length, Span<double> offsets, Span<double> lengths)
    {
        for (int i = 0; i < Nodes; i++) (offsets[i], lengths[i]) = (length * s_abscissas[i], length);
    }

    /// <summary>Distances from the singular end, which may be far below rounding of either end, and lengths as in <see cref="Place"/>.</summary>
    /// <param name="length">Of the panel.</param>
    /// <param name="power">m.</param>
    /// <param name="fromEnd">Whether the singular end is the panel's upper one; distances are then negative.</param>
    /// <param name="offsets">Receives the signed distances.</param>
    /// <param name="lengths">Receives the lengths.</param>
    public static void PlaceStretched(double length, double power, bool fromEnd, Span<double> offsets, Span<double> lengths)
    {
        Span<double> logs = stackalloc double[Nodes];
        for (int i = 0; i < Nodes; i++) logs[i] = power * s_logs[fromEnd ? Nodes - 1 - i : i];
        VectorMath.Exp(logs, offsets);
        for (int i = 0; i < Nodes; i++)
        {
            double distance = length * offsets[i];
            lengths[i] = power * distance / s_abscissas[fromEnd ? Nodes - 1 - i : i];
            offsets[i] = fromEnd ? -distance : distance;
        }
    }

    /// <summary>The running integrals of <paramref name="values"/>, which carry their lengths, from <paramref name="start"/> on; returns the whole.</summary>
    public static double Run(double start, ReadOnlySpan<Vector256<double>> values, Span<Vector256<double>> running)
    {
        Vector256<double> r0 = Vector256.Create(start), r1 = r0, r2 = r0, r3 = r0, sum = Vector256<double>.Zero;
        ReadOnlySpan<Vector256<double>> matrix = MemoryMarshal.Cast<double, Vector256<double>>(s_running), weights = Weights;
        ReadOnlySpan<double> scalars = MemoryMarshal.Cast<Vector256<double>, double>(values);
        for (int j = 0; j < Nodes; j++)
        {
            Vector256<double> value = Vector256.Create(scalars[j]);
            ReadOnlySpan<Vector256<double>> column = matrix.Slice(j * Vectors, Vectors);
            r0 = Vector256.FusedMultiplyAdd(value, column[0], r0);
            r1 = Vector256.FusedMultiplyAdd(value, column[1], r1);
            r2 = Vector256.FusedMultiplyAdd(value, column[2], r2);
            r3 = Vector256.FusedMultiplyAdd(value, column[3], r3);
        }

        for (int i = 0; i < Vectors; i++) sum += weights[i] * values[i];
        running = running[..Vectors];
        (running[0], running[1], running[2], running[3]) = (r0, r1, r2, r3);
        return start + (sum[0] + sum[1] + (sum[2] + sum[3]));
    }

    /// <summary>P_0 to P_n at <paramref name="x"/>.</summary>
    private static void Legendre(double x, Span<double> values)
    {
        (values[0], values[1]) = (1, x);
        for (int k = 1; k < Nodes; k++) values[k + 1] = ((2 * k + 1) * x * values[k] - k * values[k - 1]) / (k + 1);
    }
}
