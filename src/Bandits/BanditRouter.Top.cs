using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits;

/// <content>Several different arms for one request.</content>
public sealed partial class BanditRouter
{
    /// <summary>
    /// Decides for several different arms at once, to ask them all: as many as <paramref name="decisions"/> holds, fewer when fewer may be chosen. Each is a
    /// decision of its own, with its own id and outcome; its propensity is the probability of being among the chosen (an inclusion probability), so they sum
    /// to their number, not to 1.
    /// </summary>
    /// <param name="request">As for <see cref="TryDecide"/>. A supplied <see cref="Request.Id"/> names the first decision, the next sequences name the
    /// others. A session keeps one arm, so <see cref="Request.Session"/> is not looked at.</param>
    /// <param name="decisions">Receives the decisions, by dense index of their arms. When no arm is eligible the first one says why.</param>
    /// <returns>How many were decided; 0 when no arm is eligible.</returns>
    /// <remarks>
    /// Arm a is included with probability min(1, c p_a), p being the probabilities that a single decision is drawn from, after floor and safety gate; where
    /// fewer arms have any probability than are asked for, these are certain and the others share the rest evenly. Pairs are not independent. A policy that
    /// cannot say its probabilities chooses one arm after the other, and propensities are NaN. Under a safety gate an arm that is held back is not chosen,
    /// and each decision counts in the account. Under spend caps only so many arms are chosen as have room together, whichever these are.
    /// </remarks>
    /// <exception cref="ArgumentException">The request is invalid, as for <see cref="TryDecide"/>.</exception>
    public int DecideTop(in Request request, Span<Decision> decisions)
    {
        if (decisions.IsEmpty) return 0;
        if (!request.Id.IsNone && request.Id.Sequence > (ulong)(long.MaxValue - decisions.Length))
            Refuse(nameof(Request.Id), request.Id.Sequence, "a sequence that leaves room for one of each decision");
        RouterSettings settings = Volatile.Read(ref _settings);
        Plan leaf = Check(request, isPlain: false);
        CapSet? caps = settings.Caps;
        if (caps is not null) CheckTime(request);
        if (request.IsAfterFailure) leaf = _segments.ConditionalOf(leaf.Node).Plan;
        DecisionId first = NextId(request, 0, settings, out ulong key, out ushort tag);
        long now = NowOf(request);
        _availability.Settle(now);
        DecisionScratch scratch = ScratchFor(settings);
        ulong tenant = 0;
        Planner.Result plan = PlanNoted(settings, leaf.Node, request, now, scratch);
        while (caps is not null && scratch.Count > 0 && !TryEnter(caps, plan, request, now, scratch, out tenant)) plan = PlanNow(settings, leaf.Node, request, now, scratch); // others were faster
        if (leaf.Node.IsConditional) plan.Traits |= DecisionTraits.AfterFailure;
        double unit = new RandomStream(key, first.Sequence, StreamPurpose.Draw).NextUnit();
        long entry = -1;
        if (scratch.Count == 0)
        {
            decisions[0] = Undecided(request, now, first, leaf, plan.WhyNone);
            if (_isCounting) _tallies.Mine.Refused();
            if (settings.Journal is { } journal) WriteDown(journal, leaf.Node, decisions[0], request, unit, WriteDown(settings, leaf.Node, plan, scratch, plan.Traits));
            return 0;
        }

        int size = Math.Min(decisions.Length, scratch.Count);
        SafetyAccount? account = null;
        try
        {
            if (caps is not null) size = MostTogether(caps, plan, scratch, size);
            account = EnterGate(settings, scratch, leaf.Key, first, out DecisionTraits traits);
            traits |= plan.Traits;
            if (account is not null && LeaveOut(settings, scratch, account, plan.HasPmf, size)) traits |= DecisionTraits.Gated;
            size = Math.Min(size, scratch.Count);
            entry = WriteDown(settings, leaf.Node, plan, scratch, traits);
            if (plan.HasPmf) Include(scratch, size, unit);
            for (int i = 0; i < size; i++)
            {
                DecisionId id = i == 0 ? first : NextId(request, i, settings, out key, out tag);
                PlannedArm drawn = plan.HasPmf ? scratch.Planned[i] : ChooseAnother(settings, scratch, plan, key, id);
                if (account is not null && (request.Id.IsNone || !_ledger.Holds(id))) account.Count(drawn.Arm, id.Sequence);
                if (caps is not null) Book(caps, id, drawn.Arm, tenant, now, scratch);
                decisions[i] = Decided(request, now, leaf, id, drawn, traits);
            }
        }
        finally
        {
            account?.Leave(); // before the ledger: a recorder enters the account from inside the segment's gate
            if (caps is not null) _spent!.Leave();
        }

        Request sessionless = request with { Session = 0 };
        foreach (ref Decision decision in decisions[..size])
        {
            if (!request.Features.IsEmpty) KeepFeatures(request, decision);
            Open(settings, leaf, ref decision, tag, sessionless, unit, entry);
            if (_isCounting) Count(settings, decision);
        }

        return size;
    }

