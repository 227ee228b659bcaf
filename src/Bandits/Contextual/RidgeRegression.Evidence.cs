using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>What changes whole evidence, and keeps the inverse true to it.</summary>
internal sealed partial class RidgeRegression
{
    /// <summary>Lets own evidence count <paramref name="gamma"/> times, in [0, 1]; what is borrowed is prior and stays. O(d^3) unless nothing is left.</summary>
    public void Discount(Span<double> block, double gamma)
    {
        if (!IsBuilt(block) || !(gamma < 1)) return;
        if (!(gamma > 0) && !(block[BorrowedSamplesAt] > 0))
        {
            block.Clear();
            return;
        }

        gamma = Math.Max(0, gamma);
        Fold(block);
        ScaleInPlace(block.Slice(_gram, _matrix), gamma);
        ScaleInPlace(block.Slice(_sums, _targets * Width), gamma);
        block[SamplesAt] *= gamma;
        block[SquaresAt] *= gamma;
        if (!TryRebuild(block)) block.Clear();
    }

    /// <summary>Adds the own evidence of another block; false, and nothing changes, when that is damaged.</summary>
    public bool TryMerge(Span<double> block, ReadOnlySpan<double> other)
    {
        if (!IsBuilt(other) || !(other[SamplesAt] > 0)) return true;
        if (!IsBuilt(block)) Start(block);
        Span<double> kept = Keep(block);
        Fold(block);
        AddOwn(other, 1, block.Slice(_gram, _matrix), block.Slice(_sums, _targets * Width));
        block[SamplesAt] += other[SamplesAt];
        block[SquaresAt] += other[SquaresAt];
        return TryCommit(block, kept);
    }

    /// <summary>
    /// Replaces what was borrowed by the evidence of another block, own and borrowed, less this one's own where that is part of it, worth at most <paramref name="mass"/> outcomes.
    /// False, and nothing changes, when the difference is no evidence.
    /// </summary>
    public bool TryBorrow(Span<double> block, ReadOnlySpan<double> lender, bool includesOwn, double mass)
    {
        if (block.Overlaps(lender)) return false;
        double samples = SamplesOf(lender);
        if (includesOwn && IsBuilt(block)) samples -= block[SamplesAt];
        double share = samples > 0 ? Math.Min(1, mass / samples) : 0;
        if (!(share > 0))
        {
            GiveBack(block);
            return true;
        }

        if (!IsBuilt(block)) Start(block);
        Span<double> kept = Keep(block);
        Fold(block);
        Span<double> gram = block.Slice(_borrowedGram, _matrix), sums = block.Slice(_borrowedSums, _targets * Width);
        gram.Clear();
        sums.Clear();
        double squares = lender[SquaresAt];
        AddOwn(lender, 1, gram, sums);
        if (lender[BorrowedSamplesAt] > 0)
        {
            SymmetricTiles.AddScaled(gram, lender.Slice(_borrowedGram, _matrix), 1);
            SymmetricTiles.AddScaled(sums, lender.Slice(_borrowedSums, _targets * Width), 1);
            squares += lender[BorrowedSquaresAt];
        }

        if (includesOwn)
        {
            AddOwn(block, -1, gram, sums);
            squares -= block[SquaresAt];
        }

        ScaleInPlace(gram, share);
        ScaleInPlace(sums, share);
        block[BorrowedSamplesAt] = share * samples;
        block[BorrowedSquaresAt] = Math.Max(0, share * squares);
        return TryCommit(block, kept);
    }

    /// <summary>Begins anew with evidence that the caller fills in: A and b, target by target, 0 at first. <see cref="TryClose"/> follows.</summary>
    public void Open(Span<double> block, out Span<double> gram, out Span<double> sums)
    {
        Start(block);
        gram = block.Slice(_gram, _matrix);
        sums = block.Slice(_sums, _targets * Width);
    }

    /// <summary>Makes a block that was opened one to predict from; false when what was filled in is no evidence.</summary>
    /// <param name="block">Changed.</param>
    /// <param name="samples">Outcomes.</param>
    /// <param name="squares">Sum of squares of the first target.</param>
    public bool TryClose(Span<double> block, double samples, double squares)
    {
        block[SamplesAt] = samples;
        block[SquaresAt] = squares;
        return TryRebuild(block);
    }

    /// <summary>The inverse and the coefficients from the evidence; false, and they stay as they are, when that is no evidence.</summary>
    public bool TryRebuild(Span<double> block)
    {
        Fold(block);
        double samples = block[SamplesAt], borrowed = block[BorrowedSamplesAt], squares = block[SquaresAt] + block[BorrowedSquaresAt];
        if (!(samples >= 0 && borrowed >= 0 && squares >= 0 && samples + borrowed + squares <= MostSize)) return false;
        for (int j = 0; j < _targets; j++)
        {
            ReadOnlySpan<double> sums = block.Slice(_sums + j * Width, Width), more = block.Slice(_borrowedSums + j * Width, Width);
            if (!(SymmetricTiles.Dot(sums, sums) + SymmetricTiles.Dot(more, more) <= MostSize)) return false;
        }

        ReadOnlySpan<double> borrowedGram = borrowed > 0 ? block.Slice(_borrowedGram, _matrix) : [];
        if (!SymmetricInverse.TryInvert(block.Slice(_gram, _matrix), borrowedGram, _ridge, _dimension, RegressionScratch.Mine.Rows(Width), block.Slice(_inverse, _matrix))) return false;
        block.Slice(_coefficients, _targets * Width).Clear();
        block.Slice(_correction, Width).Clear();
        block[CorrectedAt] = 0;
        for (int pass = 0; pass < 2; pass++) Refine(block); // the first solves, the second takes back its rounding
        block[SinceMeasuredAt] = 0;
        block[DriftAt] = 0;
        block[RebuildsAt]++;
        Summarise(block);
        return true;
    }

