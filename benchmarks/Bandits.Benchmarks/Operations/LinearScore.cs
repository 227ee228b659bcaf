using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Contextual;

namespace Bandits.Benchmarks.Operations;

/// <summary>Mean and deviation of every arm for one task after another.</summary>
internal sealed class LinearScore(LinearTraffic traffic, int count) : IOperation
{
    private readonly Prediction[] _predictions = new Prediction[traffic.Arms.Length];

    public int Count => count;

    public long Run()
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            traffic.Model.Predict(traffic.State, traffic.Features[i % traffic.Features.Length], traffic.Arms, _predictions);
            sum += _predictions[0].QualityDeviation;
        }

        return BitConverter.DoubleToInt64Bits(sum);
    }
}
