using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Budgets;

/// <summary>Holds the mean cost of decisions at the budget's rate: keeps the account, and finds the price of money that makes the next decisions meet it.</summary>
/// <remarks>
/// <code>
/// Source      own rule over the linear program of <see cref="TrafficSample"/>: integral control of the target, as a debt that is paid back over a horizon
/// Rule        credit_t = min(bank, credit_(t-1) + aim B - cost_t);   price = solve(target)
///             target = aim B + credit / H + offset - U max(0, debt - D B) / H - what probing costs;   debt = max(0, -credit)
///             offset_t = offset_(t-1) + clip(credit, +-L B) / (P H^2), within a quarter of B: what the program expects to spend may be wrong by a little all the time
///             bank = H B while the budget binds and leaves a choice, else B: what nobody wanted to spend is not saved up
/// Update      a decision is charged its expected cost at once; the outcome's cost comes in its place
/// Symbols     D -> Deep -> 50 decisions;  U -> Urgency -> 1: a deep debt is paid back twice as fast;  P -> Patience -> 4;  L -> MostLasting -> 8 decisions
///             B -> Budget.UsdPerDecision -> USD;  H -> Budget.Horizon -> decisions;  aim -> Aim -> 0.995: half a percent is left to chance, which otherwise ends above the budget every second time
///             a request of more than Large -> 4 B is planned again at a price found with it in view
///             a price holds for Kept decisions: 1 at first, later a sixteenth of those made so far, at most 8 (a sixteenth of the places in use where these are more)
/// Cost        a decision two atomic additions; every 8th one (16th with features), and each that would cost much, one solve
/// Departures  none
/// Guarantee   none claimed; measured in benchmarks/Bandits.Routing
/// </code>
/// What is spent is integers under atomic addition, so no thread waits to be charged. A thread that finds another one solving goes on at the former price.
/// </remarks>
internal sealed class SpendController
{
    private const double Aim = 0.995;
    private const int MostKept = 8;

    /// <summary>Places that a decision pays for: with more of them in use a price is kept for longer.</summary>
    private const int PlacesADecision = 16;

    private const double MostProbedShare = 0.1;

    /// <summary>A debt of more than so many decisions' worth is paid back faster, by this factor on what is beyond.</summary>
    private const double Deep = 50;

    private const double Urgency = 1;

    /// <summary>Horizons over which a lasting debt moves the offset by as much as it moves the target at once.</summary>
    private const double Patience = 4;

    /// <summary>Most decisions' worth of credit or debt that moves the offset: a sudden one is not lasting.</summary>
    private const double MostLasting = 8;

    private const double MostOffset = 0.25;

    /// <summary>Spending so many times the rate ends a price early.</summary>
    private const double Hasty = 2;

    /// <summary>A request that would cost so many times the rate is planned at a price found with it in view. Beliefs move while a price is in force: of the moves that make a dear arm look worth its
    /// cost each buys one, and those the other way save nothing, so that a price held on to buys more than was meant.</summary>
    private const double Large = 4;

    /// <summary>A price goes to nothing in steps, by this factor each, as what seems to make money plenty may be the promise of an arm that was hardly tried.</summary>
    private const double Falling = 4;

    private const double LeastPrice = 1e-6;

    /// <summary>Where the cheapest arms take this share of the rate nothing is saved up either: what is bought once cannot be made up for.</summary>
    private const double MostFixed = 0.9;

    /// <summary>More decisions, or nano-USD, than anybody will ever see; what is restored leaves room for all that is charged after it.</summary>
    private const long MostWhole = 1L << 60;

    private readonly TrafficSample _sample = new();
    private SequenceLock _gate;
    private SpendPrice _price = SpendPrice.Free;
    private double _credit;
    private double _offset;
    private double _rate;
    private bool _binds;
    private long _decisions;
    private long _spentNanoUsd;
    private long _foldedDecisions;
    private long _foldedNanoUsd;
    private long _solvedAt;
    private double[] _probing = [];
    private bool _isProbing;
    private (double Share, long Until)[] _wanted = [];

