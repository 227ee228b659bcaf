using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bandits.Budgets;

/// <summary>Recent requests as the linear program sees them: what each arm was worth and would cost there, and how often such a request comes.</summary>
/// <remarks>
/// <code>
/// Source      the dual of the multiple-choice knapsack's linear relaxation, as for bandits with knapsacks: Badanidiyuru, Kleinberg, Slivkins (2018), JACM 65; the multipliers solved
///             anew over observed contexts: Agrawal, Devanur (2016), Linear contextual bandits with knapsacks, NIPS
/// Rule        maximise  sum_i w_i sum_a p_ia v_ia   subject to  sum_i w_i sum_a p_ia c_ia &lt;= target sum_i w_i,  p_i a pmf
///             dual:     spend(lambda) = sum_i w_i c_i,a*(lambda) / sum_i w_i,  a*(lambda) = argmax_a v_ia - lambda c_ia,  a falling staircase
///             lambda_low and lambda_high on both sides of the step that crosses the target; share of low = (target - spend(high)) / (spend(low) - spend(high))
/// Update      a request overwrites what its segment had, and makes it weigh more. One with features stands for itself: what sets it apart from its segment is kept, so that it moves
///             with its segment's estimates. Weights fade by 1 - 1/Memory a request
/// Symbols     v -> value -> utility at price 0;  c -> expected cost -> USD;  w -> weight;  Places -> 1,024 segments;  Recent -> 256 requests with features;  Memory -> 2,048 requests
/// Cost        note O(K); solve O(places x K), four places at once and three or four times, the search itself over those places alone that the bracket leaves open, 0 B once there is room; 32 K + 32 bytes a place
/// Departures  the two prices stand a tenth away from the step on either side, so segments that close to the margin are randomised too and none is decided by a hair
/// Guarantee   none claimed
/// </code>
/// Not thread-safe; the controller guards it.
/// </remarks>
internal sealed class TrafficSample
{
    /// <summary>The price at which nothing is bought but what is cheapest.</summary>
    public const double Highest = 1e15;

    private const int Places = 1024;

    /// <summary>Requests with features that are kept: what a model said long ago, when it had learnt less, is no guide to what it says now.</summary>
    private const int Recent = 256;

    private const double Memory = 2048;
    private const double Renormalised = 1e100;
    private const int Steps = 16;

    /// <summary>The step is searched for to within this share of the price: the two prices end a tenth apart from it, and their shares make up for the rest.</summary>
    private const double Close = 1e-3;

    /// <summary>Around the former price the bracket opens by this factor each way, and then by its square and so on, up to <see cref="MostOpening"/>.</summary>
    private const double Opening = 1.05;

    private const double MostOpening = 4;

    /// <summary>A price below is none.</summary>
    private const double Lowest = 1e-12;

    /// <summary>The prices end so far on either side of the step: beliefs move while a price is in force, and with the prices close together the segment on the margin would fall to one side of both.</summary>
    private const double Apart = 1.1;

    private readonly PlaceTable _segments = new(Places);
    private readonly PlaceTable _requests = new(Recent);
    private int _arms;
    private double _unit = 1;

    // What is solved over, made anew from the tables after something was noted: values and costs arm by arm, a stride apart.
    private double[] _values = [];
    private double[] _costs = [];
    private double[] _weights = [];
    private int[] _places = [];
    private double _weight;
    private int _stride;
    private int _gathered = -1;

    // Where the prices of a bracket differ in what is chosen, and what all the rest costs.
    private int[] _opens = [];
    private int _open;
    private double _settled;

    /// <summary>Places in use.</summary>
    public int Count => _segments.Count + _requests.Count;

    /// <summary>Notes a request that all arms were eligible for.</summary>
    public void Note(in SpendRequest request, int arms)
    {
        if (arms > _arms)
        {
            _segments.Widen(arms);
            _requests.Widen(arms);
            _arms = arms;
        }

        _gathered = -1;
        _unit *= 1 + 1 / Memory;
        bool hasFeatures = !request.ValuesWithout.IsEmpty;
        int place = _segments.PlaceOf(request.Segment);
        _segments.Put(place, request.Arms, hasFeatures ? request.ValuesWithout : request.Values, hasFeatures ? request.CostsWithout : request.Costs);
        if (!hasFeatures)
        {
            _segments.Weights[place] += _unit;
        }
        else
        {
            int own = _requests.Next(request.Segment);
            _requests.PutApart(own, request.Arms, request);
            _requests.Weights[own] = _unit;
        }

        if (_unit > Renormalised) Renormalise();
    }

