using System.Reflection;
using Bandits.Tests.Docs;

namespace Bandits.Tests;

/// <summary>The README's first example, run as it stands there.</summary>
public class ReadmeExample
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("src/Bandits/README.md")]
    public void The_example_decides_records_and_explains(string page)
    {
        Block example = Pages.Blocks.First(block => block.Page == page && block.IsCSharp);
        Block counted = new("the test", 1, "csharp", "return (int)router.EvidenceOf(segment, decision.Arm).QualityCount;");
        MethodInfo program = Assembly.Load(PageProgram.Built([example, counted])).EntryPoint!;
        Assert.Equal(1, program.Invoke(null, [Array.Empty<string>()]));
    }
}
