using System.Runtime.CompilerServices;
using Bandits.Concurrency;

namespace Bandits;

/// <content>What stands between the probabilities and the draw, in this order: session stickiness, safety gate. (Policy and floor come before, in the
/// planner.)</content>
public sealed partial class BanditRouter
{
    private readonly SafetyAccounts _safety = new();
    private SessionTable? _sessions;

    /// <summary>Draws from a fresh plan under a session, a safety gate or both.</summary>
    /// <param name="settings">The settings in force.</param>
    /// <param name="scratch">The plan.</param>
    /// <param name="plan">How it came out.</param>
    /// <param name="chosen">What the policy chose, outside of every gate as it may throw, where it cannot say its probabilities.</param>
    /// <param name="request">The request.</param>
    /// <param name="segment">Key of its segment.</param>
    /// <param name="id">The decision.</param>
    /// <param name="unit">The uniform number to draw with.</param>
    /// <param name="traits">Why it came out so.</param>
    /// <remarks>A kept arm that the gate holds back is treated like one that is no longer eligible: the session draws anew from what the gate
    /// allows.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private PlannedArm Compose(
        RouterSettings settings, DecisionScratch scratch, in Planner.Result plan, in PlannedArm chosen, in Request request, ulong segment, DecisionId id, double unit, out DecisionTraits traits)
    {
        PlannedArm drawn;
        ulong session = request.IsAfterFailure ? 0 : request.Session; // the session's arm is the one that has just failed
        if (session != 0) _ = Sessions(settings); // made outside the gate: there may be no memory for them
        SafetyAccount? account = EnterGate(settings, scratch, segment, id, out DecisionTraits standing);
        if (session != 0 && TryKeep(settings, scratch, account, session, segment, out drawn, out DecisionTraits kept))
        {
            traits = (kept & ~(DecisionTraits.Ungated | DecisionTraits.LastResort)) | standing | (plan.Traits & DecisionTraits.LastResort) | DecisionTraits.Sticky;
        }
        else
        {
            traits = plan.Traits | standing;
            if (plan.HasPmf)
            {
                if (account is not null && HoldBack(settings, scratch, account, 1)) traits |= DecisionTraits.Gated;
                scratch.PutLikeliestFirst();
                drawn = Concurrency.Plan.DrawFrom(scratch.Plan, unit);
            }
            else
            {
                drawn = chosen;
                if (account is not null && !account.Allows(drawn.Arm, settings.SafetyBaseline, settings.SafetyGate!.Fraction))
                {
                    bool isExploited = drawn.IsExploited;
                    drawn = scratch.Planned[PositionOf(scratch, settings.SafetyBaseline)];
                    (drawn.Probability, drawn.IsExploited) = (double.NaN, isExploited);
                    traits |= DecisionTraits.Gated;
                }
            }

            if (session != 0)
            {
                DecisionTraits first = drawn.IsExploited ? traits : traits | DecisionTraits.Explored;
                Sessions(settings).Put(session, segment, new SessionArm(drawn.Arm, drawn.Probability, first));
            }
        }

        if (account is null) return drawn;
        if (request.Id.IsNone || !_ledger.Holds(id)) account.Count(drawn.Arm, id.Sequence); // a supplied id that was decided before is one decision
        account.Leave();
        return drawn;
    }

    /// <summary>The session's arm, when it may be chosen and leaving it is not worth the cost of switching.</summary>
    private bool TryKeep(
        RouterSettings settings, DecisionScratch scratch, SafetyAccount? account, ulong session, ulong segment, out PlannedArm drawn, out DecisionTraits traits)
    {
        drawn = default;
        traits = default;
        if (!Sessions(settings).TryGet(session, segment, out SessionArm kept)) return false;
        int position = PositionOf(scratch, kept.Arm);
        if (position < 0) return false;
        double best = double.NegativeInfinity;
        for (int i = 0; i < scratch.Count; i++)
        {
            bool isAllowed = account is null || account.Allows(scratch.Planned[i].Arm, settings.SafetyBaseline, settings.SafetyGate!.Fraction);
            if (isAllowed) best = Math.Max(best, scratch.Beliefs[i].Mean);
            else if (i == position) return false;
        }

        if (best - scratch.Beliefs[position].Mean > settings.SwitchCostUsd) return false;
        drawn = scratch.Planned[position];
        drawn.Probability = kept.Propensity;
        drawn.IsExploited = (kept.Traits & DecisionTraits.Explored) == 0;
        traits = kept.Traits;
        return true;
    }

    /// <summary>Enters the gate's account for a decision; null when there is no gate, or when its baseline arm is not eligible, which
    /// <paramref name="traits"/> then says.</summary>
    private SafetyAccount? EnterGate(RouterSettings settings, DecisionScratch scratch, ulong segment, DecisionId id, out DecisionTraits traits)
    {
        traits = default;
        if (settings.SafetyGate is not { } gate) return null;
        if (PositionOf(scratch, settings.SafetyBaseline) < 0)
        {
            traits = DecisionTraits.Ungated;
            return null;
        }

        SafetyAccount account = _safety.Of(ScopeOf(settings, segment), (long)id.Sequence - 1, settings.Catalog.Count);
        account.Enter(gate, settings.SafetyBaseline, settings.Catalog.Count);
        return account;
    }

    /// <summary>Moves the probability of each arm that the gate does not allow to the baseline arm; whether there was any.</summary>
    private static bool HoldBack(RouterSettings settings, DecisionScratch scratch, SafetyAccount account, int decisions)
    {
        Span<PlannedArm> planned = scratch.Planned.AsSpan(0, scratch.Count);
        ref PlannedArm baseline = ref planned[PositionOf(scratch, settings.SafetyBaseline)];
        bool isGated = false;
        double moved = 0;
        foreach (ref PlannedArm arm in planned)
        {
            if (!(arm.Probability > 0) || account.Allows(arm.Arm, settings.SafetyBaseline, settings.SafetyGate!.Fraction, decisions)) continue;
            moved += arm.Probability;
            baseline.IsExploited |= arm.IsExploited;
            (arm.Probability, arm.IsExploited) = (0, false);
            isGated = true;
        }

        // Nothing but rounding can make it more than 1.
        if (isGated) baseline.Probability = Math.Min(1, baseline.Probability + moved);
        return isGated;
    }

    /// <summary>As a decision would go through the gate, without counting one.</summary>
    private void ExplainGate(RouterSettings settings, DecisionScratch scratch, ulong segment, ref Planner.Result plan)
    {
        if (settings.SafetyGate is not { } gate || scratch.Count == 0) return;
        if (PositionOf(scratch, settings.SafetyBaseline) < 0)
        {
            plan.Traits |= DecisionTraits.Ungated;
            return;
        }

        SafetyAccount account = _safety.Find(ScopeOf(settings, segment)) ?? new SafetyAccount(0, settings.Catalog.Count);
        account.Enter(gate, settings.SafetyBaseline, settings.Catalog.Count);
        if (plan.HasPmf && HoldBack(settings, scratch, account, 1)) plan.Traits |= DecisionTraits.Gated;
        account.Leave();
    }

    /// <summary>Lets the gate's account see a judgement: the quality that was taken back and the quality that counts now, each in 2^-32 or absent.</summary>
    private void GradeSafety(RouterSettings settings, ulong segment, in Decision decision, long takenUnits, long qualityUnits, long position)
    {
        if ((decision.Traits & DecisionTraits.Ungated) != 0 || (takenUnits < 0 && qualityUnits < 0)) return;
        _safety.Find(ScopeOf(settings, segment))?.Grade(decision.Arm, decision.Id.Sequence, takenUnits, qualityUnits, position);
    }

    /// <summary>Begins the gate's account of a segment's scope anew: what was believed to be stationary has changed.</summary>
    internal void RestartSafety(ulong segment, long position = long.MaxValue)
    {
        RouterSettings settings = _settings;
        if (settings.SafetyGate is not null && _safety.Find(ScopeOf(settings, segment)) is { } account && account.Position < position) account.Restart(DecisionCount, settings.Catalog.Count);
    }

    private int ScopeOf(RouterSettings settings, ulong segment) => settings.SafetyDimension < 0 ? 0 : _schema.ValueAt(segment, settings.SafetyDimension);

    private SessionTable Sessions(RouterSettings settings) => Volatile.Read(ref _sessions) ?? FirstSessions(settings);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SessionTable FirstSessions(RouterSettings settings)
    {
        var sessions = new SessionTable(settings.SessionCapacity);
        return Interlocked.CompareExchange(ref _sessions, sessions, null) ?? sessions;
    }

    private static int PositionOf(DecisionScratch scratch, int arm)
    {
        for (int i = 0; i < scratch.Count; i++)
            if (scratch.Planned[i].Arm == arm) return i;
        return -1;
    }

    private void RestoreComposition(RouterState state, List<string> faults)
    {
        RouterSettings settings = _settings;
        if (state.Sessions.Length > 0)
        {
            int dropped = Sessions(settings).Restore(state.Sessions, ArmCount);
            if (dropped > 0) faults.Add($"{dropped} session(s) cannot be right and were dropped; they start anew.");
        }

        if (state.Safety.Length == 0) return;
        if (settings.SafetyGate is null || settings.SafetyGate.Scope != state.SafetyScope)
        {
            faults.Add(
                $"The safety gate's {state.Safety.Length} account(s) were kept for the scope '{state.SafetyScope}', which the options do not name; they start anew.");
            return;
        }

        int lost = _safety.Restore(state.Safety, settings.SafetyDimension < 0 ? 1 : _schema.CountOf(settings.SafetyDimension), ArmCount);
        if (lost > 0) faults.Add($"{lost} account(s) of the safety gate cannot be right and were dropped; they start anew.");
    }
}
