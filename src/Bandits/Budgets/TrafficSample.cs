namespace Bandits.Budgets;

/// <summary>Recent requests as the linear program sees them: what each arm was worth and would cost there, and how often such a request comes.</summary>
/// <remarks>
/// <code>
/// Source      the dual of the multiple-choice knapsack's linear relaxation, as for bandits with knapsacks: Badanidiyuru, Kleinberg, Slivkins (2018), JACM 65; the multipliers solved
///             anew over observed contexts: Agrawal, Devanur (2016), Linear contextual bandits with knapsacks, NIPS
/// Rule        maximise  sum_i w_i sum_a p_ia v_ia   subject to  sum_i w_i sum_a p_ia c_ia &lt;= target sum_i w_i,  p_i a pmf
///             dual:     spend(lambda) = sum_i w_i c_i,a*(lambda) / sum_i w_i,  a*(lambda) = argmax_a v_ia - lambda c_ia,  a falling staircase
///             lambda_low and lambda_high on both sides of the step that crosses the target; share of low = (target - spend(high)) / (spend(low) - spend(high))
/// Update      a request overwrites what its segment had, or, where it has features, the oldest place; weights fade by 1 - 1/Memory a request
/// Symbols     v -> value -> utility at price 0;  c -> expected cost -> USD;  w -> weight;  Places -> 1,024;  Memory -> 2,048 requests
/// Cost        note O(K); solve O(places x K x some 25 steps), 0 B; 16 K + 12 bytes a place
/// Departures  the two prices stand a tenth away from the step on either side, so segments that close to the margin are randomised too and none is decided by a hair
/// Guarantee   none claimed
/// </code>
/// Not thread-safe; the controller guards it.
/// </remarks>
internal sealed class TrafficSample
{
    private const int Places = 1024;
    private const double Memory = 2048;
    private const double Renormalised = 1e100;
    private const int Steps = 16;
    private const double Highest = 1e15;

    /// <summary>Around the former price the bracket opens by this factor each way.</summary>
    private const double Opening = 1.5;

    /// <summary>The prices end so far on either side of the step: beliefs move while a price is in force, and with the prices close together the segment on the margin would fall to one side of both.</summary>
    private const double Apart = 1.1;

    private double[] _values = [];
    private double[] _costs = [];
    private readonly double[] _weights = new double[Places];
    private readonly int[] _segments = new int[Places];
    private int[] _placeOf = [];
    private int _arms;
    private int _next;
    private double _unit = 1;

    /// <summary>Places in use.</summary>
    public int Count { get; private set; }

    /// <summary>Requests noted, faded.</summary>
    public double Weight { get; private set; }

    /// <summary>Notes a request.</summary>
    /// <param name="segment">Number of its segment, which has one place; -1 for a request that stands for itself.</param>
    /// <param name="arms">Number of arms of the router.</param>
    /// <param name="who">Dense indices of the eligible ones.</param>
    /// <param name="values">Utility at price 0 of each of them.</param>
    /// <param name="expected">Their expected costs.</param>
    public void Note(int segment, int arms, ReadOnlySpan<int> who, ReadOnlySpan<double> values, ReadOnlySpan<double> expected)
    {
        if (arms > _arms) Widen(arms);
        int place = PlaceOf(segment);
        _unit *= 1 + 1 / Memory;
        _weights[place] += _unit;
        Weight = Weight * (1 - 1 / (Memory + 1)) + 1;
        Span<double> row = _values.AsSpan(place * _arms, _arms), costs = _costs.AsSpan(place * _arms, _arms);
        row.Fill(double.NegativeInfinity);
        for (int i = 0; i < who.Length; i++) (row[who[i]], costs[who[i]]) = (values[i], expected[i]);
        if (_unit > Renormalised) Renormalise();
    }

