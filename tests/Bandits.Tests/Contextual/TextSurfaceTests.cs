using Bandits.Contextual;

namespace Bandits.Tests.Contextual;

public sealed class TextSurfaceTests
{
    /// <summary>Twenty characters: one line end, two numbers of three digits in all, one question mark, two options, four capitals, five characters of code, three blanks, one letter beyond ASCII.</summary>
    [Fact]
    public void One_text_is_counted_by_hand()
    {
        const string Text = "Ó, 12?\n(A) 3\nB. x={Q";
        var surface = new double[TextSurface.Count];
        TextSurface.Write(Text.Length, Text, default, surface);
        double n = Text.Length;
        double[] expected = [Math.Log(1 + n), Math.Log(3), Math.Log(3), Math.Log(2), Math.Log(3), 3 / n, 3 / n, 4 / n, 5 / n, 1 / n];
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], surface[i], 1e-14);
    }

    [Theory]
    [InlineData('A', 'a')]
    [InlineData('I', 'i')]
    [InlineData('İ', 'İ')]
    [InlineData('Ł', 'ł')]
    [InlineData('Ż', 'ż')]
    [InlineData('Ź', 'ź')]
    [InlineData('Ą', 'ą')]
    [InlineData('ą', 'ą')]
    [InlineData('Ÿ', 'ÿ')]
    [InlineData('×', '×')]
    [InlineData('Ω', 'ω')]
    [InlineData('Ж', 'ж')]
    [InlineData('Ё', 'ё')]
    [InlineData('7', '0')]
    [InlineData('\u00a0', ' ')]
    [InlineData('漢', '漢')]
    public void Characters_are_folded_by_a_table_of_our_own(char given, char folded) => Assert.Equal(folded, TextFold.Fold(given));

    [Fact]
    public void Folding_twice_changes_nothing()
    {
        for (int c = 0; c <= char.MaxValue; c++) Assert.Equal(TextFold.Fold((char)c), TextFold.Fold(TextFold.Fold((char)c)));
    }

    /// <summary>Where the table folds, it folds as the invariant culture of this runtime does.</summary>
    [Fact]
    public void Letters_that_are_folded_become_their_lower_case()
    {
        for (int c = 0; c <= char.MaxValue; c++)
        {
            char folded = TextFold.Fold((char)c);
            if (folded != c && folded != ' ' && folded != '0') Assert.Equal(char.ToLowerInvariant((char)c), folded);
        }
    }
}
