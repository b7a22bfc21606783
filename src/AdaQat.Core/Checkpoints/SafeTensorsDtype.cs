using TorchSharp;

namespace AdaQat.Checkpoints;

/// <summary>The element types that the format and TorchSharp share, with their names in the format and sizes in bytes.</summary>
internal static class SafeTensorsDtype
{
    private static readonly (torch.ScalarType Type, string Name, int Size)[] Known =
    [
        (torch.ScalarType.Float64, "F64", 8),
        (torch.ScalarType.Int64, "I64", 8),
        (torch.ScalarType.Float32, "F32", 4),
        (torch.ScalarType.Int32, "I32", 4),
        (torch.ScalarType.Float16, "F16", 2),
        (torch.ScalarType.BFloat16, "BF16", 2),
        (torch.ScalarType.Int16, "I16", 2),
        (torch.ScalarType.Int8, "I8", 1),
        (torch.ScalarType.Byte, "U8", 1),
        (torch.ScalarType.Bool, "BOOL", 1),
    ];

    public static string Names => string.Join(", ", Known.Select(known => known.Name));

    public static string Types => string.Join(", ", Known.Select(known => known.Type));

    public static bool Has(torch.ScalarType type) => Array.Exists(Known, known => known.Type == type);

    public static string NameOf(torch.ScalarType type) => Array.Find(Known, known => known.Type == type).Name;

    public static int SizeOf(torch.ScalarType type) => Array.Find(Known, known => known.Type == type).Size;

    public static torch.ScalarType? Parse(string name)
    {
        var index = Array.FindIndex(Known, known => known.Name == name);
        return index < 0 ? null : Known[index].Type;
    }
}
