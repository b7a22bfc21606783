using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor empty_strided(
        long[] size, long[] strides, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null)
    {
        device = InitializeDevice(device);
        dtype ??= get_default_dtype();
        return Finish(
            CreationOps.EmptyStrided.Call(size, strides, Value.Type(dtype), Value.None, Value.Device(device), Value.None), requires_grad, names);
    }
}
