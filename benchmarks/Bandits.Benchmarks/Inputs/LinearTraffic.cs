using Bandits.Contextual;
using Bandits.Numerics;

namespace Bandits.Benchmarks.Inputs;

/// <summary>A linear model that has learnt, and tasks for it.</summary>
internal sealed class LinearTraffic
{
    private const int Tasks = 64;
    private const int OutcomesPerArm = 300;

    private LinearTraffic(int dimension, int arms)
    {
        Dimension = dimension;
        Model = new LinearModel(dimension - 1);
        Arms = new int[arms];
        for (int arm = 0; arm < arms; arm++) Arms[arm] = arm;
        State = new double[Model.HeaderLength + arms * Model.ArmLength];
        Features = new float[Tasks][];
        var stream = new RandomStream(17UL);
        for (int task = 0; task < Tasks; task++)
        {
            Features[task] = new float[dimension - 1];
            for (int i = 0; i < dimension - 1; i++) Features[task][i] = (float)ZigguratNormal.Sample(ref stream);
        }

        for (int i = 0; i < arms * OutcomesPerArm; i++) Model.Learn(State, Features[i % Tasks], OutcomeOf(i, i % arms));
    }

    /// <summary>Coefficients of a target, the intercept's included.</summary>
    public int Dimension { get; }

    public LinearModel Model { get; }

    public int[] Arms { get; }

    public double[] State { get; }

    public float[][] Features { get; }

    /// <summary>Numbers in one symmetric matrix of this order, each stored once.</summary>
    public int PackedLength => Dimension * (Dimension + 1) / 2;

    public static LinearTraffic Of(int dimension, int arms) => new(dimension, arms);

    public static ModelOutcome OutcomeOf(int i, int arm) => new() { Arm = arm, Quality = (i % 7 - 3) * 0.1, Cost = i % 5 * 0.1, Latency = i % 3 * 0.2 };
}
