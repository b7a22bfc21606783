using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    private static Tensor Allocate(Op op, ReadOnlySpan<long> size, ScalarType? dtype, Device device, bool requires_grad, string[] names)
    {
        device = InitializeDevice(device);
        return Finish(op.Call(size, Value.Type(dtype ?? get_default_dtype()), Value.None, Value.Device(device), Value.None), requires_grad, names);
    }

    private static Tensor Fill(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype, Device device, bool requires_grad, string[] names)
    {
        device = InitializeDevice(device);
        dtype ??= value.IsIntegral ? ScalarType.Int64 : get_default_dtype();
        return Finish(
            CreationOps.Full.Call(size, value, Value.Type(dtype), Value.None, Value.Device(device), Value.None), requires_grad, names);
    }

    private static Tensor Draw(
        Op op, ReadOnlySpan<long> size, ScalarType? dtype, Device device, bool requires_grad, Generator generator, string[] names)
    {
        device = InitializeDevice(device);
        dtype ??= get_default_dtype();
        return Finish(
            op.Call(size, Value.Generator(generator), Value.Type(dtype), Value.None, Value.Device(device), Value.None), requires_grad, names);
    }

    /// <summary>Gradient and names are not arguments of the creation operators themselves.</summary>
    private static Tensor Finish(Tensor created, bool requires_grad, string[] names = null)
    {
        if (names is { Length: > 0 }) created.SetNames(names);
        if (requires_grad) created.requires_grad = true;
        return created;
    }

    /// <summary>The tensor itself where it already has the type and place asked for.</summary>
    private static Tensor Change(Tensor tensor, ScalarType? dtype, Device device) =>
        tensor.to(dtype ?? tensor.dtype, device ?? tensor.device);
}