    /// <summary>One more request of a segment, if that is known.</summary>
    public void NoteAgain(int segment)
    {
        if (_segments.Find(segment) is not (>= 0 and var place)) return;
        _gathered = -1;
        _unit *= 1 + 1 / Memory;
        _segments.Weights[place] += _unit;
        if (_unit > Renormalised) Renormalise();
    }

    /// <summary>What an arm costs has become <paramref name="factor"/> times what it was, everywhere.</summary>
    public void Restate(int arm, double factor)
    {
        _gathered = -1;
        if (arm >= _arms) return;
        foreach (ref double cost in _segments.CostsOf(arm)) cost *= factor;
    }

    /// <summary>What a decision costs on average where money has no price, and least that it can, USD.</summary>
    public (double Wanted, double Least) Ends() => Count == 0 ? (0, 0) : Spend(0, Highest, out _);

    /// <summary>The prices at which spending meets <paramref name="target"/>, searched from the former one on.</summary>
    /// <param name="target">What a decision may cost on average, USD.</param>
    /// <param name="wanted">What it would cost where money has no price, USD.</param>
    /// <param name="former">The former price.</param>
    /// <param name="most">Most that one decision at the lower price may cost more than at the higher one, USD; else all are made at the higher one.</param>
    public SpendPrice Solve(double target, double wanted, double former, double most)
    {
        if (Count == 0 || wanted <= target) return SpendPrice.Free;
        double by = Opening, low = former > 0 ? former / by : 0, high = former > 0 ? former * by : 1;
        (double dear, double cheap) = Bracket(low, high);
        for (; low > 0 && dear <= target; (dear, cheap) = Bracket(low, high))
        {
            by = Math.Min(by * by, MostOpening);
            (low, high) = (low / by > Lowest ? low / by : 0, low);
        }

        for (; cheap > target; (dear, cheap) = Bracket(low, high))
        {
            if (high >= Highest) return new SpendPrice(Highest, Highest, 0);
            by = Math.Min(by * by, MostOpening);
            (low, high) = (high, high * by);
        }

        for (int step = 0; step < Steps && high - low > Close * high; step++)
        {
            double middle = (low + high) / 2;
            if (SpendWithin(middle) > target) low = middle;
            else high = middle;
        }

        (low, high) = (low / Apart, high * Apart);
        (dear, cheap) = Spend(low, high, out double between);
        return dear > cheap && between <= most ? new SpendPrice(low, high, Math.Clamp((target - cheap) / (dear - cheap), 0, 1)) : new SpendPrice(high, high, 0);
    }

    /// <summary>What an arm would cost on average where it may be chosen, USD; NaN where nothing is known.</summary>
    public double CostOf(int arm)
    {
        if (arm >= _arms) return double.NaN;
        double cost = 0, weight = 0;
        ReadOnlySpan<double> values = _segments.ValuesOf(arm), costs = _segments.CostsOf(arm);
        for (int place = 0; place < values.Length; place++)
        {
            if (double.IsNegativeInfinity(values[place])) continue;
            double w = _segments.Weights[place] > 0 ? _segments.Weights[place] : _unit;
            cost += w * costs[place];
            weight += w;
        }

        return weight > 0 ? cost / weight : double.NaN;
    }

    /// <summary>All numbers, for a copy of the router.</summary>
    public double[] Capture() => [_arms, _unit, .. _segments.Capture(), .. _requests.Capture()];

