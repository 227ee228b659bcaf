using ScottPlot;
using SkiaSharp;

namespace Bandits.Routing.Reporting;

/// <summary>One picture of several plots in rows, with a title, as PNG and SVG; and what all plots look like.</summary>
/// <remarks>Colours: Okabe and Ito (2008), told apart by the colour-blind. Names stand at the lines themselves.</remarks>
internal static class Sheet
{
    private const int TitleHeight = 40;
    private const float TitleSize = 16;

    public static readonly Color Blue = Color.FromHex("#0072B2");
    public static readonly Color Grey = Color.FromHex("#606060");
    public static readonly Color Light = Color.FromHex("#B0B0B0");

    private static readonly string[] ArmColours = ["#56B4E9", "#009E73", "#D55E00", "#CC79A7", "#E69F00", "#0072B2", "#8C6D1F", "#000000"];
    private static readonly string[] FontNames = ["Open Sans", "DejaVu Sans", "Liberation Sans", "Segoe UI", "Helvetica", "Arial"];

    /// <summary>The colour of an arm by its rank in cost, the same in all pictures of a set.</summary>
    public static Color OfArm(int rank) => Color.FromHex(ArmColours[rank % ArmColours.Length]);

    /// <summary>A model's name without its provider.</summary>
    public static string ShortName(string id) => id[(id.LastIndexOf('/') + 1)..];

    /// <summary>An empty plot in the style of the house.</summary>
    public static Plot NewPlot()
    {
        if (Array.Find(FontNames, static font => SKFontManager.Default.FontFamilies.Contains(font)) is { } sans) Fonts.Default = sans;
        var plot = new Plot();
        plot.Font.Set(Fonts.Default);
        plot.Grid.MajorLineColor = Color.FromHex("#EBEBEB");
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        return plot;
    }

    /// <summary>Writes NAME.png and NAME.svg.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">Name of the files.</param>
    /// <param name="title">What stands above all plots.</param>
    /// <param name="plots">The plots, row by row.</param>
    /// <param name="columns">Plots in a row.</param>
    /// <param name="size">Width and height of a plot in pixels, and by how much the last of a row is wider.</param>
    public static void Save(string directory, string name, string title, IReadOnlyList<Plot> plots, int columns, (int Width, int Height, int Wider) size)
    {
        Directory.CreateDirectory(directory);
        int wide = columns * size.Width + size.Wider, high = TitleHeight + (plots.Count + columns - 1) / columns * size.Height;
        using (SKSurface surface = SKSurface.Create(new SKImageInfo(wide, high)))
        {
            Draw(surface.Canvas, wide);
            using SKData png = surface.Snapshot().Encode(SKEncodedImageFormat.Png, 100);
            using Stream file = File.Create(Path.Combine(directory, name + ".png"));
            png.SaveTo(file);
        }

        using Stream svg = File.Create(Path.Combine(directory, name + ".svg"));
        using SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, wide, high), svg);
        Draw(canvas, wide);

        void Draw(SKCanvas canvas, float wide)
        {
            canvas.Clear(SKColors.White);
            for (int i = 0; i < plots.Count; i++)
            {
                bool isLast = (i + 1) % columns == 0 || i == plots.Count - 1;
                float left = i % columns * size.Width, top = TitleHeight + i / columns * size.Height, right = left + size.Width + (isLast ? size.Wider : 0);
                canvas.Save();
                canvas.ClipRect(new SKRect(left, top, right, top + size.Height)); // a plot clears all that it may draw on
                plots[i].Render(canvas, new PixelRect(left, right, top + size.Height, top));
                canvas.Restore();
            }

            using var typeface = SKTypeface.FromFamilyName(Fonts.Default, SKFontStyle.Bold);
            using var font = new SKFont(typeface, TitleSize);
            using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
            canvas.DrawText(title, wide / 2, TitleHeight - 12, SKTextAlign.Center, font, ink);
        }
    }
}