    /// <summary>Decisions charged so far.</summary>
    public long Decisions => Volatile.Read(ref _decisions);

    /// <summary>Charged so far: costs that are known, and expected ones where they are not.</summary>
    public long SpentNanoUsd => Volatile.Read(ref _spentNanoUsd);

    /// <summary>What was left unspent, or spent too much where it is below 0, when the price was last found, USD.</summary>
    public double Credit => Volatile.Read(ref _credit);

    /// <summary>The price in force.</summary>
    public SpendPrice Price
    {
        get
        {
            while (true)
            {
                int sequence = _gate.BeginRead();
                SpendPrice price = _price;
                if (_gate.IsUnchanged(sequence)) return price;
            }
        }
    }

    /// <summary>Probability with which an arm is probed, whatever it promises; 0 for most.</summary>
    public double ProbingOf(int arm) => Volatile.Read(ref _probing) is var probing && (uint)arm < (uint)probing.Length ? probing[arm] : 0;

    /// <summary>Whether any arm is probed.</summary>
    public bool IsProbing => Volatile.Read(ref _isProbing);

    /// <summary>The budget that was in force when this was captured, as far as can be told; <paramref name="now"/> where it is the same or nothing was decided yet.</summary>
    public Budget? InForce(Budget? now, bool hasDecided)
    {
        if (_rate > 0) return now is not null && Aim * now.UsdPerDecision == _rate ? now : Budget.Of(_rate / Aim, now?.Horizon ?? Budget.DefaultHorizon);
        return hasDecided && _decisions == 0 ? null : now;
    }

    /// <summary>Whether a request that would cost so much is to be planned at a price found with it in view. Where even the cheapest arms cost more than the rate, no price changes what is bought.</summary>
    public bool IsLarge(double plannedUsd) => _rate > 0 && plannedUsd > Large * _rate && _price.High < TrafficSample.Highest;

    /// <summary>Charges a new decision.</summary>
    public void Charge(double expectedUsd)
    {
        Interlocked.Add(ref _spentNanoUsd, ExpectedNano(expectedUsd));
        Interlocked.Increment(ref _decisions);
    }

    /// <summary>Puts what became known of a decision in the place of what was charged.</summary>
    public void Settle(double expectedUsd, in Contribution before, in Contribution after) => Recharge(ChargeOf(expectedUsd, before), ChargeOf(expectedUsd, after));

    /// <summary>Charges a decision otherwise than it was, nano-USD.</summary>
    public void Recharge(long before, long after)
    {
        if (after != before) Interlocked.Add(ref _spentNanoUsd, after - before);
    }

    /// <summary>What a decision is charged once so much is known of it, nano-USD.</summary>
    public static long ChargeOf(double expectedUsd, in Contribution known) => ChargeOf(ExpectedNano(expectedUsd), known);

    /// <summary>The same where so much was charged at first.</summary>
    public static long ChargeOf(long chargedNano, in Contribution known) =>
        known.HasCost ? known.CostNanoUsd : (known.Parts & OutcomeParts.Judgement) != 0 && known.Kind == OutcomeKind.Unavailable ? 0 : chargedNano;

    private static long ExpectedNano(double usd) => usd > 0 && usd <= Outcome.MaxCostUsd ? FixedPoint.NanoUsd(usd) : 0;

    /// <summary>Asks for an arm to be probed for a while: it was found changed for the worse, and who would notice when it recovers?</summary>
    public void Probe(int arm, double share, long decisions)
    {
        _gate.Enter();
        if (_wanted.Length <= arm) Array.Resize(ref _wanted, arm + 1);
        _wanted[arm] = (share, _decisions + decisions);
        _solvedAt = -1;
        _gate.Exit();
    }

    /// <summary>An arm's price level has become <paramref name="factor"/> times what it was.</summary>
    public void Restate(int arm, double factor)
    {
        _gate.Enter();
        _sample.Restate(arm, factor);
        _solvedAt = -1;
        _gate.Exit();
    }