    /// <summary>Takes such numbers back; false, and empty, when they cannot be right.</summary>
    public bool Restore(ReadOnlySpan<double> numbers, int segments, int arms)
    {
        if (numbers.IsEmpty) return true;
        if (!(numbers[0] >= 0 && numbers[0] <= arms && numbers[0] == Math.Floor(numbers[0]))) return false;
        int width = (int)numbers[0];
        if (width == 0 && numbers is not [0, _, 0, _, 0, _]) return false; // no arms, no rows
        if (numbers.Length < 2 || !(numbers[1] >= 1 && numbers[1] <= Renormalised)) return false;
        ReadOnlySpan<double> rest = numbers[2..];
        if (!PlaceTable.IsSound(ref rest, Places, width, segments, 4 * Memory * numbers[1]) || !PlaceTable.IsSound(ref rest, Recent, width, segments, 4 * Memory * numbers[1]) || !rest.IsEmpty) return false;
        (_arms, _unit) = (width, numbers[1]);
        rest = numbers[2..];
        _segments.Restore(ref rest, width, isKeyed: true);
        _requests.Restore(ref rest, width, isKeyed: false);
        _gathered = -1;
        return true;
    }

    /// <summary>What a decision costs on average at two prices, USD; and most that any costs more at the lower one than at the higher.</summary>
    private (double AtLow, double AtHigh) Spend(double low, double high, out double between)
    {
        Gather();
        Vector256<double> atLow = Vector256.Create(low), atHigh = Vector256.Create(high), dear = Vector256<double>.Zero, cheap = dear, most = dear;
        for (int place = 0; place < _gathered; place += Vector256<double>.Count)
        {
            (Vector256<double> costLow, Vector256<double> costHigh) = CostsAt(place, atLow, atHigh);
            Vector256<double> weight = Vector256.LoadUnsafe(ref _weights[0], (nuint)place);
            most = Vector256.Max(most, Vector256.ConditionalSelect(Vector256.GreaterThan(weight, Vector256<double>.Zero), costLow - costHigh, Vector256<double>.Zero));
            dear += weight * costLow;
            cheap += weight * costHigh;
        }

        between = Math.Max(Math.Max(most[0], most[1]), Math.Max(most[2], most[3]));
        return _weight > 0 ? (Sum(dear) / _weight, Sum(cheap) / _weight) : (0, 0);
    }

    /// <summary>The same, where the search goes on between the two: what costs as much at both does so at every price in between, and need not be looked at again.</summary>
    private (double AtLow, double AtHigh) Bracket(double low, double high)
    {
        Gather();
        Vector256<double> atLow = Vector256.Create(low), atHigh = Vector256.Create(high), dear = Vector256<double>.Zero, cheap = dear, settled = dear;
        _open = 0;
        for (int place = 0; place < _gathered; place += Vector256<double>.Count)
        {
            (Vector256<double> costLow, Vector256<double> costHigh) = CostsAt(place, atLow, atHigh);
            Vector256<double> weight = Vector256.LoadUnsafe(ref _weights[0], (nuint)place), spent = weight * costLow;
            dear += spent;
            cheap += weight * costHigh;
            if (costLow == costHigh) settled += spent;
            else _opens[_open++] = place;
        }

        _settled = Sum(settled);
        return _weight > 0 ? (Sum(dear) / _weight, Sum(cheap) / _weight) : (0, 0);
    }

    /// <summary>What a decision costs on average at a price between those of the last bracket, USD.</summary>
    private double SpendWithin(double price)
    {
        Vector256<double> at = Vector256.Create(price), spent = Vector256<double>.Zero;
        foreach (int place in _opens.AsSpan(0, _open)) spent += Vector256.LoadUnsafe(ref _weights[0], (nuint)place) * CostsAt(place, at, at).AtLow;
        return _weight > 0 ? (_settled + Sum(spent)) / _weight : 0;
    }

    private static double Sum(Vector256<double> four) => (four[0] + four[1]) + (four[2] + four[3]);