    private DecisionId NextId(in Request request, int place, RouterSettings settings, out ulong key, out ushort tag)
    {
        (key, tag) = (settings.StreamKey, _tag);
        if (request.Id.IsNone) return new DecisionId(_incarnation, _sequences.Next(ref _sequence));
        var id = new DecisionId(request.Id.Incarnation, request.Id.Sequence + (ulong)place);
        Adopt(id, settings, ref key, ref tag);
        return id;
    }

    /// <summary>Draws a sample of the plan with inclusion probabilities, and puts it in front.</summary>
    private static void Include(DecisionScratch scratch, int size, double unit)
    {
        Span<double> inclusion = scratch.Pmf.AsSpan(0, scratch.Count);
        for (int i = 0; i < inclusion.Length; i++) inclusion[i] = scratch.Planned[i].Probability;
        InclusionProbabilities.Of(inclusion, size);
        Span<int> drawn = scratch.Arms.AsSpan(0, size);
        InclusionProbabilities.Draw(inclusion, unit, drawn);
        for (int i = 0; i < size; i++)
        {
            int at = drawn[i]; // ascending, so what stands at i has been drawn already or is not drawn at all
            (scratch.Planned[i], scratch.Planned[at]) = (scratch.Planned[at], scratch.Planned[i]);
            scratch.Planned[i].Probability = inclusion[at];
        }
    }

    /// <summary>Lets a policy without a pmf choose among the arms that are left, and takes its choice out of them.</summary>
    private static PlannedArm ChooseAnother(RouterSettings settings, DecisionScratch scratch, in Planner.Result plan, ulong key, DecisionId id)
    {
        PlannedArm chosen = ChooseWithoutPmf(settings, scratch, plan, key, id, new RandomStream(key, id.Sequence, StreamPurpose.Draw).NextUnit());
        int at = PositionOf(scratch, chosen.Arm);
        scratch.Count--;
        for (; at < scratch.Count; at++) scratch.Copy(at + 1, at);
        return chosen;
    }

    /// <summary>Takes the arms out of the plan that the gate does not allow, their probability going to the baseline arm; whether there was any.</summary>
    private static bool LeaveOut(RouterSettings settings, DecisionScratch scratch, SafetyAccount account, bool hasPmf, int decisions)
    {
        if (hasPmf) HoldBack(settings, scratch, account, decisions);
        int kept = 0;
        for (int i = 0; i < scratch.Count; i++)
            if (account.Allows(scratch.Planned[i].Arm, settings.SafetyBaseline, settings.SafetyGate!.Fraction, decisions)) scratch.Copy(i, kept++);
        bool isGated = kept < scratch.Count;
        scratch.Count = kept;
        return isGated;
    }
}
