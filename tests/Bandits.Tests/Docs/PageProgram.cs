using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bandits.Tests.Docs;

/// <summary>
/// The C# of a page as one program, in the order of the page: a block may use what an earlier one declared, and a block of declarations may be used anywhere on the page.
/// A block whose fence says <c>csharp alone</c> is a program by itself. Where a block is code in the middle of nothing, its fence does not say csharp.
/// </summary>
/// <remarks>
/// In force without being written are the SDK's implicit usings and <see cref="Usings"/>; a using that a block writes holds for its page. What can be referred to is what
/// this test project can load: a page about another package compiles as soon as the project refers to it.
/// </remarks>
internal static class PageProgram
{
    private static readonly string[] Usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", // the SDK's
        "Bandits", "Bandits.Extensions", "Bandits.Policies", "Bandits.History", "Bandits.Storage", "Microsoft.Extensions.DependencyInjection",
    ];

    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    private static readonly SyntaxToken Global = SyntaxFactory.Token(SyntaxKind.GlobalKeyword).WithTrailingTrivia(SyntaxFactory.Space);

    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))]);

    /// <summary>The programs of a page: one of all blocks that go together, one of each that stands alone.</summary>
    public static IEnumerable<IReadOnlyList<Block>> Of(IEnumerable<Block> page)
    {
        Block[] blocks = [.. page.Where(block => block.IsCSharp)];
        Block[] together = [.. blocks.Where(block => !block.Says("alone"))];
        if (together.Length > 0) yield return together;
        foreach (Block block in blocks)
            if (block.Says("alone")) yield return [block];
    }

    /// <summary>Whether a text can be read as C#, whatever its names mean.</summary>
    public static bool CanRead(string text) => CSharpSyntaxTree.ParseText(text, Language) is var tree
        && ((CompilationUnitSyntax)tree.GetRoot()).Members.Count > 0 && !tree.GetDiagnostics().Any();

    /// <summary>What the compiler holds against the program, each fault with page and line; empty when it compiles.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyList<Block> program) =>
        [.. Compile(program).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(Told)];

    /// <summary>The program as an assembly.</summary>
    public static byte[] Built(IReadOnlyList<Block> program)
    {
        using var assembly = new MemoryStream();
        ImmutableArray<Diagnostic> faults = Compile(program).Emit(assembly).Diagnostics;
        Assert.DoesNotContain(faults, fault => fault.Severity == DiagnosticSeverity.Error);
        return assembly.ToArray();
    }

    private static CSharpCompilation Compile(IReadOnlyList<Block> program)
    {
        var usings = new StringBuilder(string.Concat(Usings.Select(name => $"global using {name};\n")));
        var statements = new StringBuilder();
        var types = new StringBuilder(); // of a block that begins with statements: they come last
        var declarations = new List<string>();
        foreach (Block block in program)
        {
            var unit = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(block.Text, Language).GetRoot();
            foreach (UsingDirectiveSyntax written in unit.Usings) usings.Append(Placed(block, written.WithGlobalKeyword(Global), written));
            if (!unit.Members.OfType<GlobalStatementSyntax>().Any())
            {
                declarations.Add(Placed(block, unit.WithUsings(default), unit.Members.FirstOrDefault() ?? (SyntaxNode)unit));
                continue;
            }

            foreach (MemberDeclarationSyntax member in unit.Members) (member is GlobalStatementSyntax ? statements : types).Append(Placed(block, member, member));
        }

        bool runs = statements.Length > 0;
        return CSharpCompilation.Create("Page",
            [.. ((string[])[usings.ToString(), statements.Append(types).ToString(), .. declarations]).Select(text => CSharpSyntaxTree.ParseText(text, Language))],
            References.Value,
            new CSharpCompilationOptions(runs ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>A piece of a block that the compiler knows by the page and line where it stands.</summary>
    private static string Placed(Block block, SyntaxNode piece, SyntaxNode original) =>
        $"#line {block.Line + original.SyntaxTree.GetLineSpan(original.FullSpan).StartLinePosition.Line} \"{block.Page}\"\n{piece.ToFullString()}\n";

    private static string Told(Diagnostic fault)
    {
        FileLinePositionSpan at = fault.Location.GetMappedLineSpan();
        return $"{at.Path}:{at.StartLinePosition.Line + 1}: {fault.Id} {fault.GetMessage()}";
    }
}
