using System.Runtime.CompilerServices;
using TorchSharp.Modules;

namespace AdaQat.Tracing;

/// <summary>Convolutions of one to three dimensions, grouped, depthwise and transposed.</summary>
internal sealed class ConvolutionLayer(string name, Convolution module) : QuantizableLayer(name, module)
{
    private readonly Convolution _module = module;

    public override ref Parameter Field => ref WeightField(_module);

    /// <summary>
    /// Every output element sums in_channels/groups · Πkernel products; transposed, every input element feeds out_channels/groups ·
    /// Πkernel.
    /// </summary>
    public override long Macs(long[] inputShape, long[] outputShape, long? batchSize)
    {
        var kernel = _module.kernel_size.Aggregate(1L, (product, size) => product * size);
        return _module.transposed
            ? Elements(inputShape, batchSize) * (_module.out_channels / _module.groups) * kernel
            : Elements(outputShape, batchSize) * (_module.in_channels / _module.groups) * kernel;
    }

    public override long ActivationCount(long[] inputShape, long? batchSize) => Elements(inputShape, batchSize);

    // Without a batch there are the channels and the kernel's dimensions.
    protected override int SampleDimensions => _module.kernel_size.Length + 1;

    private long Elements(long[] shape, long? batchSize) => PerSample(shape, batchSize);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_weight")]
    private static extern ref Parameter WeightField(Convolution module);
}
