using Bandits.Journaling;
using Bandits.Statistics;

namespace Bandits.Concurrency;

/// <summary>The detectors of arms that change everywhere: one for quality and one for the price level of each arm, over the outcomes of all segments.</summary>
internal sealed class ArmWatch
{
    private const int PerArm = 2 * ShiftDetector.StateLength;

    private SequenceLock _gate;
    private double[] _states = [];
    private ulong[] _since = [];

    /// <summary>Takes in how far an outcome's quality lies from what was predicted; see <see cref="ShiftDetector.Observe"/>.</summary>
    public int ObserveQuality(ShiftDetector detector, in Decision decision, double quality, bool isProbed) =>
        Observe(detector, decision, 0, quality - decision.PredictedQuality, isProbed, out _);

    /// <summary>Takes in how far the logarithm of a cost lies from that of the expected cost; <paramref name="factor"/> says by how much the price level has changed.</summary>
    public int ObserveCost(ShiftDetector detector, in Decision decision, double costUsd, out double factor)
    {
        factor = 1;
        if (!(costUsd > 0) || !(decision.PredictedCostUsd > 0)) return 0;
        int alarm = Observe(detector, decision, ShiftDetector.StateLength, Math.Log(costUsd / decision.PredictedCostUsd), false, out double level);
        factor = Math.Clamp(Math.Exp(level), ChangeEntry.LeastFactor, ChangeEntry.MostFactor);
        return alarm;
    }

    /// <summary>An arm begins anew: decisions up to this one say nothing of it.</summary>
    public void Restart(int arm, ulong latest)
    {
        _gate.Enter();
        Ensure(arm + 1);
        _since[arm] = latest;
        _states.AsSpan(arm * PerArm, PerArm).Clear();
        _gate.Exit();
    }

    /// <summary>All numbers: for each arm the latest sequence that says nothing of it, as two halves, then its detectors.</summary>
    public double[] Capture()
    {
        _gate.Enter();
        var numbers = new double[_since.Length * (PerArm + 2)];
        for (int arm = 0; arm < _since.Length; arm++)
        {
            Span<double> row = numbers.AsSpan(arm * (PerArm + 2), PerArm + 2);
            (row[0], row[1]) = (Halves.High(_since[arm]), Halves.Low(_since[arm]));
            _states.AsSpan(arm * PerArm, PerArm).CopyTo(row[2..]);
        }

        _gate.Exit();
        return numbers;
    }

    /// <summary>Takes such numbers back; false when they are not of so many arms. A detector that cannot be right begins anew when it is next asked.</summary>
    public bool Restore(ReadOnlySpan<double> numbers, int arms)
    {
        if (numbers.Length % (PerArm + 2) != 0 || numbers.Length / (PerArm + 2) > arms) return false;
        Ensure(numbers.Length / (PerArm + 2));
        for (int arm = 0; arm < _since.Length; arm++)
        {
            ReadOnlySpan<double> row = numbers.Slice(arm * (PerArm + 2), PerArm + 2);
            _since[arm] = Halves.TryWhole(row[0], row[1], out long since) ? (ulong)since : 0;
            row[2..].CopyTo(_states.AsSpan(arm * PerArm));
        }

        return true;
    }

    private int Observe(ShiftDetector detector, in Decision decision, int at, double deviation, bool isClose, out double level)
    {
        _gate.Enter();
        Ensure(decision.Arm + 1);
        level = 0;
        int alarm = decision.Id.Sequence <= _since[decision.Arm] ? 0 : detector.Observe(_states.AsSpan(decision.Arm * PerArm + at, ShiftDetector.StateLength), deviation, isClose, out level);
        if (!double.IsFinite(level)) // out of a state that a damaged store brought
        {
            _states.AsSpan(decision.Arm * PerArm + at, ShiftDetector.StateLength).Clear();
            (alarm, level) = (0, 0);
        }

        _gate.Exit();
        return alarm;
    }

    private void Ensure(int arms)
    {
        if (_since.Length >= arms) return;
        Array.Resize(ref _states, arms * PerArm);
        Array.Resize(ref _since, arms);
    }
}
