using Mono.Cecil;

namespace AdaQat.Tests.Architecture;

/// <summary>The types that an assembly's authors wrote, with their rooms and what they need.</summary>
internal static class AssemblyTypes
{
    /// <param name="path">The assembly; its PDB lies beside it.</param>
    /// <param name="project">The project's folder, as the paths in the PDB have it, for example "src/AdaQat.Core".</param>
    public static IReadOnlyList<RoomedType> Read(string path, string project)
    {
        using var module = ModuleDefinition.ReadModule(path);
        var files = SourceFiles.ByType(path);
        return
        [
            .. module.Types.Where(IsWritten).Select(type => new RoomedType(
                type.FullName,
                RoomOf(type, files[(int)type.MetadataToken.RID], project),
                [.. TypeNeeds.Of(type).Where(need => need != type.FullName)])),
        ];
    }

    /// <summary>False for what the compiler makes for the assembly as a whole, which has no file.</summary>
    public static bool IsWritten(TypeDefinition type) => !type.Name.StartsWith('<');

    private static string RoomOf(TypeDefinition type, IEnumerable<string> files, string project)
    {
        var rooms = files.Select(file => FolderIn(project, file)).Where(folder => !IsGenerated(folder)).Distinct().ToList();
        return rooms.Count < 2
            ? rooms.SingleOrDefault("")
            : throw new InvalidOperationException($"{type.FullName} is in '{string.Join("' and '", rooms)}'; allowed is one folder.");
    }

    private static string FolderIn(string project, string file)
    {
        var start = file.LastIndexOf($"/{project}/", StringComparison.Ordinal);
        var inside = start < 0 ? "" : file[(start + project.Length + 2)..];
        return inside[..Math.Max(0, inside.LastIndexOf('/'))];
    }

    /// <summary>A generator's part of a type, which the build puts with its other intermediate files.</summary>
    private static bool IsGenerated(string folder) => folder.Split('/')[0] == "obj";
}
