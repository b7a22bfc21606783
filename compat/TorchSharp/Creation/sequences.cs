using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>Whole numbers where start, stop and step are; else the default floating-point type.</summary>
    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device device = null, bool requires_grad = false)
    {
        device = InitializeDevice(device);
        dtype ??= start.IsIntegral && stop.IsIntegral && step.IsIntegral ? ScalarType.Int64 : get_default_dtype();
        return Finish(
            CreationOps.Arange.Call(start, stop, step, Value.Type(dtype), Value.None, Value.Device(device), Value.None), requires_grad);
    }

    public static Tensor linspace(
        double start, double end, long steps, ScalarType? dtype = null, Device device = null, bool requires_grad = false)
    {
        device = InitializeDevice(device);
        dtype ??= get_default_dtype();
        return Finish(
            CreationOps.Linspace.Call(start, end, steps, Value.Type(dtype), Value.None, Value.Device(device), Value.None), requires_grad);
    }

    public static Tensor logspace(
        double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device device = null, bool requires_grad = false)
    {
        device = InitializeDevice(device);
        dtype ??= get_default_dtype();
        return Finish(
            CreationOps.Logspace.Call(start, end, steps, @base, Value.Type(dtype), Value.None, Value.Device(device), Value.None), requires_grad);
    }

    public static Tensor eye(
        long rows, long columns = -1L, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null)
    {
        device = InitializeDevice(device);
        dtype ??= get_default_dtype();
        return Finish(
            CreationOps.Eye.Call(rows, columns == -1 ? rows : columns, Value.Type(dtype), Value.None, Value.Device(device), Value.None),
            requires_grad, names);
    }
}