    /// <summary>The price is to be found anew at the next decision: something has changed.</summary>
    public void Outdate() => Volatile.Write(ref _solvedAt, -1);

    /// <summary>Notes a request; when the price has been in force for long enough, or this request would buy much at it, finds the next one. True in the latter case: the request is to be planned anew.</summary>
    /// <param name="budget">The budget in force.</param>
    /// <param name="request">The request.</param>
    /// <param name="isWhole">Whether all arms that take part were eligible; else the request only counts as one more of its segment.</param>
    /// <param name="arms">Arms of the router.</param>
    /// <param name="plannedUsd">What the request is expected to cost as it is planned, USD; NaN where that cannot be said.</param>
    public bool Note(Budget budget, in SpendRequest request, bool isWhole, int arms, double plannedUsd)
    {
        if (!_gate.TryEnter()) return false;
        if (isWhole) _sample.Note(request, arms);
        else _sample.NoteAgain(request.Segment);
        long decisions = Volatile.Read(ref _decisions), kept = Kept(decisions);
        bool isOver = FixedPoint.UsdFrom(Volatile.Read(ref _spentNanoUsd) - _foldedNanoUsd) > Hasty * kept * _rate;
        bool isLarge = isWhole && IsLarge(plannedUsd);
        if (isLarge || isOver || _solvedAt < 0 || (_rate > 0 && Aim * budget.UsdPerDecision != _rate) || decisions - kept >= _solvedAt) Solve(budget, decisions);
        _gate.Exit();
        return isLarge;
    }

    /// <summary>All numbers; whole ones of 64 bits as two halves.</summary>
    public double[] Capture()
    {
        _gate.Enter();
        var numbers = new List<double>();
        if (_decisions > 0)
        {
            foreach (long whole in (ReadOnlySpan<long>)[Volatile.Read(ref _decisions), Math.Max(0, Volatile.Read(ref _spentNanoUsd)), _foldedDecisions, Math.Max(0, _foldedNanoUsd), _solvedAt + 1])
            {
                numbers.Add(Halves.High((ulong)whole));
                numbers.Add(Halves.Low((ulong)whole));
            }

            numbers.AddRange([_credit, _offset, _rate, _binds ? 1 : 0, _price.Low, _price.High, _price.LowShare, _wanted.Length]);
            foreach ((double share, long until) in _wanted) numbers.AddRange([share, Halves.High((ulong)until), Halves.Low((ulong)until)]);
            numbers.AddRange(_sample.Capture());
        }

        _gate.Exit();
        return [.. numbers];
    }

    /// <summary>Takes such numbers back; false when they cannot be right, and then as much as was right is kept: what was spent, if nothing else.</summary>
    public bool Restore(ReadOnlySpan<double> numbers, int segments, int arms)
    {
        const int Whole = 5, Head = 2 * Whole + 8;
        if (numbers.IsEmpty) return true;
        if (numbers.Length < Head) return false;
        Span<long> wholes = stackalloc long[Whole];
        for (int i = 0; i < Whole; i++)
        {
            if (!Halves.TryWhole(numbers[2 * i], numbers[2 * i + 1], out wholes[i]) || wholes[i] > MostWhole) return false;
        }

        (_decisions, _spentNanoUsd, _foldedDecisions, _foldedNanoUsd, _solvedAt) = (wholes[0], wholes[1], wholes[2], wholes[3], wholes[4] - 1);
        ReadOnlySpan<double> rest = numbers[(2 * Whole)..];
        (_credit, _offset, _rate, _binds) = (rest[0], rest[1], rest[2], rest[3] == 1);
        _price = new SpendPrice(rest[4], rest[5], rest[6]);
        bool isSound = Math.Abs(_credit) <= MostWhole && double.IsFinite(_offset) && _solvedAt <= _decisions && _rate >= 0 && double.IsFinite(_rate) && _price.Low >= 0 && _price.High >= _price.Low && double.IsFinite(_price.High)
            && _price.LowShare is >= 0 and <= 1 && _foldedDecisions >= 0 && _foldedDecisions <= _decisions && rest[7] >= 0 && rest[7] <= arms && rest[7] == Math.Floor(rest[7]) && rest.Length >= 8 + 3 * rest[7];
        int wanted = isSound ? (int)rest[7] : 0;
        _wanted = new (double, long)[wanted];
        for (int arm = 0; arm < wanted; arm++)
        {
            double share = rest[8 + 3 * arm];
            if (share is >= 0 and <= 0.5 && Halves.TryWhole(rest[9 + 3 * arm], rest[10 + 3 * arm], out long until)) _wanted[arm] = (share, until);
            else isSound = false;
        }

        isSound &= _sample.Restore(rest[Math.Min(rest.Length, 8 + 3 * wanted)..], segments, arms);
        if (isSound)
        {
            SetProbing(_solvedAt < 0 ? _decisions : _solvedAt);
            return true;
        }

        (_credit, _offset, _rate, _binds, _price, _foldedDecisions, _foldedNanoUsd, _solvedAt, _wanted) = (0, 0, 0, false, SpendPrice.Free, _decisions, _spentNanoUsd, -1, []);
        return false;
    }

