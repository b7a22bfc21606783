namespace TorchSharp.Interop;

/// <summary>The operators that make tensors out of nothing but a shape.</summary>
internal static class CreationOps
{
    public static readonly Op Zeros = new("aten::zeros");
    public static readonly Op Ones = new("aten::ones");
    public static readonly Op Empty = new("aten::empty", "memory_format");
    public static readonly Op EmptyStrided = new("aten::empty_strided");
    public static readonly Op Full = new("aten::full");
    public static readonly Op Rand = new("aten::rand", "generator");
    public static readonly Op RandN = new("aten::randn", "generator");
    public static readonly Op RandInt = new("aten::randint", "low_generator");
    public static readonly Op RandPerm = new("aten::randperm", "generator");
    public static readonly Op RandPermOut = new("aten::randperm", "generator_out");
    public static readonly Op Arange = new("aten::arange", "start_step");
    public static readonly Op Linspace = new("aten::linspace");
    public static readonly Op Logspace = new("aten::logspace");
    public static readonly Op Eye = new("aten::eye", "m");
    public static readonly Op ZerosLike = new("aten::zeros_like");
    public static readonly Op OnesLike = new("aten::ones_like");
    public static readonly Op EmptyLike = new("aten::empty_like");
    public static readonly Op FullLike = new("aten::full_like");
    public static readonly Op RandLike = new("aten::rand_like");
    public static readonly Op RandNLike = new("aten::randn_like");
    public static readonly Op RandIntLike = new("aten::randint_like", "low_dtype");
    public static readonly Op NormalOfTensors = new("aten::normal", "Tensor_Tensor");
    public static readonly Op ComplexOf = new("aten::complex");
    public static readonly Op Polar = new("aten::polar");
}
