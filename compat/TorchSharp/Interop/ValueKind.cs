namespace TorchSharp.Interop;

/// <summary>What an argument or result of an operator is; mirrors the native enumeration of the same name.</summary>
internal enum ValueKind
{
    None = 0,
    Tensor = 1,
    Integer = 2,
    Real = 3,
    Boolean = 4,
    IntegerList = 5,
    RealList = 6,
    BooleanList = 7,
    TensorList = 8,
    OptionalTensorList = 9,
    String = 10,
    Device = 11,
    Generator = 12,
    Complex = 13,
}
