using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor normal(Tensor mean, Tensor std, Generator generator = null) =>
        CreationOps.NormalOfTensors.Call(mean, std, Value.Generator(generator));

    /// <summary>Draws from the standard normal distribution, then scales and shifts.</summary>
    public static Tensor normal(
        double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        Generator generator = null, string[] names = null) =>
        Finish(randn(size, dtype, device, false, generator, names).mul_(std).add_(mean), requires_grad);

    public static Tensor randperm(
        long n, ScalarType? dtype = null, Device device = null, bool requires_grad = false, Generator generator = null)
    {
        device = InitializeDevice(device);
        return Finish(
            CreationOps.RandPerm.Call(
                n, Value.Generator(generator), Value.Type(dtype ?? ScalarType.Int64), Value.None, Value.Device(device), Value.None),
            requires_grad);
    }

    public static Tensor randperm(long n, Tensor @out, Generator generator = null)
    {
        CreationOps.RandPermOut.CallVoid(n, Value.Generator(generator), @out);
        return @out;
    }
}
