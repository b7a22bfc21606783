using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The form in which an argument or a result crosses to native code; see compat/native/api.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public ValueKind Kind;
    public int Count;
    public long Payload;

    public readonly double Real => BitConverter.Int64BitsToDouble(Payload);

    /// <summary>Takes over the reference that a tensor result owns; an undefined tensor is null.</summary>
    public readonly torch.Tensor TakeTensor() => Kind switch
    {
        ValueKind.Tensor => Payload == 0 ? null : new torch.Tensor((nint)Payload, Count),
        ValueKind.None => null,
        _ => throw new InvalidOperationException($"The operator returned a {Kind}, not a tensor."),
    };

    /// <summary>Gives up a result that nobody wants.</summary>
    public readonly void Release()
    {
        if (Kind == ValueKind.Tensor && Payload != 0) NativeMethods.adaqat_tensor_release((nint)Payload);
    }
}