    /// <summary>One more request of a segment that is known; nothing when it is not.</summary>
    public void NoteAgain(int segment)
    {
        if ((uint)segment >= (uint)_placeOf.Length || _placeOf[segment] == 0) return;
        _unit *= 1 + 1 / Memory;
        _weights[_placeOf[segment] - 1] += _unit;
        Weight = Weight * (1 - 1 / (Memory + 1)) + 1;
        if (_unit > Renormalised) Renormalise();
    }

    /// <summary>What an arm costs has become <paramref name="factor"/> times what it was, everywhere.</summary>
    public void Restate(int arm, double factor)
    {
        for (int place = 0; place < Count && arm < _arms; place++) _costs[place * _arms + arm] *= factor;
    }

    /// <summary>The prices at which spending meets <paramref name="target"/>, searched from the former one on.</summary>
    /// <param name="target">What a decision may cost on average, USD.</param>
    /// <param name="former">The former price.</param>
    /// <param name="most">Most that one decision at the lower price may cost more than at the higher one, USD; else all are made at the higher one.</param>
    public SpendPrice Solve(double target, double former, double most)
    {
        if (Count == 0 || SpendAt(0) <= target) return SpendPrice.Free;
        double low = former > 0 ? former / Opening : 0, high = former > 0 ? former * Opening : 1;
        while (low > 1e-12 && SpendAt(low) <= target) (low, high) = (low / (Opening * Opening), low);
        if (low <= 1e-12) low = 0;
        while (high < Highest && SpendAt(high) > target) (low, high) = (high, high * Opening * Opening);
        if (high >= Highest) return new SpendPrice(Highest, Highest, 0);
        for (int step = 0; step < Steps && high - low > 1e-3 * high; step++)
        {
            double middle = (low + high) / 2;
            if (SpendAt(middle) > target) low = middle;
            else high = middle;
        }

        (low, high) = (low / Apart, high * Apart);
        double dear = SpendAt(low), cheap = SpendAt(high);
        return dear > cheap && StepBetween(low, high) <= most ? new SpendPrice(low, high, Math.Clamp((target - cheap) / (dear - cheap), 0, 1)) : new SpendPrice(high, high, 0);
    }

    /// <summary>What a decision costs on average when a dollar costs <paramref name="price"/>, USD.</summary>
    public double SpendAt(double price)
    {
        double spend = 0, weight = 0;
        for (int place = 0; place < Count; place++)
        {
            int at = place * _arms;
            double best = double.NegativeInfinity, cost = 0;
            for (int arm = 0; arm < _arms; arm++)
            {
                double utility = _values[at + arm] - price * _costs[at + arm];
                if (!(utility > best)) continue;
                best = utility;
                cost = _costs[at + arm];
            }

            spend += _weights[place] * cost;
            weight += _weights[place];
        }

        return weight > 0 ? spend / weight : 0;
    }

    /// <summary>Least that a decision can cost on average, USD.</summary>
    public double LeastSpend => SpendAt(Highest);

    /// <summary>Most that a decision costs more at the lower price than at the higher one.</summary>
    private double StepBetween(double low, double high)
    {
        double most = 0;
        for (int place = 0; place < Count; place++) most = Math.Max(most, _costs[place * _arms + BestAt(place, low)] - _costs[place * _arms + BestAt(place, high)]);
        return most;
    }

    private int BestAt(int place, double price)
    {
        int best = 0, at = place * _arms;
        for (int arm = 1; arm < _arms; arm++)
            if (_values[at + arm] - price * _costs[at + arm] > _values[at + best] - price * _costs[at + best]) best = arm;
        return best;
    }

    /// <summary>What an arm would cost on average where it may be chosen, USD; NaN where nothing is known.</summary>
    public double CostOf(int arm)
    {
        if (arm >= _arms) return double.NaN;
        double cost = 0, weight = 0;
        for (int place = 0; place < Count; place++)
        {
            if (double.IsNegativeInfinity(_values[place * _arms + arm])) continue;
            cost += _weights[place] * _costs[place * _arms + arm];
            weight += _weights[place];
        }

        return weight > 0 ? cost / weight : double.NaN;
    }

