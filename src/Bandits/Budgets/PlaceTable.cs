namespace Bandits.Budgets;

/// <summary>A bounded table of weighted rows, two numbers for each arm; when it is full the oldest row gives way.</summary>
internal sealed class PlaceTable(int capacity)
{
    private int[] _placeOf = [];
    private int _arms;
    private int _next;

    // By arm, and within an arm by row.
    private double[] _values = [];
    private double[] _costs = [];

    public double[] Weights { get; } = new double[capacity];

    /// <summary>The segment of each row.</summary>
    public int[] Keys { get; } = new int[capacity];

    public int Count { get; private set; }

    /// <summary>Values of an arm in all rows; negative infinity where it may not be chosen.</summary>
    public Span<double> ValuesOf(int arm) => _values.AsSpan(arm * capacity, Count);

    /// <summary>Costs of an arm in all rows.</summary>
    public Span<double> CostsOf(int arm) => _costs.AsSpan(arm * capacity, Count);

    /// <summary>The row of a segment; -1 when there is none.</summary>
    public int Find(int key) => (uint)key < (uint)_placeOf.Length ? _placeOf[key] - 1 : -1;

    /// <summary>The row of a segment, a new one if need be.</summary>
    public int PlaceOf(int key)
    {
        if (Find(key) is >= 0 and var known) return known;
        int place = Next(key);
        Index(key, place);
        return place;
    }

    /// <summary>A new row, in the place of the oldest when there is no other.</summary>
    public int Next(int key)
    {
        int place = Count < capacity ? Count++ : _next;
        _next = (place + 1) % capacity;
        if (Find(Keys[place]) == place) _placeOf[Keys[place]] = 0;
        (Weights[place], Keys[place]) = (0, key);
        return place;
    }

    public void Put(int place, ReadOnlySpan<int> arms, ReadOnlySpan<double> values, ReadOnlySpan<double> costs)
    {
        for (int arm = 0; arm < _arms; arm++) _values[arm * capacity + place] = double.NegativeInfinity;
        for (int i = 0; i < arms.Length; i++) (_values[arms[i] * capacity + place], _costs[arms[i] * capacity + place]) = (values[i], costs[i]);
    }

    /// <summary>What sets a request apart from its segment: its values less the segment's, and its costs as multiples of the segment's.</summary>
    public void PutApart(int place, ReadOnlySpan<int> arms, in SpendRequest request)
    {
        for (int arm = 0; arm < _arms; arm++) (_values[arm * capacity + place], _costs[arm * capacity + place]) = (0, 1);
        for (int i = 0; i < arms.Length; i++)
        {
            int at = arms[i] * capacity + place;
            _values[at] = request.Values[i] - request.ValuesWithout[i];
            if (request.CostsWithout[i] > 0) _costs[at] = request.Costs[i] / request.CostsWithout[i];
        }
    }

    public void Widen(int arms)
    {
        int known = _values.Length;
        Array.Resize(ref _values, capacity * arms);
        Array.Resize(ref _costs, capacity * arms);
        _values.AsSpan(Math.Min(known, _values.Length)).Fill(double.NegativeInfinity);
        _arms = arms;
    }

    public void Scale(double factor)
    {
        for (int place = 0; place < Count; place++) Weights[place] *= factor;
    }

    /// <summary>Rows and next, then weight, segment, values and costs of each.</summary>
    public IEnumerable<double> Capture()
    {
        yield return Count;
        yield return _next;
        for (int place = 0; place < Count; place++)
        {
            yield return Weights[place];
            yield return Keys[place];
            for (int arm = 0; arm < _arms; arm++) yield return _values[arm * capacity + place];
            for (int arm = 0; arm < _arms; arm++) yield return _costs[arm * capacity + place];
        }
    }

    /// <summary>Whether a table can be made of the numbers in front, which are then taken off.</summary>
    public static bool IsSound(ref ReadOnlySpan<double> numbers, int capacity, int arms, int segments, double mostWeight)
    {
        if (numbers.Length < 2 || !IsWhole(numbers[0], 0, capacity) || !IsWhole(numbers[1], 0, capacity - 1)) return false;
        int count = (int)numbers[0], length = 2 + 2 * arms;
        if (numbers.Length - 2 < count * (long)length) return false;
        for (int place = 0; place < count; place++)
        {
            ReadOnlySpan<double> row = numbers.Slice(2 + place * length, length);
            if (!(row[0] >= 0 && row[0] <= mostWeight) || !IsWhole(row[1], 0, segments - 1)) return false;
            for (int i = 2; i < length; i++)
                if (double.IsNaN(row[i]) || double.IsPositiveInfinity(row[i]) || (i >= 2 + arms && !(row[i] >= 0))) return false;
        }

        numbers = numbers[(2 + count * length)..];
        return true;

        static bool IsWhole(double number, int least, int most) => number >= least && number <= most && number == Math.Floor(number);
    }

    public void Restore(ref ReadOnlySpan<double> numbers, int arms, bool isKeyed)
    {
        int length = 2 + 2 * arms;
        Widen(arms);
        (Count, _next) = ((int)numbers[0], (int)numbers[1]);
        for (int place = 0; place < Count; place++)
        {
            ReadOnlySpan<double> row = numbers.Slice(2 + place * length, length);
            (Weights[place], Keys[place]) = (row[0], (int)row[1]);
            for (int arm = 0; arm < arms; arm++) (_values[arm * capacity + place], _costs[arm * capacity + place]) = (row[2 + arm], row[2 + arms + arm]);
            if (isKeyed) Index(Keys[place], place);
        }

        numbers = numbers[(2 + Count * length)..];
    }

    private void Index(int key, int place)
    {
        if (key >= _placeOf.Length) Array.Resize(ref _placeOf, Math.Max(16, key * 2));
        _placeOf[key] = place + 1;
    }
}
