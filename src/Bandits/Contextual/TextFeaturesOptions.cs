namespace Bandits.Contextual;

/// <summary>How <see cref="TextFeatures"/> are fitted.</summary>
public sealed record TextFeaturesOptions
{
    /// <summary>Directions that texts are projected onto, in [1, 128]; fewer carry anything where fewer texts were fitted.</summary>
    /// <value>24</value>
    public int Dimensions { get; init; } = 24;

    /// <summary>n-grams are hashed into 2 to this many buckets, in [8, 18].</summary>
    /// <value>16</value>
    public int HashBits { get; init; } = 16;

    /// <summary>Longest run of words that counts as one feature, in [0, 2]; 0 takes no words.</summary>
    /// <value>2</value>
    public int LongestWordNGram { get; init; } = 2;

    /// <summary>Shortest run of characters that counts as one feature, in [1, 5].</summary>
    /// <value>5; with runs of 3 and 4 as well, features take more than twice as long and say no more on the data in benchmarks/data</value>
    public int ShortestCharacterNGram { get; init; } = 5;

    /// <summary>Longest run of characters that counts as one feature, in [0, 5]; 0, or less than the shortest, takes none.</summary>
    /// <value>5</value>
    public int LongestCharacterNGram { get; init; } = 5;

    /// <summary>Seed of the random directions that the fit starts from.</summary>
    /// <value>0</value>
    public ulong Seed { get; init; }

    internal void Check()
    {
        CheckRange(nameof(Dimensions), Dimensions, 1, TextFeatures.MostDimensions);
        CheckRange(nameof(HashBits), HashBits, NGrams.LeastHashBits, NGrams.MostHashBits);
        CheckRange(nameof(LongestWordNGram), LongestWordNGram, 0, NGrams.MostWords);
        CheckRange(nameof(ShortestCharacterNGram), ShortestCharacterNGram, 1, NGrams.MostCharacters);
        CheckRange(nameof(LongestCharacterNGram), LongestCharacterNGram, 0, NGrams.MostCharacters);
        if (LongestWordNGram == 0 && LongestCharacterNGram < ShortestCharacterNGram) Throw.Argument("Text features need n-grams: of words, of characters or of both.");
    }

    private static void CheckRange(string name, int value, int least, int most)
    {
        if (value < least || value > most) Throw.OutOfRange(name, value, $"[{least}, {most}]");
    }
}
