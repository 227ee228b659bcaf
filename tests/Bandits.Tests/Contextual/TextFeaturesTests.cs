using Bandits.Contextual;
using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Contextual;

public sealed class TextFeaturesTests
{
    private static readonly string[] FewTexts =
    [
        "Write a python function that copies a list.", "Write a python function that sorts a list of numbers.", "How many apples has Anna if she eats 3 of 12?",
        "How many coins has Jan if he spends 12 of 40?", "Czy żółw jest szybszy od zająca?", "Który żółw jest starszy?\n(A) pierwszy\n(B) drugi",
    ];

    private static readonly TextFeatures Few = TextFeatures.Fit(FewTexts, new TextFeaturesOptions { Dimensions = 3, HashBits = 10 });
    private static readonly TextFeatures Real = TextFeatures.Fit(Prompts.Texts, new TextFeaturesOptions { HashBits = 14 });

    /// <summary>Numbers of one machine that every other must give: what was fitted, and the bits of what is written.</summary>
    [Fact]
    public void A_fit_and_its_features_have_the_same_bits_everywhere()
    {
        ulong hash = 0;
        foreach (string text in (string[])[.. FewTexts, "", "A list of żółw?", "x = y[3];\ty++"])
            foreach (float feature in Write(Few, text)) hash = RandomStream.Mix(hash + BitConverter.SingleToUInt32Bits(feature));
        Assert.Equal((13214539224477907625, 9773584297371335013), (Few.Version, hash));
    }

    [Fact]
    public void Another_text_seed_or_option_is_another_version()
    {
        var options = new TextFeaturesOptions { Dimensions = 3, HashBits = 10 };
        Assert.Equal(Few.Version, TextFeatures.Fit(FewTexts, options).Version);
        Assert.NotEqual(Few.Version, TextFeatures.Fit([.. FewTexts, "one more"], options).Version);
        Assert.NotEqual(Few.Version, TextFeatures.Fit(FewTexts, options with { Dimensions = 4 }).Version);
        Assert.NotEqual(Few.Version, TextFeatures.Fit(FewTexts, options with { LongestWordNGram = 1 }).Version);
    }

    [Fact]
    public void Saved_and_read_it_is_the_same_bit_for_bit()
    {
        foreach (TextFeatures features in (TextFeatures[])[Few, Real])
        {
            TextFeatures read = TextFeatures.FromBytes(features.ToBytes());
            Assert.Equal((features.Version, features.Count), (read.Version, read.Count));
            Assert.Equal(features.ToBytes(), read.ToBytes());
            foreach (string text in Prompts.Texts[..100]) Assert.Equal(Write(features, text), Write(read, text));
        }
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var features = new float[Real.Count];
        Assert.Equal(0, Allocations.Of(_ =>
        {
            foreach (string text in Prompts.Texts) Real.Write(text, features);
        }));
    }

    [Fact]
    public void Over_the_fitted_texts_every_feature_has_mean_0_and_variance_1()
    {
        float[][] rows = [.. Prompts.Texts.Select(text => Write(Real, text))];
        int free = 0;
        for (int j = 0; j < Real.Count; j++)
        {
            double mean = rows.Average(row => row[j]), variance = rows.Average(row => (row[j] - mean) * (row[j] - mean));
            bool isHeld = rows.Any(row => Math.Abs(row[j]) == TextFeatures.Limit); // what is held to the limit moves the mean and makes the variance smaller
            if (!isHeld) free++;
            Assert.InRange(mean, isHeld ? -0.1 : -1e-5, isHeld ? 0.1 : 1e-5);
            Assert.InRange(variance, isHeld ? 0.3 : 1 - 1e-4, 1 + 1e-4);
        }

        Assert.InRange(free, 5, Real.Count);
    }

    [Fact]
    public void Texts_of_one_area_are_nearer_than_texts_of_two()
    {
        var random = new Random(1);
        double within = 0, across = 0;
        int pairsWithin = 0, pairsAcross = 0;
        float[][] rows = [.. Prompts.Texts.Select(text => Write(Real, text))];
        for (int pair = 0; pair < 40_000; pair++)
        {
            int i = random.Next(rows.Length), j = random.Next(rows.Length);
            if (i == j) continue;
            double cosine = Cosine(rows[i], rows[j]);
            if (Prompts.All[i].Area == Prompts.All[j].Area) (within, pairsWithin) = (within + cosine, pairsWithin + 1);
            else (across, pairsAcross) = (across + cosine, pairsAcross + 1);
        }

        Assert.InRange(within / pairsWithin - across / pairsAcross, 0.25, 1);
    }

