using Bandits.Journaling;
using Bandits.Statistics;

namespace Bandits.Concurrency;

/// <summary>The detectors of arms that change everywhere: one for quality and one for the price level of each arm, over the outcomes of all segments.</summary>
internal sealed class ArmWatch
{
    private const int PerArm = 2 * ShiftDetector.StateLength;

    private const int PerRow = PerArm + 4;

    private SequenceLock _gate;
    private double[] _states = [];
    private ulong[] _since = [];
    private ulong[] _sinceCost = [];

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

    /// <summary>An arm has changed: decisions up to this one say nothing of what it is like now. A new quality is a new model, so nothing that was seen of it counts; a new price is found on with the spread that costs have.</summary>
    public void Restart(int arm, OutcomeComponents component, ulong latest)
    {
        _gate.Enter();
        Ensure(arm + 1);
        Span<double> row = _states.AsSpan(arm * PerArm, PerArm);
        _sinceCost[arm] = latest;
        if (component == OutcomeComponents.Cost)
        {
            ShiftDetector.Restart(row[ShiftDetector.StateLength..]);
        }
        else
        {
            _since[arm] = latest;
            row.Clear();
        }

        _gate.Exit();
    }

    /// <summary>All numbers: for each arm the latest sequences that say nothing of its quality and of its price, as two halves each, then its detectors.</summary>
    public double[] Capture()
    {
        _gate.Enter();
        var numbers = new double[_since.Length * PerRow];
        for (int arm = 0; arm < _since.Length; arm++)
        {
            Span<double> row = numbers.AsSpan(arm * PerRow, PerRow);
            (row[0], row[1], row[2], row[3]) = (Halves.High(_since[arm]), Halves.Low(_since[arm]), Halves.High(_sinceCost[arm]), Halves.Low(_sinceCost[arm]));
            _states.AsSpan(arm * PerArm, PerArm).CopyTo(row[4..]);
        }

        _gate.Exit();
        return numbers;
    }

    /// <summary>Takes such numbers back; false when they are not of so many arms. A detector that cannot be right begins anew when it is next asked.</summary>
    public bool Restore(ReadOnlySpan<double> numbers, int arms)
    {
        if (numbers.Length % PerRow != 0 || numbers.Length / PerRow > arms) return false;
        Ensure(numbers.Length / PerRow);
        for (int arm = 0; arm < _since.Length; arm++)
        {
            ReadOnlySpan<double> row = numbers.Slice(arm * PerRow, PerRow);
            _since[arm] = Halves.TryWhole(row[0], row[1], out long since) ? (ulong)since : 0;
            _sinceCost[arm] = Halves.TryWhole(row[2], row[3], out long sinceCost) ? (ulong)sinceCost : 0;
            row[4..].CopyTo(_states.AsSpan(arm * PerArm));
        }

        return true;
    }

    private int Observe(ShiftDetector detector, in Decision decision, int at, double deviation, bool isClose, out double level)
    {
        _gate.Enter();
        Ensure(decision.Arm + 1);
        level = 0;
        int alarm = decision.Id.Sequence <= (at == 0 ? _since : _sinceCost)[decision.Arm] ? 0 : detector.Observe(_states.AsSpan(decision.Arm * PerArm + at, ShiftDetector.StateLength), deviation, isClose, out level);
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
        Array.Resize(ref _sinceCost, arms);
    }
}
