using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The floating-point type that a tensor gets where none is asked for.</summary>
    public static ScalarType get_default_dtype() => (ScalarType)NativeMethods.adaqat_default_dtype();

    public static void set_default_dtype(ScalarType dtype) => Errors.Check(NativeMethods.adaqat_set_default_dtype((int)dtype));
}