    /// <summary>All numbers, for a copy of the router: arms, places, next, weight, then weight, segment, values and costs of each place.</summary>
    public double[] Capture()
    {
        var numbers = new List<double> { _arms, Count, _next, Weight };
        for (int place = 0; place < Count; place++)
        {
            numbers.Add(_weights[place] / _unit);
            numbers.Add(_segments[place]);
            for (int arm = 0; arm < _arms; arm++) numbers.Add(_values[place * _arms + arm]);
            for (int arm = 0; arm < _arms; arm++) numbers.Add(_costs[place * _arms + arm]);
        }

        return [.. numbers];
    }

    /// <summary>Takes such numbers back; false, and empty, when they cannot be right.</summary>
    public bool Restore(ReadOnlySpan<double> numbers, int segments, int arms)
    {
        if (numbers.Length < 4) return numbers.IsEmpty;
        if (!IsWhole(numbers[0], 0, arms) || !IsWhole(numbers[1], 0, Places) || !IsWhole(numbers[2], 0, Places) || !(numbers[3] >= 0 && numbers[3] <= 2 * Memory)) return false;
        int width = (int)numbers[0], count = (int)numbers[1], length = 2 + 2 * width;
        if (numbers.Length != 4 + count * length) return false;
        for (int place = 0; place < count; place++)
        {
            ReadOnlySpan<double> row = numbers.Slice(4 + place * length, length);
            if (!(row[0] >= 0 && row[0] <= 2 * Memory) || !IsWhole(row[1], -1, segments - 1)) return false;
            for (int i = 2; i < length; i++)
                if (double.IsNaN(row[i]) || double.IsPositiveInfinity(row[i]) || (i >= 2 + width && !(row[i] >= 0))) return false;
        }

        Widen(width);
        (Count, _next, Weight, _unit) = (count, (int)numbers[2], numbers[3], 1);
        for (int place = 0; place < count; place++)
        {
            ReadOnlySpan<double> row = numbers.Slice(4 + place * length, length);
            (_weights[place], _segments[place]) = (row[0], (int)row[1]);
            row.Slice(2, width).CopyTo(_values.AsSpan(place * width));
            row[(2 + width)..].CopyTo(_costs.AsSpan(place * width));
            if (_segments[place] >= 0) Place(_segments[place], place);
        }

        return true;

        static bool IsWhole(double number, int least, int most) => number >= least && number <= most && number == Math.Floor(number);
    }

    private int PlaceOf(int segment)
    {
        if (segment >= 0 && segment < _placeOf.Length && _placeOf[segment] > 0) return _placeOf[segment] - 1;
        int place = Count < Places ? Count++ : _next;
        _next = (place + 1) % Places;
        if (_segments[place] is >= 0 and var former && former < _placeOf.Length && _placeOf[former] == place + 1) _placeOf[former] = 0;
        (_weights[place], _segments[place]) = (0, segment);
        if (segment >= 0) Place(segment, place);
        return place;
    }

    private void Place(int segment, int place)
    {
        if (segment >= _placeOf.Length) Array.Resize(ref _placeOf, Math.Max(16, segment * 2));
        _placeOf[segment] = place + 1;
    }

    private void Widen(int arms)
    {
        double[] values = new double[Places * arms], costs = new double[Places * arms];
        Array.Fill(values, double.NegativeInfinity);
        for (int place = 0; place < Count; place++)
        {
            _values.AsSpan(place * _arms, _arms).CopyTo(values.AsSpan(place * arms));
            _costs.AsSpan(place * _arms, _arms).CopyTo(costs.AsSpan(place * arms));
        }

        (_values, _costs, _arms) = (values, costs, arms);
    }

    private void Renormalise()
    {
        for (int place = 0; place < Count; place++) _weights[place] /= _unit;
        _unit = 1;
    }
}