    /// <summary>What the best arms at two prices cost, of so many requests from a place on; 0 where there is no request.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector256<double> AtLow, Vector256<double> AtHigh) CostsAt(int place, Vector256<double> low, Vector256<double> high)
    {
        Vector256<double> bestLow = Vector256.Create(double.NegativeInfinity), bestHigh = bestLow, costLow = Vector256<double>.Zero, costHigh = costLow;
        ReadOnlySpan<double> values = _values, costs = _costs;
        for (int arm = 0, at = place; arm < _arms; arm++, at += _stride)
        {
            Vector256<double> own = Vector256.Create(costs[at..]), value = Vector256.Create(values[at..]);
            Vector256<double> utility = value - low * own, isBetter = Vector256.GreaterThan(utility, bestLow);
            bestLow = Vector256.ConditionalSelect(isBetter, utility, bestLow);
            costLow = Vector256.ConditionalSelect(isBetter, own, costLow);
            utility = value - high * own;
            isBetter = Vector256.GreaterThan(utility, bestHigh);
            bestHigh = Vector256.ConditionalSelect(isBetter, utility, bestHigh);
            costHigh = Vector256.ConditionalSelect(isBetter, own, costHigh);
        }

        return (costLow, costHigh);
    }

    /// <summary>Lays out all that weighs anything arm by arm, requests with features as they are now that their segment is what it is.</summary>
    private void Gather()
    {
        if (_gathered >= 0) return;
        int most = (Count + Vector256<double>.Count - 1) / Vector256<double>.Count * Vector256<double>.Count;
        if (most > _stride) _stride = Math.Max(most, Math.Min(2 * _stride, Places + Recent));
        if (_values.Length < _stride * _arms) (_values, _costs) = (new double[_stride * _arms], new double[_stride * _arms]);
        if (_weights.Length < _stride) (_weights, _places, _opens) = (new double[_stride], new int[_stride], new int[_stride]);
        int count = 0, segments, all;
        _weight = 0;
        for (int place = 0; place < _segments.Count; place++)
        {
            if (_segments.Weights[place] == 0) continue;
            _places[count] = place;
            _weight += _weights[count++] = _segments.Weights[place];
        }

        segments = count;
        ReadOnlySpan<int> keys = _requests.Keys.AsSpan(0, _requests.Count);
        ReadOnlySpan<double> weights = _requests.Weights.AsSpan(0, keys.Length);
        Span<int> at = _places.AsSpan(count, keys.Length);
        Span<double> known = _weights.AsSpan(count, keys.Length);
        count += keys.Length;
        double sum = 0;
        for (int own = 0; own < keys.Length; own++)
        {
            int place = _segments.Find(keys[own]);
            at[own] = Math.Max(0, place);
            sum += known[own] = place >= 0 ? weights[own] : 0; // of a request whose segment has given way nothing is known any more
        }

        _weight += sum;
        for (all = count; count % Vector256<double>.Count != 0; count++) _weights[count] = 0;
        for (int arm = 0; arm < _arms; arm++)
        {
            ReadOnlySpan<double> values = _segments.ValuesOf(arm), costs = _segments.CostsOf(arm), apart = _requests.ValuesOf(arm), times = _requests.CostsOf(arm);
            ReadOnlySpan<int> places = _places.AsSpan(0, all), requests = places[segments..];
            Span<double> toValues = _values.AsSpan(arm * _stride, count), toCosts = _costs.AsSpan(arm * _stride, count);
            for (int i = 0; i < segments; i++) (toValues[i], toCosts[i]) = (values[places[i]], costs[places[i]]);
            toValues[all..].Fill(double.NegativeInfinity);
            toCosts[all..].Clear();
            toValues = toValues[segments..];
            toCosts = toCosts[segments..];
            int own = 0;
            for (; own <= requests.Length - Vector256<double>.Count; own += Vector256<double>.Count)
            {
                int a = requests[own], b = requests[own + 1], c = requests[own + 2], d = requests[own + 3];
                (Vector256.Create(values[a], values[b], values[c], values[d]) + Vector256.Create(apart[own..])).CopyTo(toValues[own..]);
                (Vector256.Create(costs[a], costs[b], costs[c], costs[d]) * Vector256.Create(times[own..])).CopyTo(toCosts[own..]);
            }

            for (; own < requests.Length; own++) (toValues[own], toCosts[own]) = (values[requests[own]] + apart[own], costs[requests[own]] * times[own]);
        }

        _gathered = all;
    }

    private void Renormalise()
    {
        _segments.Scale(1 / _unit);
        _requests.Scale(1 / _unit);
        _unit = 1;
    }
}
