using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Bandits.Integration.Tests.Packages;

/// <summary>An assembly that is read and not loaded.</summary>
internal sealed class AssemblyFile(byte[] file) : IDisposable
{
    private const int AttributeProlog = 2;

    private readonly PEReader _file = new(new MemoryStream(file));

    /// <summary>The id that its symbols must have.</summary>
    public Guid SymbolsId => _file.ReadCodeViewDebugDirectoryData(_file.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView)).Guid;

    public IEnumerable<string> PublicTypes
    {
        get
        {
            MetadataReader reader = _file.GetMetadataReader();
            foreach (TypeDefinition type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
                if ((type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
                    yield return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }
    }

    /// <summary>What the assembly says of itself by AssemblyMetadata attributes.</summary>
    public IEnumerable<(string Key, string Value)> Metadata
    {
        get
        {
            MetadataReader reader = _file.GetMetadataReader();
            foreach (CustomAttribute attribute in reader.GetAssemblyDefinition().GetCustomAttributes().Select(reader.GetCustomAttribute))
            {
                if (attribute.Constructor.Kind != HandleKind.MemberReference) continue;
                EntityHandle parent = reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
                if (reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name) != nameof(AssemblyMetadataAttribute)) continue;
                BlobReader value = reader.GetBlobReader(attribute.Value);
                value.Offset = AttributeProlog;
                yield return (value.ReadSerializedString()!, value.ReadSerializedString()!);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
