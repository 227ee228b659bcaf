using System.Reflection;

namespace Bandits.Tests;

/// <summary>Rules of the house, by reflection.</summary>
public sealed class HouseRules
{
    private static readonly Assembly Core = typeof(BanditRouter).Assembly;

    [Fact]
    public void Every_public_class_is_sealed_or_static_or_an_abstract_record() =>
        Assert.DoesNotContain(Core.GetExportedTypes(), t => t.IsClass && !t.IsSealed && !t.IsAbstract);

    [Fact]
    public void No_public_field_can_be_changed() =>
        Assert.DoesNotContain(
            Core.GetExportedTypes().Where(t => !t.IsEnum).SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)),
            field => !field.IsInitOnly && !field.IsLiteral);

    [Fact]
    public void No_type_has_an_empty_name() =>
        Assert.DoesNotContain(Core.GetTypes(), t => t.Name.EndsWith("Helper", StringComparison.Ordinal) || t.Name.EndsWith("Helpers", StringComparison.Ordinal)
            || t.Name.EndsWith("Manager", StringComparison.Ordinal) || t.Name.Contains("Util", StringComparison.Ordinal) && !t.Name.Contains("Utility", StringComparison.Ordinal));

    [Fact]
    public void The_core_refers_to_nothing_but_the_base_library_and_its_mathematics() =>
        Assert.All(Core.GetReferencedAssemblies(), reference => Assert.True(
            reference.Name!.StartsWith("System.", StringComparison.Ordinal) || reference.Name is "MathNet.Numerics" or "netstandard", reference.Name));
}
