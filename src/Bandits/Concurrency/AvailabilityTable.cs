namespace Bandits.Concurrency;

/// <summary>P(available) of each arm, from a cell that forgets quickly, and the time until which an arm asked to be left alone.</summary>
/// <remarks>
/// <code>
/// Source      exponentially forgotten Beta-Bernoulli; own rule
/// Rule        P(available) = (up + 4) / (up + down + 4), both halved every half-life; ineligible while now &lt; Retry-After
/// Update      an unavailable or timed-out outcome adds to down; others add to up, only while the arm has a recent down
/// Symbols     4 -> Trust -> outcomes: one refusal of an untroubled arm makes it 0.8 available
/// Cost        nothing is written, and one number read, while no arm is troubled
/// </code>
/// A correction of an outcome is not taken back here: the cell forgets it. Times are UTC ticks of requests and outcomes; without them nothing is learnt.
/// </remarks>
internal sealed class AvailabilityTable(double halfLifeSeconds)
{
    private const double Trust = 4;
    private const double Negligible = 1e-3;
    private const int WordsPerArm = 6;

    /// <summary>More refusals than fit into any half-life.</summary>
    private const double MostCount = 1e12;

    /// <summary>The longest Retry-After that an outcome may carry.</summary>
    private const long LongestWaitTicks = 30 * TimeSpan.TicksPerDay;
    private readonly double _halfLifeTicks = halfLifeSeconds * TimeSpan.TicksPerSecond;
    private SequenceLock _gate;
    private Cell[] _cells = [];
    private volatile int _troubled;
    private long _stamp = 1;

    /// <summary>What stands where a plan cannot be kept.</summary>
    public const long NoStamp = -1;

    /// <summary>Names what is known of availability at a time of the coarse clock: a plan made in trouble holds until the clock moves or another arm refuses. Above 0.</summary>
    public long Stamp => Volatile.Read(ref _stamp);

    /// <summary>The coarse clock has moved.</summary>
    public void Turn()
    {
        if (IsTroubled) Interlocked.Increment(ref _stamp);
    }

    /// <summary>True while some arm has a recent refusal: decisions must then look at the clock.</summary>
    public bool IsTroubled => _troubled != 0;

    public void Down(int arm, long nowTicks, TimeSpan retryAfter)
    {
        if (nowTicks == 0) return;
        _gate.Enter();
        if (arm >= _cells.Length) Array.Resize(ref _cells, Math.Max(arm + 1, _cells.Length * 2));
        ref Cell cell = ref _cells[arm];
        Fade(ref cell, nowTicks);
        cell.Down += WeightOf(nowTicks, cell);
        cell.UntilTicks = Math.Max(cell.UntilTicks, nowTicks + retryAfter.Ticks);
        _troubled = 1;
        Interlocked.Increment(ref _stamp);
        _gate.Exit();
    }

    public void Up(int arm, long nowTicks)
    {
        if (nowTicks == 0 || !IsTroubled) return;
        _gate.Enter();
        if (arm < _cells.Length && _cells[arm].Down > 0)
        {
            Fade(ref _cells[arm], nowTicks);
            _cells[arm].Up += WeightOf(nowTicks, _cells[arm]);
        }

        _gate.Exit();
    }

    /// <summary>P(available) at a time, and whether the arm may be asked at all.</summary>
    public double At(int arm, long nowTicks, out bool mustWait)
    {
        mustWait = false;
        if (nowTicks == 0 || !IsTroubled) return 1;
        Cell cell;
        int sequence;
        do
        {
            sequence = _gate.BeginRead();
            Cell[] cells = _cells;
            cell = arm < cells.Length ? cells[arm] : default;
        }
        while (!_gate.IsUnchanged(sequence));
        mustWait = nowTicks < cell.UntilTicks;
        Fade(ref cell, nowTicks);
        if (cell.Down <= Negligible) return 1;
        return (cell.Up + Trust) / (cell.Up + cell.Down + Trust);
    }

    /// <summary>Ends the troubled state once every refusal has faded.</summary>
    public void Settle(long nowTicks)
    {
        if (nowTicks == 0 || !IsTroubled || !_gate.TryEnter()) return;
        bool troubled = false;
        foreach (ref Cell cell in _cells.AsSpan())
        {
            if (cell.Down == 0 && cell.UntilTicks == 0) continue;
            double left = cell.Down * double.Exp2(-Math.Max(0, nowTicks - cell.AtTicks) / _halfLifeTicks);
            if (left > Negligible || nowTicks < cell.UntilTicks) troubled = true;
            else cell = default;
        }

        if (!troubled) _troubled = 0;
        _gate.Exit();
    }

    /// <summary>Up, down, and the days and ticks within the day of "at" and "until" for each arm: a double cannot hold today's ticks exactly.</summary>
    public double[] Capture()
    {
        _gate.Enter();
        var words = new double[_cells.Length * WordsPerArm];
        for (int i = 0; i < _cells.Length; i++)
        {
            Span<double> at = words.AsSpan(i * WordsPerArm);
            (at[0], at[1]) = (_cells[i].Up, _cells[i].Down);
            (at[2], at[3]) = Math.DivRem(_cells[i].AtTicks, TimeSpan.TicksPerDay);
            (at[4], at[5]) = Math.DivRem(_cells[i].UntilTicks, TimeSpan.TicksPerDay);
        }

        _gate.Exit();
        return words;
    }

    /// <summary>Puts captured cells back; those that cannot be valid are left out and counted.</summary>
    public int Restore(ReadOnlySpan<double> words)
    {
        int dropped = 0;
        _cells = new Cell[words.Length / WordsPerArm];
        for (int i = 0; i < _cells.Length; i++)
        {
            ReadOnlySpan<double> at = words.Slice(i * WordsPerArm, WordsPerArm);
            var cell = new Cell { Up = at[0], Down = at[1], AtTicks = Ticks(at[2], at[3]), UntilTicks = Ticks(at[4], at[5]) };
            if (!(cell.Up is >= 0 and < MostCount && cell.Down is >= 0 and < MostCount) || cell.AtTicks < 0 || cell.UntilTicks < 0
                || cell.UntilTicks - cell.AtTicks > LongestWaitTicks)
            {
                dropped++;
                continue;
            }

            _cells[i] = cell;
            if (cell.Down > 0 || cell.UntilTicks > 0) _troubled = 1;
        }

        return dropped;

        static long Ticks(double days, double rest) =>
            days is >= 0 and <= 3652059 && rest is >= 0 and < TimeSpan.TicksPerDay ? (long)days * TimeSpan.TicksPerDay + (long)rest : -1;
    }

    /// <summary>An outcome that arrives late weighs what it would weigh by now.</summary>
    private double WeightOf(long ticks, in Cell cell) => ticks < cell.AtTicks ? double.Exp2(-(cell.AtTicks - ticks) / _halfLifeTicks) : 1;

    private void Fade(ref Cell cell, long nowTicks)
    {
        if (nowTicks <= cell.AtTicks) return; // time does not run backwards
        double factor = cell.AtTicks == 0 ? 0 : double.Exp2(-(nowTicks - cell.AtTicks) / _halfLifeTicks);
        cell.Up *= factor;
        cell.Down *= factor;
        cell.AtTicks = nowTicks;
    }

    private struct Cell
    {
        public double Up;
        public double Down;
        public long AtTicks;
        public long UntilTicks;
    }
}
