using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace AdaQat.Tests.Architecture;

/// <summary>The source files of an assembly's types, as its PDB has them.</summary>
internal static class SourceFiles
{
    /// <summary>The compiler's note of a type's documents, for a type of whose methods none has lines, such as an interface.</summary>
    private static readonly Guid TypeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    /// <summary>The paths as the compiler saw them, with slashes, by the row of the outermost type's definition.</summary>
    public static ILookup<int, string> ByType(string assembly)
    {
        using var portableExecutable = new PEReader(File.OpenRead(assembly));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        var (code, debug) = (portableExecutable.GetMetadataReader(), symbols.GetMetadataReader());
        return OfMethods(code, debug).Concat(OfTypes(debug))
            .Select(pair => (Row: MetadataTokens.GetRowNumber(Outermost(code, pair.Type)), Path: PathOf(debug, pair.Document)))
            .Distinct().ToLookup(pair => pair.Row, pair => pair.Path);
    }

    private static IEnumerable<(TypeDefinitionHandle Type, DocumentHandle Document)> OfMethods(MetadataReader code, MetadataReader debug) =>
        from method in debug.MethodDebugInformation
        from point in debug.GetMethodDebugInformation(method).GetSequencePoints()
        select (code.GetMethodDefinition(method.ToDefinitionHandle()).GetDeclaringType(), point.Document);

    private static IEnumerable<(TypeDefinitionHandle Type, DocumentHandle Document)> OfTypes(MetadataReader debug)
    {
        foreach (var note in debug.CustomDebugInformation.Select(debug.GetCustomDebugInformation))
        {
            if (note.Parent.Kind != HandleKind.TypeDefinition || debug.GetGuid(note.Kind) != TypeDefinitionDocuments)
            {
                continue;
            }

            for (var rows = debug.GetBlobReader(note.Value); rows.RemainingBytes > 0;)
            {
                yield return ((TypeDefinitionHandle)note.Parent, MetadataTokens.DocumentHandle(rows.ReadCompressedInteger()));
            }
        }
    }

    private static TypeDefinitionHandle Outermost(MetadataReader code, TypeDefinitionHandle type) =>
        code.GetTypeDefinition(type).GetDeclaringType() is { IsNil: false } outer ? Outermost(code, outer) : type;

    private static string PathOf(MetadataReader debug, DocumentHandle document) =>
        debug.GetString(debug.GetDocument(document).Name).Replace('\\', '/');
}