    private long Kept(long decisions) => Math.Max(1, Math.Min(decisions / 16, Math.Max(MostKept, _sample.Count / PlacesADecision)));

    private void Solve(Budget budget, long decisions)
    {
        double rate = Aim * budget.UsdPerDecision;
        long spent = Volatile.Read(ref _spentNanoUsd);
        if (rate != _rate) (_rate, _credit, _offset, _price, _foldedDecisions, _foldedNanoUsd) = (rate, 0, 0, SpendPrice.Free, decisions, spent); // another budget begins with a clean slate
        (double wanted, double least) = _sample.Ends();
        double most = (_binds && least < MostFixed * rate ? budget.Horizon : 1) * rate;
        _credit = Math.Min(most, _credit + (decisions - _foldedDecisions) * rate - FixedPoint.UsdFrom(spent - _foldedNanoUsd));
        if (_binds) _offset = Math.Clamp(_offset + Math.Clamp(_credit, -MostLasting * rate, MostLasting * rate) * (decisions - _foldedDecisions) / (Patience * budget.Horizon * budget.Horizon), -MostOffset * rate, MostOffset * rate);
        (_foldedDecisions, _foldedNanoUsd, _solvedAt) = (decisions, spent, decisions);
        double target = rate + _credit / budget.Horizon + _offset + Math.Min(0, _credit + Deep * rate) * Urgency / budget.Horizon - SetProbing(decisions);
        _binds = wanted > rate;
        double affordable = _credit + budget.Horizon * Math.Max(0, rate - least); // more could not be made up for
        SpendPrice price = _sample.Solve(Math.Max(0, target), wanted, _price.High, Math.Max(0, affordable));
        _price = price.High > 0 || _price.High < LeastPrice ? price : new SpendPrice(_price.Low / Falling, _price.High / Falling, _price.LowShare);
    }

    /// <summary>Sets how often arms are probed; returns what that costs on average, USD a decision.</summary>
    private double SetProbing(long decisions)
    {
        double total = 0;
        bool isAny = false;
        for (int arm = 0; arm < _wanted.Length; arm++) isAny |= _wanted[arm].Until > decisions;
        if (!isAny)
        {
            _probing.AsSpan().Clear();
            Volatile.Write(ref _isProbing, false);
            return 0;
        }

        var probing = _probing.Length == _wanted.Length ? _probing : new double[_wanted.Length];
        for (int arm = 0; arm < probing.Length; arm++)
        {
            double cost = _sample.CostOf(arm), share = _wanted[arm].Until > decisions ? _wanted[arm].Share : 0;
            if (share > 0 && cost > 0) share = Math.Min(share, MostProbedShare * _rate / cost);
            probing[arm] = share;
            if (share > 0) total += share * cost;
        }

        Volatile.Write(ref _probing, probing);
        Volatile.Write(ref _isProbing, true);
        return double.IsNaN(total) ? 0 : total;
    }
}
