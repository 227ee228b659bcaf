using System.Security.Cryptography;
using System.Text;
using Bandits.Rae.Export;
using Bandits.Rae.Import;
using Bandits.Storage;

namespace Bandits.Rae.Outbox;

/// <summary>Where the contents of an outbox are meant to go, written beside them. Another server, tenant, project or layer has none of what was sent before, and must get nothing that was made for the other.</summary>
internal static class Destination
{
    private const string FileName = "destination";

    /// <summary>Empties the outbox, and forgets what was exported and read, when the options lead elsewhere than the last time.</summary>
    public static void Check(string directory, RaeOptions options, DiskOutbox outbox)
    {
        string path = Path.Combine(directory, FileName);
        byte[] now = Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\n', options.Endpoint?.TrimEnd('/'), string.IsNullOrEmpty(options.Tenant) ? TenantIdAttribute.Default : options.Tenant, options.Project, options.InfoClass)))));
        bool isKnown = File.Exists(path);
        if (isKnown && File.ReadAllBytes(path).AsSpan().SequenceEqual(now)) return;
        if (isKnown)
        {
            outbox.Drop(OutboxKind.Evidence);
            outbox.Drop(OutboxKind.Record);
            foreach (string file in new[] { EvidenceExport.FileName, EvidencePull.FileName }) File.Delete(Path.Combine(directory, file));
        }

        WholeFile.Write(path, now, replaces: true);
    }
}
