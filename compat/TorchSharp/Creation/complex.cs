using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor complex(Tensor real, Tensor imag) => CreationOps.ComplexOf.Call(real, imag);

    public static Tensor polar(Tensor abs, Tensor angle) => CreationOps.Polar.Call(abs, angle);
}
