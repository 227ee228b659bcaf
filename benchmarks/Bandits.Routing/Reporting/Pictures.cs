using Bandits.Routing.Bounds;
using Bandits.Routing.Experiments;

namespace Bandits.Routing.Reporting;

/// <summary>One picture that was written.</summary>
/// <param name="Experiment">What it shows.</param>
/// <param name="Name">Its file, without the ending.</param>
/// <param name="Text">What is to be seen, for those who cannot.</param>
internal sealed record Picture(string Experiment, string Name, string Text);

/// <summary>All pictures of a study.</summary>
internal static class Pictures
{
    /// <exception cref="IOException">They cannot be written.</exception>
    public static List<Picture> Write(string directory, Study study, int seeds, int threads)
    {
        var pictures = new List<Picture>();
        if (study.Findings.Any(static finding => finding.Experiment == Catalogue.Budgets))
            Add(Catalogue.Budgets, "frontier", "Quality against mean cost", name => FrontierPicture.Write(directory, name, study, Frontier.Of(study.Subject, seeds, threads)));
        foreach (string experiment in Catalogue.Names)
        {
            Course[] courses = [.. study.Courses.Where(course => course.Experiment == experiment)];
            if (courses.Length == 0) continue;
            courses = Array.FindAll(courses, course => course.Features == courses[0].Features);
            if (experiment is Catalogue.Budgets or Catalogue.PriceDrift) Add(experiment, $"{experiment}-spending", "Cost against budget over time", name => CoursePicture.WriteSpending(directory, name, study, courses));
            if (experiment != Catalogue.Budgets) Add(experiment, $"{experiment}-traffic", "Shares of the models over time", name => CoursePicture.WriteTraffic(directory, name, study, courses));
        }

        return pictures;

        void Add(string experiment, string what, string text, Action<string> draw)
        {
            string name = string.Concat($"{study.Subject.Name}-{what}".Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
            draw(name);
            pictures.Add(new Picture(experiment, name, text));
        }
    }
}
