using System.Runtime.CompilerServices;
using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>Which n-grams of a text count, and into which bucket each falls.</summary>
/// <remarks>
/// <code>
/// Source      Weinberger, Dasgupta, Langford, Smola, Attenberg (2009), Feature hashing for large scale multitask learning, ICML
/// Rule        bucket of an n-gram = the top bits of <see cref="RandomStream.Mix"/> of its hash
///             word      FNV-1a over the UTF-16 units of a run of word characters; two words: a third hash of both
///             character up to four units as they are, a fifth added, of the text in which each run of white space is one blank
/// Departures  no random sign: how many texts have a bucket must be countable
/// </code>
/// </remarks>
internal readonly record struct NGrams(int HashBits, int LongestWord, int ShortestCharacter, int LongestCharacter)
{
    public const int LeastHashBits = 8, MostHashBits = 18, MostWords = 2, MostCharacters = 5;

    private const ulong HashStart = 0xcbf29ce484222325;
    private const ulong HashPrime = 0x100000001b3;

    /// <summary>Odd, and keeps the hash of two words from being that of one.</summary>
    private const ulong PairStep = 0x9e3779b97f4a7c15;

    /// <summary>Keeps a character n-gram from being a word of the same letters.</summary>
    private const ulong CharacterStep = 0xd1342543de82ef95;

    public int Buckets => 1 << HashBits;

    /// <summary>Whether each number is in its range and there is something to count.</summary>
    public bool IsSound => HashBits is >= LeastHashBits and <= MostHashBits && LongestWord is >= 0 and <= MostWords && ShortestCharacter is >= 1 and <= MostCharacters
        && LongestCharacter is >= 0 and <= MostCharacters && (LongestWord > 0 || LongestCharacter >= ShortestCharacter);

    /// <summary>Counts the n-grams of a text by bucket.</summary>
    public void Count(ReadOnlySpan<char> text, NGramCounts counts)
    {
        ulong word = 0, previous = 0, recent = 0, fifth = 0;
        int seen = 0;
        bool wasBlank = true;
        foreach (char c in text)
        {
            char folded = TextFold.Fold(c);
            if (TextFold.IsWord(folded))
            {
                word = ((word == 0 ? HashStart : word) ^ folded) * HashPrime;
            }
            else if (word != 0)
            {
                CountWord(word, previous, counts);
                (previous, word) = (word, 0);
            }

            if (folded == ' ' && wasBlank) continue;
            wasBlank = folded == ' ';
            fifth = recent >> 48;
            recent = recent << 16 | folded;
            seen++;
            for (int n = ShortestCharacter; n <= LongestCharacter && n <= seen; n++) CountCharacters(recent, fifth, n, counts);
        }

        if (word != 0) CountWord(word, previous, counts);
    }

    private void CountWord(ulong word, ulong previous, NGramCounts counts)
    {
        if (LongestWord >= 1) counts.Add(BucketOf(word));
        if (LongestWord >= 2 && previous != 0) counts.Add(BucketOf(RandomStream.Mix(previous) * PairStep + word));
    }

    /// <summary>Up to four characters are their own hash, packed; a fifth is added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountCharacters(ulong recent, ulong fifth, int n, NGramCounts counts)
    {
        ulong packed = n >= 4 ? recent : recent & ((1UL << (16 * n)) - 1);
        counts.Add(BucketOf(RandomStream.Mix(packed + (ulong)n * CharacterStep) + (n == 5 ? fifth * PairStep : 0)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int BucketOf(ulong hash) => (int)(RandomStream.Mix(hash) >> (64 - HashBits));
}

/// <summary>Counts of one text by bucket: working memory that stays with its thread, 8 bytes a bucket.</summary>
internal sealed class NGramCounts
{
    [ThreadStatic]
    private static NGramCounts? t_mine;

    private int[] _counts = [];
    private int[] _buckets = [];
    private int _length;

    /// <summary>Buckets that were hit, in order of first hit.</summary>
    public ReadOnlySpan<int> Buckets => _buckets.AsSpan(0, _length);

    /// <summary>The calling thread's, with nothing counted.</summary>
    public static NGramCounts Cleared(int buckets)
    {
        NGramCounts mine = t_mine ??= new NGramCounts();
        foreach (int bucket in mine.Buckets) mine._counts[bucket] = 0;
        mine._length = 0;
        if (mine._counts.Length < buckets) (mine._counts, mine._buckets) = (new int[buckets], new int[buckets]);
        return mine;
    }

    public int this[int bucket] => _counts[bucket];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int bucket)
    {
        if (_counts[bucket]++ == 0) _buckets[_length++] = bucket;
    }
}