    /// <summary>Measures how far P has drifted along a point and renews it where that is too far.</summary>
    private void Measure(Span<double> block, ReadOnlySpan<double> x)
    {
        Fold(block);
        Settle(block);
        block[SinceMeasuredAt] = 0;
        block[DriftAt] = DriftAlong(block, x);
        if (!(block[DriftAt] <= Math.Max(MostDrift, MostDecline * block[FreshDriftAt])) && TryRebuild(block)) block[DriftAt] = block[FreshDriftAt] = DriftAlong(block, x);
    }

    /// <summary>
    /// |g' (A + A0 + ridge I) g / x' g - 1| with g = P x: to first order the relative error of the leverage, and with no more rounding than that has. |P (A x) - x| would mostly measure its own.
    /// </summary>
    private double DriftAlong(ReadOnlySpan<double> block, ReadOnlySpan<double> x)
    {
        RegressionScratch scratch = RegressionScratch.Mine;
        Span<double> gain = scratch.Gain(Width), image = scratch.Other(Width);
        SymmetricTiles.Multiply(block.Slice(_inverse, _matrix), x, gain);
        ApplyEvidence(block, gain, image, scratch.Rows(Width)[..Width]);
        return Math.Abs(SymmetricTiles.Dot(gain, image) / SymmetricTiles.Dot(gain, x) - 1);
    }

    /// <summary>One step of iterative refinement: theta += P (b + b0 - (A + A0 + ridge I) theta).</summary>
    private void Refine(Span<double> block)
    {
        RegressionScratch scratch = RegressionScratch.Mine;
        Span<double> rest = scratch.Gain(Width), step = scratch.Other(Width);
        for (int j = 0; j < _targets; j++)
        {
            Span<double> coefficients = block.Slice(_coefficients + j * Width, Width);
            ApplyEvidence(block, coefficients, rest, step);
            SymmetricTiles.Scale(rest, rest, -1);
            SymmetricTiles.AddScaled(rest, block.Slice(_sums + j * Width, Width), 1);
            if (block[BorrowedSamplesAt] > 0) SymmetricTiles.AddScaled(rest, block.Slice(_borrowedSums + j * Width, Width), 1);
            SymmetricTiles.Multiply(block.Slice(_inverse, _matrix), rest, step);
            SymmetricTiles.AddScaled(coefficients, step, 1);
        }
    }

    /// <summary>image = (A + A0 + ridge I) v; nothing may wait.</summary>
    private void ApplyEvidence(ReadOnlySpan<double> block, ReadOnlySpan<double> v, Span<double> image, Span<double> room)
    {
        SymmetricTiles.Multiply(block.Slice(_gram, _matrix), v, image);
        SymmetricTiles.AddScaled(image, v, _ridge);
        if (!(block[BorrowedSamplesAt] > 0)) return;
        SymmetricTiles.Multiply(block.Slice(_borrowedGram, _matrix), v, room);
        SymmetricTiles.AddScaled(image, room, 1);
    }

    /// <summary>Brings A up to date.</summary>
    private void Fold(Span<double> block)
    {
        int count = WaitingIn(block);
        if (count > 0) SymmetricTiles.AddOuter(block.Slice(_gram, _matrix), block.Slice(_waiting, count * Width), Width, Width);
        block[WaitingAt] = 0;
    }

    /// <summary>Adds A and b of a block, those that wait included, to sums of them.</summary>
    private void AddOwn(ReadOnlySpan<double> block, double sign, Span<double> gram, Span<double> sums)
    {
        SymmetricTiles.AddScaled(gram, block.Slice(_gram, _matrix), sign);
        SymmetricTiles.AddScaled(sums, block.Slice(_sums, _targets * Width), sign);
        int count = WaitingIn(block);
        if (count > 0) SymmetricTiles.AddOuter(gram, block.Slice(_waiting, count * Width), Width, Width);
    }

    /// <summary>Forgets what was borrowed.</summary>
    private void GiveBack(Span<double> block)
    {
        if (!IsBuilt(block) || block[BorrowedSamplesAt] == 0) return;
        block[BorrowedSamplesAt] = block[BorrowedSquaresAt] = 0;
        block.Slice(_borrowedGram, _matrix).Clear();
        block.Slice(_borrowedSums, _targets * Width).Clear();
        if (!(block[SamplesAt] > 0) || !TryRebuild(block)) block.Clear();
    }

    private static Span<double> Keep(ReadOnlySpan<double> block)
    {
        Span<double> kept = RegressionScratch.Mine.Kept(block.Length);
        block.CopyTo(kept);
        return kept;
    }

    private bool TryCommit(Span<double> block, ReadOnlySpan<double> kept)
    {
        if (TryRebuild(block)) return true;
        kept.CopyTo(block);
        return false;
    }

    private static void ScaleInPlace(Span<double> numbers, double factor) => SymmetricTiles.Scale(numbers, numbers, factor);
}
