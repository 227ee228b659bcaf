using Bandits.Statistics;

namespace Bandits.Concurrency;

/// <summary>What the safety gate knows of one scope: decisions, grades and sums of quality by arm.</summary>
/// <remarks>
/// Checking what is allowed, drawing and counting the decision happen in one stay inside the gate, so that two threads cannot spend the same budget; it is
/// held for the draw, and for the bounds of arms graded since. Reading is the same without counting.
/// </remarks>
internal sealed class SafetyAccount(long since, int armsAtStart)
{
    public const int WordsPerArm = 4;
    private SequenceLock _gate;
    private ArmAccount[] _arms = new ArmAccount[armsAtStart];
    private long _since = since;
    private int _armsAtStart = armsAtStart;
    private double _failure;
    private double _credit;
    private long _plays;
    private long _restoredPosition;

    /// <summary>Position after the journal's latest entry whose grade is in the account.</summary>
    public long Position { get; private set; }

    /// <summary>Decisions in the account.</summary>
    public long Plays => Volatile.Read(ref _plays);

    /// <summary>Enters, and brings the bounds up to date. The caller must <see cref="Leave"/>.</summary>
    public void Enter(SafetyGate gate, int baseline, int arms)
    {
        _gate.Enter();
        EnsureArms(arms);
        double failure = ConservativeBudget.FailureOf(gate.Delta, _armsAtStart, _arms.Length);
        bool isStale = failure != _failure;
        _failure = failure;
        _credit = 0;
        for (int arm = 0; arm < _arms.Length; arm++)
        {
            ref ArmAccount account = ref _arms[arm];
            if (isStale || !account.IsBounded)
            {
                long graded = Math.Max(0, account.Graded);
                double mean = graded > 0 ? Math.Clamp((double)account.QualityUnits / graded / FixedPoint.QualityOne, 0, 1) : 0;
                (account.Lower, account.Upper) = AnytimeBounds.Of(graded, mean, failure);
                account.IsBounded = true;
            }

            if (arm != baseline) _credit += account.Graded * account.Lower;
        }
    }

    /// <summary>Inside: whether the promise holds after <paramref name="decisions"/> more decisions, one of them for this arm and the rest worth
    /// nothing.</summary>
    public bool Allows(int arm, int baseline, double fraction, int decisions = 1)
    {
        if (arm == baseline) return true;
        ref ArmAccount zero = ref _arms[baseline];
        return ConservativeBudget.Slack(_credit + _arms[arm].Lower, zero.Plays, _plays + decisions, fraction, zero.Lower, zero.Upper) >= 0;
    }

    /// <summary>Inside: counts a decision, unless it came before the account, as its grade would not count either.</summary>
    public void Count(int arm, ulong sequence)
    {
        if ((long)sequence <= _since) return;
        _arms[arm].Plays++;
        _plays++;
    }

    public void Leave() => _gate.Exit();

    /// <summary>Takes in the grade of a decision, in place of an earlier one if there was one; nothing when the decision came before the account.</summary>
    /// <param name="arm">Dense index.</param>
    /// <param name="sequence">Sequence of the decision.</param>
    /// <param name="takenUnits">Quality to take back, 2^-32, or <see cref="Contribution.NoQuality"/>.</param>
    /// <param name="qualityUnits">Quality, 2^-32, or <see cref="Contribution.NoQuality"/>.</param>
    /// <param name="position">Position after the journal's entry of it; 0 without a journal.</param>
    public void Grade(int arm, ulong sequence, long takenUnits, long qualityUnits, long position)
    {
        _gate.Enter();
        if (position > 0 && position <= _restoredPosition) sequence = 0; // replayed, and in the account already
        Position = Math.Max(Position, position);
        if ((long)sequence > _since)
        {
            EnsureArms(arm + 1);
            ref ArmAccount account = ref _arms[arm];
            if (takenUnits >= 0)
            {
                account.Graded--;
                account.QualityUnits -= takenUnits;
            }

            if (qualityUnits >= 0)
            {
                account.Graded++;
                account.QualityUnits += qualityUnits;
            }

            account.IsBounded = false;
        }

        _gate.Exit();
    }

    /// <summary>Counts a replayed decision.</summary>
    public void Recount(int arm, ulong sequence)
    {
        _gate.Enter();
        EnsureArms(arm + 1);
        Count(arm, sequence);
        _gate.Exit();
    }

    /// <summary>Forgets everything; decisions up to <paramref name="sequence"/> no longer count.</summary>
    public void Restart(long sequence, int arms)
    {
        _gate.Enter();
        _arms.AsSpan().Clear();
        (_since, _armsAtStart, _plays) = (sequence, arms, 0);
        EnsureArms(arms);
        _failure = 0;
        _gate.Exit();
    }

    /// <summary>Copies the account under the number of its scope.</summary>
    public SafetyState Capture(int scope)
    {
        _gate.Enter();
        int count = _arms.Length;
        while (count > 0 && _arms[count - 1] is { Plays: 0, Graded: 0 }) count--;
        var words = new long[count * WordsPerArm];
        for (int arm = 0; arm < count; arm++)
        {
            ref ArmAccount account = ref _arms[arm];
            (words[4 * arm], words[4 * arm + 1]) = (account.Plays, account.Graded);
            (words[4 * arm + 2], words[4 * arm + 3]) = ((long)(ulong)account.QualityUnits, (long)(account.QualityUnits >> 64));
        }

        var state = new SafetyState(scope, _since, _armsAtStart, words, Position);
        _gate.Exit();
        return state;
    }

    /// <summary>The account as captured, or null when it cannot be right.</summary>
    public static SafetyAccount? Restore(SafetyState saved, int arms)
    {
        if (saved.Since < 0 || saved.ArmsAtStart < 1 || saved.ArmsAtStart > arms) return null;
        if (saved.Words.Length % WordsPerArm != 0 || saved.Words.Length / WordsPerArm > arms) return null;
        var account = new SafetyAccount(saved.Since, saved.ArmsAtStart);
        account._restoredPosition = account.Position = Math.Max(0, saved.Position);
        account.EnsureArms(arms);
        for (int arm = 0; arm < saved.Words.Length / WordsPerArm; arm++)
        {
            ReadOnlySpan<long> words = saved.Words.AsSpan(arm * WordsPerArm, WordsPerArm);
            var units = new Int128((ulong)words[3], (ulong)words[2]);
            if (words[0] is < 0 or > Most || words[1] < 0 || words[1] > words[0] || units < 0 || units > (Int128)words[1] * FixedPoint.QualityOne) return null;
            account._arms[arm] = new ArmAccount { Plays = words[0], Graded = words[1], QualityUnits = units };
            account._plays += words[0];
        }

        return account;
    }

    /// <summary>More decisions than any router makes, so that sums over arms cannot overflow.</summary>
    private const long Most = 1L << 46;

    private void EnsureArms(int arms)
    {
        if (_arms.Length < arms) Array.Resize(ref _arms, arms);
    }

    /// <summary>The first four words are the account, the rest is derived from them.</summary>
    private struct ArmAccount
    {
        public long Plays;
        public long Graded;
        public Int128 QualityUnits;
        public double Lower;
        public double Upper;
        public bool IsBounded;
    }
}
