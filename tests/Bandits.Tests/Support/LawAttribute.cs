using FsCheck.Xunit;

namespace Bandits.Tests.Support;

/// <summary>A property that must hold for every generated case; the seed is fixed, so a run is repeatable.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LawAttribute : PropertyAttribute
{
    public LawAttribute()
    {
        Replay = "20260901,1";
        Arbitrary = [typeof(Generators)];
        MaxTest = 200;
        QuietOnSuccess = true;
    }
}
