namespace AdaQat.Recording;

/// <summary>The type of a value of TorchScript.</summary>
/// <param name="Name">As <c>Float</c>, <c>Long</c> or <c>Tensor</c> for tensors; <c>int</c>, <c>float</c>, <c>int[]</c> and so on.</param>
/// <param name="Shape">The sizes that were seen, where it is a tensor's and they were noted.</param>
internal sealed record TorchType(string Name, IReadOnlyList<long>? Shape)
{
    private static readonly string[] TensorNames =
    [
        "Tensor", "Float", "Double", "Half", "BFloat16", "Byte", "Char", "Short", "Int", "Long", "Bool", "ComplexFloat", "ComplexDouble",
        "ComplexHalf",
    ];

    /// <summary>Whether a value of it is a tensor.</summary>
    public bool IsTensor => TensorNames.Contains(Name);

    /// <summary>Whether it is a tensor of numbers with a fraction.</summary>
    public bool IsFloatingPoint => Name is "Float" or "Double" or "Half" or "BFloat16";
}