    /// <summary>What an answer costs depends on more than the area: fitted and learnt on one half of the prompts, tried on the other.</summary>
    [Fact]
    public void Text_explains_cost_that_the_area_does_not()
    {
        Prompt[] known = [.. Prompts.All.Where((_, i) => i % 2 == 0)], fresh = [.. Prompts.All.Where((_, i) => i % 2 == 1)];
        TextFeatures features = TextFeatures.Fit(known.Select(prompt => prompt.Text));
        string[] areas = [.. Prompts.All.Select(prompt => prompt.Area).Distinct()];
        double byArea = Explained(prompt => [.. areas.Select(area => area == prompt.Area ? 1.0 : 0)]);
        double byText = Explained(prompt => [.. Write(features, prompt.Text).Select(feature => (double)feature)]);
        double byBoth = Explained(prompt => [.. areas.Select(area => area == prompt.Area ? 1.0 : 0), .. Write(features, prompt.Text).Select(feature => (double)feature)]);
        Assert.True(byText > byArea + 0.05, $"area {byArea}, text {byText}");
        Assert.True(byBoth > byArea + 0.15, $"area {byArea}, both {byBoth}");

        double Explained(Func<Prompt, double[]> of) => Ridge.Explained(
            [.. known.Select(of)], [.. known.Select(prompt => Math.Log(prompt.CostUsd))], [.. fresh.Select(of)], [.. fresh.Select(prompt => Math.Log(prompt.CostUsd))], 10);
    }

    [Law]
    public void Any_text_gives_finite_numbers_within_the_limit(char[] text) =>
        Assert.All(Write(Few, new string(text)), feature => Assert.InRange(feature, -TextFeatures.Limit, TextFeatures.Limit));

    [Theory]
    [InlineData("")]
    [InlineData("\ud800")]
    [InlineData("list \udc00\ud800 list")]
    [InlineData("\0\0\0\0\0\0")]
    public void Odd_text_gives_finite_numbers(string text) => Any_text_gives_finite_numbers_within_the_limit(text.ToCharArray());

    [Fact]
    public void Of_a_long_text_the_beginning_the_end_and_the_length_count()
    {
        string head = string.Concat(Enumerable.Repeat("sort a list ", 1000))[..TextFeatures.ReadAtEachEnd], tail = string.Concat(Enumerable.Repeat("12 apples ", 1000))[..TextFeatures.ReadAtEachEnd];
        float[] one = Write(Few, head + new string('x', 1_000_000) + tail), other = Write(Few, head + new string('?', 1_000_000) + tail);
        Assert.Equal(one, other);
        Assert.NotEqual(one[..3], Write(Few, head + new string('x', 1_000_000) + head)[..3]);
        Assert.NotEqual(one[..3], Write(Few, tail + new string('x', 1_000_000) + tail)[..3]);
        Assert.NotEqual(Write(Real, new string('x', 3_000))[Real.Count - TextFeatures.SurfaceCount], Write(Real, new string('x', 1_000))[Real.Count - TextFeatures.SurfaceCount]);
    }

    [Fact]
    public void Text_without_a_known_ngram_has_the_mean_in_every_projection()
    {
        foreach (string text in (string[])["", "ŋ"]) Assert.All(Write(Few, text)[..3], feature => Assert.Equal(0, feature));
    }

    [Fact]
    public void Case_and_which_digits_they_are_change_no_projection()
    {
        Assert.Equal(Write(Few, "CZY ŻÓŁW MA 12 LAT")[..3], Write(Few, "czy żółw ma 99 lat")[..3]);
        Assert.NotEqual(Write(Few, "czy żółw ma 12 lat")[..3], Write(Few, "czy zolw ma 12 lat")[..3]);
    }

    [Fact]
    public void Directions_that_the_texts_do_not_have_are_0()
    {
        TextFeatures features = TextFeatures.Fit(["a list of apples", "a list of apples and pears", "a list of pears"], new TextFeaturesOptions { Dimensions = 40, HashBits = 12 });
        foreach (string text in FewTexts) Assert.All(Write(features, text)[4..40], feature => Assert.Equal(0, feature));
    }

    [Fact]
    public void Refusals_name_what_is_wrong()
    {
        Assert.Throws<ArgumentException>(() => TextFeatures.Fit(["one"]));
        Assert.Throws<ArgumentException>(() => TextFeatures.Fit(["one", null!]));
        Assert.Throws<ArgumentException>(() => Few.Write("text", new float[Few.Count - 1]));
        Assert.Throws<ArgumentException>(() => TextFeatures.Fit(FewTexts, new TextFeaturesOptions { LongestWordNGram = 0, LongestCharacterNGram = 0 }));
        Refused("Dimensions", options => options with { Dimensions = 129 });
        Refused("Dimensions", options => options with { Dimensions = 0 });
        Refused("HashBits", options => options with { HashBits = 19 });
        Refused("HashBits", options => options with { HashBits = 7 });
        Refused("LongestWordNGram", options => options with { LongestWordNGram = 3 });
        Refused("ShortestCharacterNGram", options => options with { ShortestCharacterNGram = 0 });
        Refused("LongestCharacterNGram", options => options with { LongestCharacterNGram = 6 });

        static void Refused(string name, Func<TextFeaturesOptions, TextFeaturesOptions> change) =>
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => TextFeatures.Fit(FewTexts, change(new TextFeaturesOptions()))).ParamName);
    }

    internal static float[] Write(TextFeatures features, string text)
    {
        var written = new float[features.Count];
        features.Write(text, written);
        return written;
    }

    private static double Cosine(float[] x, float[] y)
    {
        double product = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Length; i++) (product, xx, yy) = (product + x[i] * y[i], xx + x[i] * x[i], yy + y[i] * y[i]);
        return product / Math.Sqrt(xx * yy);
    }
}
