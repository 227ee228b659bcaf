using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bandits.Cli.Stores;

/// <summary>The arms of a store as people write them: a JSON array, written aside and renamed.</summary>
internal sealed class ArmFile(string path)
{
    private static readonly JsonWriterOptions Pretty = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool Exists => File.Exists(path);

    /// <summary>The arms in the store; empty when none was described.</summary>
    public List<DescribedArm> Read() => Exists ? ArmText.Parse(File.ReadAllBytes(path), path) : [];

    public void Write(IReadOnlyList<DescribedArm> arms)
    {
        string aside = path + ".new";
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using (var json = new Utf8JsonWriter(file, Pretty)) ArmText.Write(json, arms);
            file.Write("\n"u8);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
    }

    /// <summary>Known arms described anew, new ones at the end, the others as they are.</summary>
    public static List<DescribedArm> Merge(IReadOnlyList<DescribedArm> known, IReadOnlyList<DescribedArm> described)
    {
        var merged = new List<DescribedArm>(known);
        foreach (DescribedArm arm in described)
        {
            int at = merged.FindIndex(a => a.Arm.Id == arm.Arm.Id);
            if (at >= 0) merged[at] = arm;
            else merged.Add(arm);
        }

        return merged;
    }
}

/// <summary>An arm and whether it takes part.</summary>
internal sealed record DescribedArm(Arm Arm, ArmStatus Status = ArmStatus.Enabled);
